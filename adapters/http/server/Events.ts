import { Effect } from "effect"
import { HttpServerRequest } from "effect/http"
import { HttpApiBuilder } from "effect/http-api"
import type { Id } from "leadline"
import * as UseCases from "leadline/use-cases"
import { Api } from "../api/Api.ts"
import { CallerIdentity, CurrentCaller } from "../api/Authorization.ts"
import { chatOfToken } from "./AsCaller.ts"
import * as Frames from "./live/Frames.ts"
import type { Audience } from "./live/Hub.ts"
import { Live } from "./live/Live.ts"
import { headers, type Open, OpenSink, type Sink } from "./live/Sink.ts"
import { ServerSettings } from "./ServerSettings.ts"

type Headers = { readonly "last-event-id"?: string }

const resumed = ({ "last-event-id": id }: Headers): number | null => (id === undefined ? null : Number(id))

interface Own {
  readonly from?: number
  readonly extra?: Readonly<Record<string, string>>
  readonly begun?: (sink: Sink) => void
}

/** Opens a stream, joins it to what is live, and answers when the engine may: with a sink of Node's, when it is over. */
const streamingWith = (live: Live["Service"], open: Open) => (audience: Audience, after: number | null, own: Own) =>
  Effect.gen(function* () {
    const { account, expiresAt } = yield* CallerIdentity
    const request = yield* HttpServerRequest.HttpServerRequest
    let isClosed = false
    let leave = () => {}
    const { response, sink } = yield* open(request, { ...headers, ...own.extra }, () => {
      isClosed = true
      leave()
    })
    const from = own.from === undefined ? {} : { from: own.from }
    const joined = live.join({ account, audience, sink, after, expiresAt, ...from })
    return yield* joined.pipe(
      Effect.tap((reader) =>
        Effect.sync(() => {
          leave = () => live.leave(account, reader)
          if (isClosed) leave()
          else own.begun?.(sink)
        })
      ),
      // the headers have left: whoever could not be brought up to date comes again
      Effect.catch(() =>
        Effect.sync(() => {
          sink.write(Frames.ended("closing"))
          sink.end()
        })
      ),
      Effect.andThen(response)
    )
  })

/** CORS for streams that the engine's middleware does not see. */
const crossOrigin = (origins: ReadonlyArray<string>, origin: string | undefined): Readonly<Record<string, string>> =>
  origin !== undefined && (origins.includes("*") || origins.includes(origin))
    ? { "access-control-allow-origin": origin, vary: "origin" }
    : {}

/** Follows one chat as its visitor sees it (D8): lines by number, and how the chat stands when that has changed. */
const conversation = (caller: UseCases.Caller, chatId: Id.ChatId, after: number) => {
  let last = after
  let standing = ""
  let isReading = false
  let isTouched = false
  const readOn = (sink: Sink) =>
    Effect.gen(function* () {
      do {
        isTouched = false
        const { lines, next, ...state } = yield* UseCases.readConversation(caller, { chatId, after: last })
        for (const line of lines) sink.write(Frames.frame("line", line, line.number))
        last = next ?? lines.at(-1)?.number ?? last
        if (next !== null) isTouched = true
        const now = JSON.stringify(state)
        if (!isTouched && now !== standing) {
          standing = now
          sink.write(Frames.frame("chat", state))
        }
        if (!isTouched && state.endedAt !== null) {
          sink.write(Frames.ended("over"))
          sink.end()
        }
      } while (isTouched)
    }).pipe(
      Effect.catch(() =>
        Effect.sync(() => {
          sink.write(Frames.ended("closing"))
          sink.end()
        })
      )
    )
  return (run: (effect: ReturnType<typeof readOn>) => Promise<void>, sink: Sink): void => {
    isTouched = true
    if (isReading) return
    isReading = true
    void run(readOn(sink)).then(() => {
      isReading = false
    })
  }
}

/** The handlers of `EventsApi`. */
export const events = HttpApiBuilder.group(
  Api,
  "events",
  Effect.fnUntraced(function* (handlers) {
    const { origins } = yield* ServerSettings
    const streaming = streamingWith(yield* Live, yield* OpenSink)
    return handlers.handleAll({
      console: ({ headers }) =>
        Effect.gen(function* () {
          const caller = yield* CurrentCaller
          // who may not have a console is refused before the stream begins (J1)
          yield* UseCases.readConsole(caller)
          if (caller.actor._tag !== "Agent") return yield* Effect.die("not an agent")
          return yield* streaming({ _tag: "Console", agentId: caller.actor.agentId }, resumed(headers), {})
        }),
      visitor: ({ headers, request }) =>
        Effect.gen(function* () {
          const caller = yield* CurrentCaller
          const chatId = yield* chatOfToken
          const after = resumed(headers) ?? 0
          yield* UseCases.readConversation(caller, { chatId, after, limit: 1 })
          const context = yield* Effect.context<Effect.Services<ReturnType<typeof UseCases.readConversation>>>()
          const touch = conversation(caller, chatId, after)
          let sink: Sink | null = null
          const touched = () => {
            if (sink !== null) touch(Effect.runPromiseWith(context), sink)
          }
          const begun = (opened: Sink) => {
            sink = opened
            touched()
          }
          const extra = crossOrigin(origins, request.headers.origin)
          return yield* streaming({ _tag: "Visitor", chatId, touched }, null, { from: after, extra, begun })
        }),
      log: ({ headers }) => streaming({ _tag: "Log" }, resumed(headers), {})
    })
  })
)
