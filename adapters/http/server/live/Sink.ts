import { Context, Effect } from "effect"
import { type HttpServerRequest, HttpServerResponse } from "effect/http"

/** Where a reader's bytes go. Whoever writes looks at {@link buffered}: nothing here waits. */
export interface Sink {
  readonly write: (bytes: Uint8Array) => void
  /** Bytes that the other side has not taken yet. */
  readonly buffered: () => number
  /** After what was written. Closing twice closes once. */
  readonly end: () => void
}

/** An answer that goes on. */
export interface Opened {
  readonly sink: Sink
  /** The answer, as far as the server's engine needs to know it: at once, or when it is over. */
  readonly response: Effect.Effect<HttpServerResponse.HttpServerResponse>
}

export const headers = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-store",
  // nginx would hold events back
  "x-accel-buffering": "no"
}

export type Open = (
  request: HttpServerRequest.HttpServerRequest,
  headers: Readonly<Record<string, string>>,
  closed: () => void
) => Effect.Effect<Opened>

/** Web-standard streams: their queue is what the other side has not taken. */
const web: Open = (_, headers, closed) =>
  Effect.sync(() => {
    let isOpen = true
    let control: ReadableStreamDefaultController<Uint8Array> | undefined
    const close = () => {
      if (!isOpen) return
      isOpen = false
      closed()
    }
    const stream = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          control = controller
        },
        cancel: close
      },
      { highWaterMark: 0, size: (chunk) => chunk?.byteLength ?? 0 }
    )
    return {
      sink: {
        write: (bytes) => {
          if (isOpen) control?.enqueue(bytes)
        },
        buffered: () => -(control?.desiredSize ?? 0),
        end: () => {
          if (isOpen) control?.close()
          close()
        }
      },
      response: Effect.succeed(HttpServerResponse.fromWeb(new Response(stream, { headers })))
    }
  })

/** How an answer is opened that goes on: a host with something faster than web streams provides it. */
export const OpenSink = Context.Reference<Open>("leadline/http/OpenSink", { defaultValue: () => web })
