import { Clock, Context, Effect, Layer } from "effect"
import type { Id } from "leadline"
import { DeskStore, type StoreError } from "leadline/ports"
import { endOfLog, readIcons } from "leadline/use-cases"
import * as Frames from "./Frames.ts"
import { type Audience, Hub, type Reader } from "./Hub.ts"
import type { Sink } from "./Sink.ts"

/** decision: a console that reconnects finds its account's walk along the log still going. */
const IDLE_MILLIS = 30_000

/** Whom a stream is for, and where it goes on. */
export interface Joining {
  readonly account: Id.AccountId
  readonly audience: Audience
  readonly sink: Sink
  /** After this position; `null`: from now on. */
  readonly after: number | null
  /** What `ready` says the reader is complete from, where that is no position of the log. */
  readonly from?: number
  readonly expiresAt: number
}

/** The open streams of a host, by account. */
export class Live extends Context.Service<
  Live,
  {
    /** Begins with `ready`, then what the reader missed, then what comes. */
    readonly join: (joining: Joining) => Effect.Effect<Reader, StoreError>
    readonly leave: (account: Id.AccountId, reader: Reader) => void
    readonly end: (account: Id.AccountId, reader: Reader, reason: Frames.EndReason) => void
    readonly endAll: (reason: Frames.EndReason) => void
    /** How many streams are open. */
    readonly count: () => number
  }
>()("leadline/http/Live") {
  static readonly layer = Layer.effect(
    Live,
    Effect.gen(function* () {
      const scope = yield* Effect.scope
      const needs = yield* Effect.context<Effect.Services<ReturnType<typeof readIcons>>>()
      const store = yield* DeskStore
      const hubs = new Map<Id.AccountId, Hub>()

      const opened = Effect.fnUntraced(function* (account: Id.AccountId) {
        const known = hubs.get(account)
        if (known !== undefined) return known
        const position = yield* endOfLog(store, account)
        const meanwhile = hubs.get(account)
        if (meanwhile !== undefined) return meanwhile
        const hub = new Hub(account, store, position, Effect.provideContext(readIcons(account), needs))
        hubs.set(account, hub)
        const walking = yield* hub.run(scope)
        yield* Effect.forkIn(closeWhenIdle(account, hub, walking), scope)
        return hub
      })

      const closeWhenIdle = (account: Id.AccountId, hub: Hub, walking: Effect.Success<ReturnType<Hub["run"]>>) =>
        Effect.gen(function* () {
          let idleSince: number | null = null
          for (;;) {
            yield* Effect.sleep(IDLE_MILLIS / 2)
            const now = yield* Clock.currentTimeMillis
            if (hub.readers.size > 0) idleSince = null
            else idleSince ??= now
            if (idleSince === null || now - idleSince < IDLE_MILLIS) continue
            hubs.delete(account)
            walking.interruptUnsafe()
            return
          }
        })

      return Live.of({
        join: Effect.fnUntraced(function* ({ account, after, audience, expiresAt, from, sink }) {
          const hub = yield* opened(account)
          const reader: Reader = {
            audience,
            sink,
            expiresAt,
            position: after ?? hub.position,
            icon: "",
            fullSince: null
          }
          sink.write(Frames.ready(from ?? reader.position))
          yield* hub.catchUp(reader)
          return reader
        }),
        leave: (account, reader) => {
          hubs.get(account)?.readers.delete(reader)
        },
        end: (account, reader, reason) => hubs.get(account)?.end(reader, reason),
        endAll: (reason) => {
          for (const hub of hubs.values()) for (const reader of [...hub.readers]) hub.end(reader, reason)
        },
        count: () => [...hubs.values()].reduce((sum, { readers }) => sum + readers.size, 0)
      })
    })
  )
}
