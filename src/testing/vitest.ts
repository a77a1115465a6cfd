/**
 * The laws as tests of vitest, in one line: an entry of its own, `leadline/testing/vitest`, so that nothing else needs a
 * runner.
 *
 * In a test file: `lawsOf("signals in memory", Laws.signals, Memory.layer())`.
 *
 * @module
 */
import { Effect, Layer, ManagedRuntime } from "effect"
import { afterAll, describe, expect, it } from "vitest"
import { judge, LIMIT_MILLIS, type Options, type Suite } from "./laws/Check.ts"
import * as Report from "./laws/Report.ts"

/**
 * Registers a test for each law. The layer is built once for all, at the first, unless `buildPer` says `law`. A law that does
 * not apply is shown as skipped, with the capability that decides it.
 */
export const lawsOf = <R, E>(
  name: string,
  { laws, port }: Suite<R>,
  layer: Layer.Layer<R, E>,
  options: Options = {}
): void => {
  describe(`${name}, the laws of ${port}`, () => {
    const runtime = ManagedRuntime.make(layer)
    afterAll(() => runtime.dispose())
    for (const law of laws) {
      const title = `${law.id}: ${law.sentence}${law.rules.length === 0 ? "" : ` (${law.rules.join(", ")})`}`
      it(title, { timeout: (options.limitMillis ?? LIMIT_MILLIS) * 2 }, async ({ skip }) => {
        const judged =
          options.buildPer === "law"
            ? await Effect.runPromise(Effect.provide(judge(law, options), Layer.fresh(layer)))
            : await runtime.runPromise(judge(law, options))
        if (judged.verdict._tag === "DoesNotApply") skip(judged.verdict.because)
        if (judged.verdict._tag === "Broken") expect.fail(Report.printBroken(judged))
      })
    }
  })
}
