import { connect, createServer, type Server, type Socket } from "node:net"

/** When the proxy cuts a connection, once it saw what it waits for on the way to the server. */
export type Cut = "beforeArrival" | "inFlight" | "beforeAnswer"

/**
 * A way to the server that can break at the worst moment. {@link cutNext} waits for bytes on their way to the server and
 * then cuts that connection: before they arrive; as soon as they are sent; or when the answer is there, which is then
 * lost (the commit happened, nobody was told).
 */
export class CutProxy {
  readonly port: number
  cuts = 0
  private readonly listening: Server
  private readonly sockets: Set<Socket>
  private readonly waiting: Array<{ readonly markers: ReadonlyArray<string>; readonly cut: Cut }>

  private constructor(port: number, listening: Server, sockets: Set<Socket>, waiting: CutProxy["waiting"]) {
    this.port = port
    this.listening = listening
    this.sockets = sockets
    this.waiting = waiting
  }

  static async start(target: number): Promise<CutProxy> {
    const sockets = new Set<Socket>()
    const waiting: Array<{ readonly markers: ReadonlyArray<string>; readonly cut: Cut }> = []
    let counted = (): void => undefined
    const listening = createServer((client) => {
      const server = connect(target, "127.0.0.1")
      const hangUp = () => {
        client.destroy()
        server.destroy()
      }
      let isAnswerLost = false
      for (const socket of [client, server]) {
        sockets.add(socket)
        socket.on("error", hangUp)
        socket.on("close", () => {
          sockets.delete(socket)
          hangUp()
        })
      }
      client.on("data", (chunk) => {
        const at = waiting.findIndex(({ markers }) => markers.every((marker) => chunk.includes(marker)))
        const found = at < 0 ? null : (waiting.splice(at, 1)[0] ?? null)
        if (found !== null) counted()
        if (found?.cut === "beforeArrival") return hangUp()
        isAnswerLost ||= found?.cut === "beforeAnswer"
        server.write(chunk, () => (found?.cut === "inFlight" ? hangUp() : undefined))
      })
      server.on("data", (chunk) => (isAnswerLost ? hangUp() : client.write(chunk)))
    })
    await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve))
    const address = listening.address()
    const port = typeof address === "object" && address !== null ? address.port : 0
    const proxy = new CutProxy(port, listening, sockets, waiting)
    counted = () => {
      proxy.cuts++
    }
    return proxy
  }

  get url(): string {
    return `postgres://postgres@127.0.0.1:${this.port}/postgres`
  }

  /** The next bytes that hold all of these cut their connection. */
  cutNext(cut: Cut, ...markers: ReadonlyArray<string>): void {
    this.waiting.push({ markers, cut })
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy()
    await new Promise((resolve) => this.listening.close(resolve))
  }
}
