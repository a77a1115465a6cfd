/**
 * Somebody's own adapter, written from the documentation of the ports, and checked by their laws: first a version with one
 * honest mistake, then the right one.
 *
 * @module
 */
import { Console, Effect } from "effect"
import { Check, Laws, Report } from "leadline/testing"
import { crmMarks, deskStore, newFolder, settingsStore } from "./Adapter.ts"
import { layerDesk } from "./JsonDeskStore.ts"

/** The mistake: "version 0 means I do not care". It means: there is none, and none may appear meanwhile. */
const forgetful = layerDesk(newFolder("forgetful"), (version, expected) => expected === 0 || version === expected)

const summary = (report: Report.Report) => Report.print(report).split("\n").at(-1) ?? ""

/** Of several laws that one mistake breaks, the one with the shortest script says it best. */
const shortest = (report: Report.Report) =>
  Report.broken(report)
    .map((judged) => ({ law: judged.law, text: Report.printBroken(judged) }))
    .sort((a, b) => a.text.length - b.text.length)

const program = Effect.gen(function* () {
  yield* Console.log("A store that forgets to compare absences. What its author reads:\n")
  const mistaken = yield* Check.check(Laws.deskStore, forgetful)
  const [first, ...others] = shortest(mistaken)
  yield* Console.log(`${first?.text}\n\nbroken, too: ${others.map(({ law }) => law).join(", ")}`)
  yield* Console.log(`${summary(mistaken)}\n`)
  yield* Console.log("The same store, comparing them, its sibling, and a CRM:\n")
  yield* Console.log(summary(yield* Check.check(Laws.deskStore, deskStore)))
  yield* Console.log(summary(yield* Check.check(Laws.settingsStore, settingsStore)))
  yield* Console.log(summary(yield* Check.check(Laws.crmMarks, crmMarks, { buildPer: "law" })))
})

await Effect.runPromise(program)
