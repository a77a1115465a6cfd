import { resolve } from "node:path"
import { pathToFileURL } from "node:url"
import { parseArgs } from "node:util"
import { Cause, Console, Data, Effect, Layer } from "effect"
import { Check, Laws, Report } from "leadline/testing"
import type { Command } from "./Command.ts"

const usage = `leadline laws FILE [--seed N] [--runs N] [--build-per law]

FILE is a module that exports layers under the names of ports:
  ${Object.keys(Laws).join(", ")}
as in: export const deskStore: Layer.Layer<DeskStore> = …`

/** The command line, or the file, is not what it should be: for people. */
class Unusable extends Data.TaggedError("Unusable")<{ readonly text: string }> {}

interface Asked {
  readonly file: string
  readonly options: Check.Options
}

const numberOf = (typed: string | undefined) => (typed === undefined ? undefined : Number(typed))

const asked = (given: ReadonlyArray<string>): Effect.Effect<Asked, Unusable> =>
  Effect.try({
    try: () =>
      parseArgs({
        args: [...given],
        allowPositionals: true,
        options: { seed: { type: "string" }, runs: { type: "string" }, "build-per": { type: "string" } }
      }),
    catch: (error) => new Unusable({ text: error instanceof Error ? error.message : String(error) })
  }).pipe(
    Effect.flatMap(({ positionals, values }) => {
      const [file, ...more] = positionals
      const [seed, numRuns, buildPer] = [numberOf(values.seed), numberOf(values.runs), values["build-per"]]
      if (file === undefined || more.length > 0) return Effect.fail(new Unusable({ text: "one file, please" }))
      if ([seed, numRuns].some((number) => number !== undefined && !Number.isInteger(number)))
        return Effect.fail(new Unusable({ text: "--seed and --runs are whole numbers" }))
      if (buildPer !== undefined && buildPer !== "law" && buildPer !== "suite")
        return Effect.fail(new Unusable({ text: "--build-per is law or suite" }))
      const options = {
        ...(seed === undefined ? {} : { seed }),
        ...(numRuns === undefined ? {} : { numRuns }),
        ...(buildPer === undefined ? {} : { buildPer })
      } satisfies Check.Options
      return Effect.succeed({ file, options })
    })
  )

/** Node itself takes the types off a `.ts` file. */
const load = (file: string): Effect.Effect<object, Unusable> =>
  Effect.tryPromise({
    try: (): Promise<object> => import(pathToFileURL(resolve(file)).href),
    catch: (error) => new Unusable({ text: `${file} cannot be loaded: ${Cause.pretty(Cause.die(error))}` })
  })

/** Every suite whose layer the module exports. */
const suitesIn = (module: object) =>
  Object.entries(Laws).flatMap(([name, suite]: readonly [string, Check.Suite<unknown>]) => {
    const layer: unknown = Reflect.get(module, name)
    return Layer.isLayer(layer) ? [{ suite, layer: layer as Layer.Layer<unknown, unknown> }] : []
  })

/** Prints a table for each port, and says by the exit code whether a law is broken. */
export const laws: Command = (given) =>
  Effect.gen(function* () {
    const { file, options } = yield* asked(given)
    const suites = suitesIn(yield* load(file))
    if (suites.length === 0) return yield* new Unusable({ text: `${file} exports no layer under a port's name` })
    let broken = 0
    for (const { layer, suite } of suites) {
      const report = yield* Effect.mapError(
        Check.check(suite, layer, options),
        (error) => new Unusable({ text: `${suite.port} cannot be built: ${Cause.pretty(Cause.fail(error))}` })
      )
      broken += Report.broken(report).length
      yield* Console.log(Report.print(report))
    }
    return broken === 0 ? 0 : 1
  }).pipe(Effect.catchTag("Unusable", ({ text }) => Effect.as(Console.error(`${text}\n\nusage: ${usage}`), 2)))
