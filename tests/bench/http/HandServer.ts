import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import fastify from "fastify"
import * as Append from "../append/Hand.ts"
import { TEXT } from "../Office.ts"
import { useServer } from "../Postgres.ts"
import * as HandFeed from "./HandFeed.ts"
import { type Said, tellMemory, type Wish } from "./Servers.ts"

/**
 * The same routes by hand, bare on `node:http` or on fastify: believes what tokens say, checks the body, and sends one
 * hand-written statement; live events are a buffer encoded once and written to all.
 */
const [kind = "node-http", url = "", task = "append", chats = "0"] = process.argv.slice(2)
if (url !== "") useServer(url)

const hand =
  task === "append" ? await Append.open(kind === "fastify" ? "hand_fastify" : "hand_http", Number(chats)) : null
const feed = task === "feed" ? await HandFeed.open() : null

/** Who calls; `null`: nobody who may. */
const caller = (header: string | undefined): { readonly account: string } | null => {
  if (header?.startsWith("Bearer ") !== true) return null
  try {
    const claims = JSON.parse(atob(header.slice(7)))
    return typeof claims.account === "string" && typeof claims.actor?._tag === "string" ? claims : null
  } catch {
    return null
  }
}

const isMessage = (body: unknown): body is { readonly text: string } =>
  typeof body === "object" &&
  body !== null &&
  "text" in body &&
  typeof body.text === "string" &&
  body.text.trim() !== ""

let number = 0
const send = async (id: string, text: string) => {
  await hand?.append(Number(id.slice(5)), text)
  return { number: ++number }
}

const listeners = new Set<ServerResponse>()
let position = 0
let last = { number: 0, at: 0 }

/** An event as wide as ours, encoded once. */
const broadcast = (): void => {
  last = { number: last.number + 1, at: Math.max(Date.now(), last.at) }
  position++
  const ref = crypto.randomUUID().slice(0, 21)
  const hex = "0123456789abcdef".repeat(4)
  const payload = {
    _tag: "MessageSent",
    message: {
      ...last,
      content: { ref, commitment: hex },
      visibility: "public",
      author: { _tag: "Visitor" }
    },
    digest: hex
  }
  const event = {
    ...{
      id: ref,
      stream: "chat/012345678901234567890",
      number: position,
      at: last.at,
      surface: "api",
      schemaVersion: 1
    },
    ...{ actor: { _tag: "Visitor", visitorId: "visitor-0" }, payload, contents: [ref] }
  }
  const data = JSON.stringify({ position, event, texts: { [ref]: TEXT } })
  const frame = Buffer.from(`id: ${position}\nevent: MessageSent\ndata: ${data}\n\n`)
  for (const listener of listeners) listener.write(frame)
}

const listen = (response: ServerResponse): void => {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" })
  response.write("retry: 1000\nid: 0\nevent: ready\ndata: {}\n\n")
  listeners.add(response)
  response.on("close", () => listeners.delete(response))
}

const answer = (response: ServerResponse, status: number, body: unknown): void => {
  const text = JSON.stringify(body)
  response.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(text) })
  response.end(text)
}

const bodyOf = (request: IncomingMessage): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const chunks: Array<Buffer> = []
    let size = 0
    request.on("data", (chunk: Buffer) => {
      size += chunk.length
      if (size > 1_048_576) request.destroy()
      chunks.push(chunk)
    })
    request.on("error", reject)
    request.on("end", () => {
      try {
        resolve(JSON.parse(Buffer.concat(chunks).toString()))
      } catch {
        resolve(null)
      }
    })
  })

const plain = createServer(async (request, response) => {
  if (caller(request.headers.authorization) === null) return answer(response, 401, {})
  const [path = ""] = (request.url ?? "").split("?")
  const chat = /^\/v1\/chats\/([^/]+)\/messages$/.exec(path)
  if (request.method === "POST" && chat?.[1] !== undefined) {
    const body = await bodyOf(request)
    return isMessage(body) ? answer(response, 200, await send(chat[1], body.text)) : answer(response, 400, {})
  }
  const record = /^\/v1\/records\/lead\/([^/]+)\/feed$/.exec(path)
  if (record?.[1] !== undefined && feed !== null) return answer(response, 200, await feed.page(record[1]))
  if (path === "/v1/me/events") return listen(response)
  answer(response, 404, {})
})

const onFastify = async (): Promise<number> => {
  const app = fastify()
  app.addHook("onRequest", async (request, reply) => {
    if (caller(request.headers.authorization) === null) await reply.code(401).send({})
  })
  const body = { type: "object", properties: { text: { type: "string", minLength: 1 } }, required: ["text"] }
  const response = { 200: { type: "object", properties: { number: { type: "integer" } } } }
  app.post<{ Params: { id: string }; Body: { text: string } }>(
    "/v1/chats/:id/messages",
    { schema: { body, response } },
    ({ body, params }) => send(params.id, body.text)
  )
  app.get<{ Params: { id: string } }>("/v1/records/lead/:id/feed", ({ params }) => feed?.page(params.id))
  await app.listen({ port: 0, host: "127.0.0.1" })
  return (app.server.address() as AddressInfo).port
}

const onNode = (): Promise<number> =>
  new Promise((resolve) => {
    plain.listen(0, "127.0.0.1", () => resolve((plain.address() as AddressInfo).port))
  })

const port = kind === "fastify" ? await onFastify() : await onNode()
process.on("message", (wish: Wish) => {
  if ("asks" in wish) tellMemory()
  else for (let n = 0; n < wish.events; n++) broadcast()
})
process.send?.({ url: `http://127.0.0.1:${port}` } satisfies Said)
