import { Data, Effect, Redacted, Schedule, Stream } from "effect"
import { Sse } from "effect/encoding"
import { HttpClient, HttpClientRequest, HttpClientResponse } from "effect/http"
import { VERSION } from "leadline/http"
import { StoreError } from "leadline/ports"
import { storeError } from "./Failures.ts"

/** A live event. `id`: where a reader goes on after it; a state that has none of its own (an icon) has the one before. */
export interface LiveEvent {
  readonly event: string
  readonly id: string | null
  readonly data: unknown
}

/** The server ended the stream for good: the right to it was taken away, or the chat is over. */
export class StreamEnded extends Data.TaggedError("StreamEnded")<{ readonly reason: string }> {}

/** Which stream: an agent's console, a visitor's chat, the account's log. */
export type LivePath = "/me/events" | "/visitor/events" | "/events"

/** Where the server is, and as whom to follow: asked for each connection, so that it can be renewed. */
export interface Following {
  readonly url: string
  readonly token: Effect.Effect<Redacted.Redacted>
  /** The `id` of the last event that was seen; absent: from now on. */
  readonly after?: string
}

/** After these the same reader goes on, with a token asked for anew. */
const resumable: ReadonlySet<unknown> = new Set(["slow", "closing", "expired"])

/** decision: a server that restarts is back within seconds. */
const reconnecting = Schedule.jittered(Schedule.spaced("500 millis"))

const reasonIn = (data: unknown): unknown =>
  typeof data === "object" && data !== null && "reason" in data ? data.reason : undefined

/** Texts as the server sent them, as events. */
const parsed = <E, R>(texts: Stream.Stream<string, E, R>): Stream.Stream<LiveEvent, E, R> =>
  Stream.suspend(() => {
    let read: Array<LiveEvent> = []
    const parser = Sse.makeParser((sent) => {
      if (sent._tag === "Event") read.push({ event: sent.event, id: sent.id ?? null, data: JSON.parse(sent.data) })
    })
    return Stream.flatMap(texts, (text) => {
      parser.feed(text)
      const now = read
      read = []
      return Stream.fromIterable(now)
    })
  })

const isLost = (error: StreamEnded | StoreError): boolean => error instanceof StoreError && error.isRetryable

/** A stream has no conflicts. */
const failureOf = (error: ReturnType<ReturnType<typeof storeError>>): StoreError =>
  error instanceof StoreError
    ? error
    : new StoreError({ reason: "corrupt", isRetryable: false, operation: "Live.follow", cause: error })

/**
 * Follows what happens, without end: connections that are lost go on after the last event that was seen, so that none is
 * lost and none comes twice. Fails with `StreamEnded`, or with a `StoreError` that trying again would not mend.
 */
export const follow = (
  path: LivePath,
  { after, token, url }: Following
): Stream.Stream<LiveEvent, StreamEnded | StoreError, HttpClient.HttpClient> =>
  Stream.suspend(() => {
    let last = after
    const connect = Effect.gen(function* () {
      const request = HttpClientRequest.get(`${url}/${VERSION}${path}`).pipe(
        HttpClientRequest.bearerToken(Redacted.value(yield* token)),
        last === undefined ? (plain) => plain : HttpClientRequest.setHeader("last-event-id", last)
      )
      const response = yield* Effect.flatMap(HttpClient.execute(request), HttpClientResponse.filterStatusOk)
      return parsed(Stream.decodeText(response.stream))
    })
    return Stream.unwrap(connect).pipe(
      Stream.mapError((error): StreamEnded | StoreError => failureOf(storeError("Live.follow")(error))),
      Stream.mapEffect((sent): Effect.Effect<LiveEvent, StreamEnded | StoreError> => {
        const reason = sent.event === "ended" ? reasonIn(sent.data) : undefined
        if (reason === undefined) return Effect.succeed(sent)
        return Effect.fail(
          resumable.has(reason)
            ? new StoreError({ reason: "unavailable", isRetryable: true, operation: "Live.follow", cause: reason })
            : new StreamEnded({ reason: String(reason) })
        )
      }),
      Stream.tap(({ id }) =>
        Effect.sync(() => {
          if (id !== null) last = id
        })
      ),
      Stream.catch((error) => (isLost(error) ? Stream.empty : Stream.fail(error))),
      Stream.repeat(reconnecting)
    )
  })
