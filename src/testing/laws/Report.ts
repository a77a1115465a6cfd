/** What `Check` found out, as data and as text. */
import type { Group } from "./Law.ts"

/** How an implementation stands to one law. */
export type Verdict =
  | { readonly _tag: "Holds" }
  | {
      readonly _tag: "Broken"
      /** What was asked, shortest found. */
      readonly script: ReadonlyArray<string>
      readonly expected: string
      readonly got: string
    }
  /** `because`: the capability that it declares, or does not. */
  | { readonly _tag: "DoesNotApply"; readonly because: string }

/** One law's result. */
export interface Judged {
  readonly law: string
  readonly sentence: string
  readonly group: Group
  readonly rules: ReadonlyArray<string>
  readonly verdict: Verdict
  /** Gives the same examples again. */
  readonly seed: number
}

/** All laws of one port. */
export interface Report {
  readonly port: string
  readonly judged: ReadonlyArray<Judged>
}

/** The laws that do not hold. */
export const broken = ({ judged }: Report): ReadonlyArray<Judged> =>
  judged.filter(({ verdict }) => verdict._tag === "Broken")

/** A line per law, then what is broken in full, then how many. */
export const print = (report: Report): string => {
  const { judged, port } = report
  const width = Math.max(...judged.map(({ law }) => law.length))
  const faults = broken(report)
  const holding = judged.filter(({ verdict }) => verdict._tag === "Holds").length
  const outside = judged.length - holding - faults.length
  return [
    port,
    ...judged.map((one) => `  ${mark(one.verdict)}  ${one.law.padEnd(width)}  ${note(one)}`),
    ...faults.flatMap((one) => ["", printBroken(one)]),
    "",
    `${port}: ${holding} hold, ${faults.length} broken, ${outside} do not apply`
  ].join("\n")
}

/** One law that does not hold: its sentence, the shortest script, expected and got, the seed to run it again. */
export const printBroken = ({ law, rules, seed, sentence, verdict }: Judged): string => {
  const { expected, got, script } =
    verdict._tag === "Broken" ? verdict : { script: [], expected: "", got: "(it is not broken)" }
  return [
    `${law} is broken: ${sentence}${rules.length === 0 ? "" : ` (${rules.join(", ")})`}`,
    ...script.map((line, n) => `  ${n + 1}. ${line}`),
    `  expected  ${expected}`,
    `  got       ${got}`,
    `  again     seed ${seed}`
  ].join("\n")
}

const mark = ({ _tag }: Verdict): string => ({ Holds: "holds ", Broken: "BROKEN", DoesNotApply: "-     " })[_tag]

const note = ({ sentence, verdict }: Judged): string =>
  verdict._tag === "DoesNotApply" ? `does not apply: ${verdict.because}` : sentence
