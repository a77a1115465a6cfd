/** What one unit of work cost at one size. */
export interface Point {
  readonly size: number
  readonly cost: number
}

const [WIDTH, HEIGHT] = [640, 320]
const MARGIN = { left: 70, right: 20, top: 40, bottom: 45 }

const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;")

/**
 * Cost over size as SVG: sizes by their logarithm, cost from zero, so that a cost which does not grow is a level line and
 * one that does cannot hide.
 */
export const chart = (title: string, points: ReadonlyArray<Point>): string => {
  const sorted = points.toSorted((a, b) => a.size - b.size)
  const logs = sorted.map(({ size }) => Math.log10(size))
  const [least = 0, most = 1] = [logs[0], logs.at(-1)]
  const top = Math.max(...sorted.map(({ cost }) => cost)) * 1.25
  const x = (size: number) =>
    MARGIN.left + ((Math.log10(size) - least) / (most - least || 1)) * (WIDTH - MARGIN.left - MARGIN.right)
  const y = (cost: number) => HEIGHT - MARGIN.bottom - (cost / top) * (HEIGHT - MARGIN.top - MARGIN.bottom)
  const text = (at: readonly [number, number], anchor: string, content: string, more = "") =>
    `<text x="${at[0].toFixed(1)}" y="${at[1].toFixed(1)}" text-anchor="${anchor}"${more}>${escaped(content)}</text>`
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((part) => part * top)
  const level = (cost: number) =>
    `<line x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${y(cost).toFixed(1)}" y2="${y(cost).toFixed(1)}" stroke="#ddd"/>`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" font-family="sans-serif" font-size="12">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    text([MARGIN.left, 22], "start", title, ' font-size="14" font-weight="bold"'),
    ...ticks.flatMap((cost) => [level(cost), text([MARGIN.left - 8, y(cost) + 4], "end", cost.toPrecision(2))]),
    ...sorted.map(({ size }) => text([x(size), HEIGHT - MARGIN.bottom + 18], "middle", size.toLocaleString("en"))),
    text([WIDTH / 2, HEIGHT - 8], "middle", "size"),
    text([14, HEIGHT / 2], "middle", "ms", ` transform="rotate(-90 14 ${HEIGHT / 2})"`),
    `<polyline fill="none" stroke="#2563eb" stroke-width="2" points="${sorted
      .map(({ cost, size }) => `${x(size).toFixed(1)},${y(cost).toFixed(1)}`)
      .join(" ")}"/>`,
    ...sorted.map(
      ({ cost, size }) => `<circle cx="${x(size).toFixed(1)}" cy="${y(cost).toFixed(1)}" r="4" fill="#2563eb"/>`
    ),
    "</svg>",
    ""
  ].join("\n")
}
