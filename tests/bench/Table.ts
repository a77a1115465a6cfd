import type { Case, Result, Target } from "./Case.ts"

/** Three digits that count. */
export const short = (n: number): string => {
  const text = n >= 1000 ? Math.round(n).toLocaleString("en") : n.toPrecision(3)
  return text.includes("e") ? n.toFixed(5) : text
}

export const targetOf = (one: Case, against: string): Target | undefined =>
  one.targets.find((target) => target.against === against)

export const goal = (target: Target | undefined): string => {
  if (target?.atLeast !== undefined) return `≥ ${target.atLeast}`
  return target?.atMost === undefined ? "–" : `≤ ${target.atMost}`
}

export const meets = (target: Target | undefined, { ratio }: Result): boolean =>
  (target?.atLeast === undefined || ratio >= target.atLeast) && (target?.atMost === undefined || ratio <= target.atMost)

export const HEAD = ["case", "against", "ratio", "min – max", "target", "", "ours", "baseline", "unit"]

export const cells = (one: Case, result: Result): ReadonlyArray<string> => {
  const target = targetOf(one, result.against)
  const verdict = target === undefined ? "" : meets(target, result) ? "met" : "MISSED"
  return [
    ...[one.name, result.against, short(result.ratio), `${short(result.min)} – ${short(result.max)}`, goal(target)],
    ...[verdict, short(result.ours), short(result.baseline), result.unit]
  ]
}

const WIDTHS = [18, 10, 7, 15, 7, 7, 9, 9, 10]

export const line = (row: ReadonlyArray<string>): string =>
  row
    .map((cell, n) => cell.padEnd(WIDTHS[n] ?? 0))
    .join(" ")
    .trimEnd()
