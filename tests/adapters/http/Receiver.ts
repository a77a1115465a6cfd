import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { Effect } from "effect"

/** What a receiver got. */
export interface Received {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** A real receiver of webhooks on a port of its own; answers as it is told to. */
export const receiving = (answer: (received: Received, response: ServerResponse) => void) =>
  Effect.acquireRelease(
    Effect.promise(async () => {
      const got: Array<Received> = []
      const server = createServer((request, response) => {
        const chunks: Array<Buffer> = []
        request.on("data", (chunk: Buffer) => chunks.push(chunk))
        request.on("end", () => {
          const body = Buffer.concat(chunks).toString("utf8")
          const received = { path: request.url ?? "", headers: request.headers, body }
          got.push(received)
          answer(received, response)
        })
      })
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
      return { got, port: (server.address() as AddressInfo).port, server }
    }),
    ({ server }) =>
      Effect.promise(async () => {
        server.closeAllConnections()
        await new Promise((resolve) => server.close(resolve))
      })
  )

/** Says a status, and nothing more. */
export const saying =
  (status: number, headers: Record<string, string> = {}) =>
  (_: Received, response: ServerResponse): void => {
    response.writeHead(status, headers).end()
  }
