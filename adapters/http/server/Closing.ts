import { Context, Effect, Layer } from "effect"
import { Live } from "./live/Live.ts"
import { ServerSettings } from "./ServerSettings.ts"

/** Whether the server is going down. */
export class Closing extends Context.Service<
  Closing,
  {
    readonly isClosing: () => boolean
    /** `/ready` says no from here on; after the time to drain, live streams end: their readers go to another host. */
    readonly begin: Effect.Effect<void>
  }
>()("leadline/http/Closing") {
  static readonly layer = Layer.effect(
    Closing,
    Effect.gen(function* () {
      const { drain } = yield* ServerSettings
      const live = yield* Live
      let isClosing = false
      const begin = Effect.gen(function* () {
        isClosing = true
        yield* Effect.sleep(drain)
        live.endAll("closing")
      })
      return Closing.of({ isClosing: () => isClosing, begin })
    })
  )
}

/** To be built on top of what listens, so that it begins to close before that stops. */
export const layer = Layer.effectDiscard(Effect.flatMap(Closing, ({ begin }) => Effect.addFinalizer(() => begin)))
