import { type ChildProcess, fork } from "node:child_process"
import { once } from "node:events"
import { Agent, request } from "node:http"
import { connect } from "node:net"
import { fileURLToPath } from "node:url"
import { account } from "../Office.ts"

/** What a server's process says when it listens. */
export interface Said {
  readonly url: string
}

/** What is asked of a server's process: so many events, or how much it holds. */
export type Wish = { readonly events: number } | { readonly asks: "memory" }

/** Its answer to the latter. */
export interface Held {
  readonly bytes: number
}

/** To be called in a server's process with a wish that is about memory. */
export const tellMemory = (): void => {
  // twice: what is finalized in the first is gone after the second
  globalThis.gc?.()
  globalThis.gc?.()
  const { arrayBuffers, external, heapUsed } = process.memoryUsage()
  process.send?.({ bytes: heapUsed + external + arrayBuffers } satisfies Held)
}

export interface Served {
  readonly process: ChildProcess
  readonly url: URL
}

/** A server in a process of its own. */
export const start = async (
  file: "OurServer.ts" | "HandServer.ts",
  ...args: ReadonlyArray<string>
): Promise<Served> => {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), args, {
    execArgv: [...process.execArgv, "--expose-gc"]
  })
  const [said] = (await once(child, "message")) as [Said]
  return { process: child, url: new URL(said.url) }
}

/** Bytes that a server holds, in its heap and beside it, after all garbage is gone. */
export const bytesOf = async ({ process: child }: Served): Promise<number> => {
  child.send({ asks: "memory" })
  const [held] = (await once(child, "message")) as [Held]
  return held.bytes
}

export const tokenOf = (actor: unknown): string => btoa(JSON.stringify({ account, actor }))

/** A client with so many connections, kept open. */
export const client = ({ url }: Served, connections: number) => {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  return (method: "GET" | "POST", path: string, token: string, body?: unknown): Promise<string> =>
    new Promise((resolve, reject) => {
      const text = body === undefined ? undefined : JSON.stringify(body)
      const headers = {
        authorization: `Bearer ${token}`,
        ...(text === undefined ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(text) })
      }
      const sent = request({ agent, method, path, hostname: url.hostname, port: url.port, headers }, (response) => {
        const chunks: Array<Buffer> = []
        response.on("data", (chunk: Buffer) => chunks.push(chunk))
        response.on("end", () => {
          const answer = Buffer.concat(chunks).toString()
          const { statusCode = 0 } = response
          if (statusCode >= 300) reject(new Error(`${statusCode} ${answer}`))
          else resolve(answer)
        })
      })
      sent.on("error", reject)
      sent.end(text)
    })
}

const MARK = Buffer.from("event: MessageSent")

/** Consoles that listen, as sockets: they count events, and say when each of them has seen so many more. */
export const consoles = async ({ url }: Served, size: number, token: string) => {
  let missing = 0
  let awaited = 0
  let done = () => {}
  const listen = () =>
    new Promise<() => void>((resolve, reject) => {
      let seen = 0
      let rest: Buffer = Buffer.alloc(0)
      let isReady = false
      const socket = connect(Number(url.port), url.hostname, () => {
        socket.write(`GET /v1/me/events HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\n\r\n`)
      })
      socket.on("error", reject)
      socket.on("data", (chunk: Buffer) => {
        const data = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
        if (!isReady && data.includes("event: ready")) {
          isReady = true
          resolve(() => socket.destroy())
        }
        let end = 0
        for (let at = data.indexOf(MARK); at >= 0; at = data.indexOf(MARK, end)) {
          end = at + MARK.length
          seen++
          if (seen === awaited && --missing === 0) done()
        }
        // a mark may be cut in two
        rest = data.subarray(Math.max(end, data.length - MARK.length + 1))
      })
    })
  const closers: Array<() => void> = []
  for (let opened = 0; opened < size; opened += 50) {
    closers.push(...(await Promise.all(Array.from({ length: Math.min(50, size - opened) }, listen))))
  }
  return {
    /** Has the server make so many events; over when all consoles have seen them. */
    see: (server: ChildProcess, events: number): Promise<void> =>
      new Promise((resolve) => {
        awaited += events
        missing = size
        done = resolve
        server.send({ events } satisfies Wish)
      }),
    close: () => {
      for (const close of closers) close()
    }
  }
}
