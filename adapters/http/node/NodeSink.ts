import type { ServerResponse } from "node:http"
import { NodeHttpServerRequest } from "@effect/platform-node"
import { Effect, Layer } from "effect"
import { HttpServerResponse } from "effect/http"
import { OpenSink } from "leadline/http/server"

/** Streams written straight to Node's response: a reader costs a write, and its socket says what is still unsent. */
export const layer = Layer.succeed(OpenSink, (request, headers, closed) =>
  Effect.sync(() => {
    // the server below speaks HTTP/1.1
    const response = NodeHttpServerRequest.toServerResponse(request) as ServerResponse
    response.once("close", closed)
    // a stream is the connection's last answer, and its end: no chunks to frame each event with
    response.useChunkedEncodingByDefault = false
    response.writeHead(200, { ...headers, connection: "close" })
    // at once: a client shows that it is connected before anything happens
    response.flushHeaders()
    return {
      sink: {
        write: (bytes) => {
          if (!response.writableEnded && !response.destroyed) response.write(bytes)
        },
        buffered: () => response.writableLength,
        end: () => {
          if (!response.writableEnded) response.end()
        }
      },
      response: Effect.callback((resume) => {
        const over = () => resume(Effect.succeed(HttpServerResponse.empty()))
        if (response.closed) over()
        else response.once("close", over)
      })
    }
  })
)
