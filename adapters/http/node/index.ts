/**
 * Leadline over HTTP on Node: a server of its own, with limits on what a client may do to it.
 *
 * @module
 */
import { createServer, type Server } from "node:http"
import type { Socket } from "node:net"
import { NodeHttpServer } from "@effect/platform-node"
import { Duration, Layer } from "effect"
import { HttpRouter } from "effect/http"
import { app, closing, routerConfig } from "leadline/http/server"
import * as NodeSink from "./NodeSink.ts"

export * as Webhooks from "./Webhooks.ts"

/** Where to listen, and how long a client may take. */
export interface NodeOptions {
  /** Default 127.0.0.1: whoever wants to be reached from outside says so. */
  readonly host?: string
  /** 0: any free one. */
  readonly port: number
  /** How long requests that are under way may take after the server was told to stop. Default 10 s. */
  readonly stopWithin?: Duration.Input
  /** Largest number of connections at once; more are closed at once. Default 10,000. */
  readonly connections?: number
  /** How long a request's headers may take. Default 10 s, so that nobody holds a connection by sending slowly. */
  readonly headersWithin?: Duration.Input
  /** How long a request may take to arrive, body included. Default 30 s. */
  readonly requestWithin?: Duration.Input
}

const STOP_WITHIN = Duration.seconds(10)

/** What Node answers by itself to what is no HTTP: as problems, too (RFC 9457). */
const refusals: Readonly<Record<string, readonly [status: number, reason: string]>> = {
  HPE_HEADER_OVERFLOW: [431, "Request Header Fields Too Large"],
  ERR_HTTP_REQUEST_TIMEOUT: [408, "Request Timeout"]
}

const refuse = (error: NodeJS.ErrnoException, socket: Socket): void => {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy()
    return
  }
  const [status, reason] = refusals[error.code ?? ""] ?? [400, "Bad Request"]
  const body = JSON.stringify({ type: "about:blank", title: reason, status })
  socket.end(
    `HTTP/1.1 ${status} ${reason}\r\nconnection: close\r\ncontent-type: application/problem+json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    () => socket.destroySoon()
  )
}

/**
 * decision: at most 16 KiB and 100 headers; a connection that is idle for 65 s is closed, later than the 60 s of common
 * balancers, so that it is theirs to close.
 */
const make =
  ({
    connections = 10_000,
    headersWithin = "10 seconds",
    requestWithin = "30 seconds",
    stopWithin = STOP_WITHIN
  }: NodeOptions) =>
  (): Server => {
    const headersTimeout = Duration.toMillis(headersWithin)
    const server = createServer({
      headersTimeout,
      requestTimeout: Math.max(headersTimeout, Duration.toMillis(requestWithin)),
      connectionsCheckingInterval: Math.min(5_000, headersTimeout),
      keepAliveTimeout: 65_000,
      maxHeaderSize: 16_384,
      noDelay: true
    })
    server.maxHeadersCount = 100
    server.maxConnections = connections
    // a client that takes nothing would keep the server from stopping for ever
    const close = server.close.bind(server)
    server.close = (closed) => {
      const patience = setTimeout(() => server.closeAllConnections(), Duration.toMillis(stopWithin))
      return close((error) => {
        clearTimeout(patience)
        closed?.(error)
      })
    }
    server.on("clientError", (error: NodeJS.ErrnoException, socket: Socket) => refuse(error, socket))
    return server
  }

/**
 * Serves the API on a port. Stops gracefully: says that it is not ready, ends live streams, takes no more, lets what is
 * under way finish, and closes what does not.
 */
export const serve = (options: NodeOptions) => Layer.provideMerge(closing, listening(options))

const listening = (options: NodeOptions) =>
  HttpRouter.serve(app, { routerConfig, disableLogger: true, disableListenLog: true }).pipe(
    Layer.provide(NodeSink.layer),
    Layer.provideMerge(
      NodeHttpServer.layer(make(options), {
        host: options.host ?? "127.0.0.1",
        port: options.port,
        gracefulShutdownTimeout: options.stopWithin ?? STOP_WITHIN
      })
    )
  )
