/**
 * An outside team's property suite: two functions of their own, checked on worlds that `leadline/testing` generates. Of
 * each there is a first try, which fails, with the least world that breaks it, and a better one.
 *
 * `node --conditions=leadline-source examples/06-property-suite/main.ts [--seed N] [--json]`
 *
 * With a test runner, `run` is `fc.assert(fc.property(worlds, holds))` in a test.
 *
 * @module
 */
import { parseArgs } from "node:util"
import * as Greeting from "./Greeting.ts"
import * as Score from "./Score.ts"
import { greets, ignoresSpelling, type Outcome, run } from "./Suite.ts"

const checks = [
  greets("the first greeting", Greeting.first),
  greets("the better greeting", Greeting.better),
  ignoresSpelling("the first score", Score.first),
  ignoresSpelling("the better score", Score.better)
]

const lines = ({ broken, title, worlds }: Outcome): ReadonlyArray<string> =>
  broken === null
    ? [`ok      ${title} (${worlds} worlds)`]
    : [
        `BROKEN  ${title}`,
        `        by world ${worlds}, made smaller ${broken.shrinks} times:`,
        `        ${JSON.stringify(broken.world)}`
      ]

const { values } = parseArgs({
  options: { seed: { type: "string", default: "6" }, json: { type: "boolean", default: false } }
})
const seed = Number(values.seed)
const outcomes = checks.map((check) => run(check, seed))
if (values.json) console.log(JSON.stringify(outcomes, null, 1))
else {
  console.log(`Worlds of seed ${seed}; the same seed gives the same worlds.\n`)
  for (const outcome of outcomes) console.log(lines(outcome).join("\n"))
}
