import { styleText } from "node:util"
import { Context, Effect, Layer } from "effect"

/** What the demo shows: a heading per step, and what each person sees. */
export interface ScreenShape {
  readonly step: (title: string) => Effect.Effect<void>
  readonly sees: (who: string, ...lines: ReadonlyArray<string>) => Effect.Effect<void>
}

export class Screen extends Context.Service<Screen, ScreenShape>()("demo/Screen") {}

const WIDTH = 9

/** Colour where the terminal has it, plain text where not (`styleText` looks at the stream and at `NO_COLOR`). */
const paint = (style: Parameters<typeof styleText>[0], text: string) =>
  styleText(style, text, { stream: process.stdout })

/** On the terminal. */
export const terminal = Layer.sync(Screen, () => {
  let steps = 0
  return Screen.of({
    step: (title) => Effect.sync(() => console.log(`\n${paint(["bold", "cyan"], `${++steps}. ${title}`)}`)),
    sees: (who, ...lines) =>
      Effect.sync(() => {
        for (const [at, line] of lines.entries()) {
          console.log(`   ${paint("yellow", (at === 0 ? who : "").padEnd(WIDTH))} ${line}`)
        }
      })
  })
})

/** Nothing: the events are printed instead. */
export const silent = Layer.succeed(Screen, Screen.of({ step: () => Effect.void, sees: () => Effect.void }))
