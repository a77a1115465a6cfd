/** Draws only when it lasts: from the second second on, at most ten times a second, and only on a terminal. */
const FIRST_DRAW_MILLIS = 1_000
const REDRAW_MILLIS = 100
const WIDTH = 32

/** A progress bar on standard error. */
export interface Progress {
  readonly advance: (done: number) => void
  readonly end: () => void
}

export const progress = (total: number, label: string): Progress => {
  if (!process.stderr.isTTY || total === 0) return { advance: () => {}, end: () => {} }
  const started = performance.now()
  let drawnAt = started + FIRST_DRAW_MILLIS - REDRAW_MILLIS
  let isDrawn = false
  return {
    advance: (done) => {
      const now = performance.now()
      if (now - drawnAt < REDRAW_MILLIS) return
      drawnAt = now
      isDrawn = true
      const filled = Math.round((done / total) * WIDTH)
      const left = Math.round((((now - started) / Math.max(done, 1)) * (total - done)) / 1_000)
      process.stderr.write(
        `\r${label} [${"#".repeat(filled)}${".".repeat(WIDTH - filled)}] ${done}/${total}, ${left} s left `
      )
    },
    end: () => {
      if (isDrawn) process.stderr.write(`\r${" ".repeat(WIDTH + label.length + 40)}\r`)
    }
  }
}
