import { createServer, type RequestListener } from "node:http"
import { Effect } from "effect"

/** What stands where the server should be: it says what the stores can, and then this. */
export const instead = (listener: RequestListener) =>
  Effect.acquireRelease(
    Effect.promise(
      () =>
        new Promise<{ readonly url: string; readonly asked: Array<string>; readonly close: () => void }>((resolve) => {
          const asked: Array<string> = []
          const server = createServer((request, response) => {
            if (request.url?.endsWith("/capabilities") === true) {
              response.setHeader("content-type", "application/json").end('{"isDurable":true,"erase":true}')
              return
            }
            asked.push(request.url ?? "")
            listener(request, response)
          }).listen(0, "127.0.0.1", () => {
            const address = server.address()
            const port = typeof address === "object" && address !== null ? address.port : 0
            const close = () => {
              server.close()
              server.closeAllConnections()
            }
            resolve({ url: `http://127.0.0.1:${port}`, asked, close })
          })
        })
    ),
    ({ close }) => Effect.sync(close)
  )
