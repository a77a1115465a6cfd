import type { Result } from "./Case.ts"
import { cases } from "./Cases.ts"
import { stopServer } from "./Postgres.ts"
import { type Measured, write } from "./Readme.ts"
import { compare } from "./Rounds.ts"
import { cells, HEAD, line, meets, targetOf } from "./Table.ts"

export interface Wanted {
  readonly isJson: boolean
  readonly isQuick: boolean
  readonly writes: boolean
  /** Names of cases, or what they begin with; empty: all. */
  readonly only: ReadonlyArray<string>
}

/** Runs what is wanted and prints it; the exit code says whether every case could be measured. */
export const run = async ({ isJson, isQuick, only, writes }: Wanted): Promise<number> => {
  const wanted = cases.filter(({ name }) => only.length === 0 || only.some((prefix) => name.startsWith(prefix)))
  const results: Array<Result> = []
  const measured: Array<Measured> = []
  const failed: Array<string> = []
  const began = performance.now()
  // whoever breaks a run off leaves no server behind
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void stopServer().finally(() => process.exit(130)))
  }
  if (!isJson) console.log(isQuick ? "--quick: smaller sizes, fewer rounds; only the full run counts\n" : "")
  if (!isJson) console.log(line(HEAD))
  try {
    for (const one of wanted) {
      try {
        const opened = await one.open({ isQuick, draws: writes })
        try {
          for (const result of await compare(one, opened, { isQuick, draws: writes })) {
            results.push(result)
            const baseline = opened.baselines.find(({ against }) => against === result.against)?.size
            const ours = opened.ours.size
            const sizes = ours === undefined || baseline === undefined ? null : { ours, baseline }
            measured.push({ of: one, result, sizes })
            console.log(isJson ? JSON.stringify(result) : line(cells(one, result)))
          }
        } finally {
          await opened.close?.()
        }
      } catch (error) {
        failed.push(one.name)
        console.error(`${one.name} could not be measured:`, error)
      }
      // at once: a run that is broken off has said what it knows
      if (writes) write(measured, failed, isQuick)
    }
  } finally {
    await stopServer()
  }
  if (!isJson) console.log(summary(results, failed, (performance.now() - began) / 1000))
  return failed.length === 0 ? 0 : 1
}

const summary = (results: ReadonlyArray<Result>, failed: ReadonlyArray<string>, seconds: number): string => {
  const missed = results.filter((result) => {
    const one = cases.find((one) => one.name === result.case && targetOf(one, result.against) !== undefined)
    return one !== undefined && !meets(targetOf(one, result.against), result)
  })
  const names = missed.map((result) => `${result.case} (${result.against})`)
  return [
    "",
    names.length === 0 ? "Every target is met." : `Missed: ${names.join(", ")}.`,
    ...(failed.length === 0 ? [] : [`Not measured: ${failed.join(", ")}.`]),
    `${Math.round(seconds)} seconds.`
  ].join("\n")
}
