import { type ChildProcess, spawn } from "node:child_process"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { Redacted } from "effect"
import { Actor, Id } from "leadline"
import { nanoid } from "nanoid"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import * as Schema from "../postgres/Schema.ts"
import { url } from "../postgres/Stores.ts"
import { type Open, open, type Sent } from "./Sse.ts"

const program = fileURLToPath(new URL("host/Main.ts", import.meta.url))
const account = "acme"
const agents = Array.from({ length: 6 }, (_, at) => `a${at}`)

interface Server {
  readonly child: ChildProcess
  readonly url: string
}

/** A server of its own process on the database. */
const server = (schema: string) =>
  new Promise<Server>((resolve, reject) => {
    const child = spawn(process.execPath, ["--conditions=leadline-source", program, Redacted.value(url()), schema])
    let complaints = ""
    child.stderr.on("data", (chunk) => {
      complaints += String(chunk)
    })
    child.on("exit", () => reject(new Error(complaints)))
    createInterface({ input: child.stdout }).once("line", (at) => resolve({ child, url: at }))
  })

const tokenOf = (actor: Actor.Actor) => btoa(JSON.stringify({ account, actor }))
const asAgent = (id: string) => tokenOf(Actor.agent(Id.AgentId.make(id)))
const service = tokenOf(Actor.service("test"))

let schema: Schema.SchemaOfAFile
let servers: ReadonlyArray<Server> = []
let turn = 0

beforeAll(async () => {
  schema = await Schema.make()
  servers = await Promise.all([0, 1, 2].map(() => server(schema.schema)))
}, 60_000)

afterAll(async () => {
  for (const { child } of servers) child.kill("SIGKILL")
  await schema.drop()
})

/** Round robin, as plain as it gets: the next server, whoever asks; one that is gone is passed over. */
const ask = async (token: string, method: string, path: string, body: object = {}) => {
  const key = nanoid()
  for (let tries = 0; tries < 30; tries++) {
    const at = servers[turn++ % servers.length]?.url ?? ""
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json", "idempotency-key": key }
    try {
      const init = method === "GET" ? { method, headers } : { method, headers, body: JSON.stringify(body) }
      const response = await fetch(`${at}/v1${path}`, init)
      if (response.status === 503) continue
      return { status: response.status, body: response.status === 204 ? null : await response.json() }
    } catch {
      // killed before it answered, or gone: the key makes the repetition harmless
    }
  }
  throw new Error(`nobody answers ${path}`)
}

/** Follows a stream from server to server, until an event that fits. */
const follow = async (token: string, path: string, isLast: (sent: Sent) => boolean, first: number) => {
  const seen: Array<Sent> = []
  let after = "0"
  for (let at = first; ; at++) {
    const stream: Open | null = await open(`${servers[at % servers.length]?.url}/v1${path}`, token, after).catch(
      () => null
    )
    for (;;) {
      const sent: Sent | null = stream === null ? null : await stream.next()
      if (sent === null) break
      if (sent.id !== null) after = sent.id
      if (sent.event === "ready" || sent.id === null) continue
      seen.push(sent)
      if (isLast(sent)) {
        stream?.close()
        return seen
      }
    }
  }
}

describe("three servers on one database, behind a plain round robin", () => {
  it("have one winner per chat, and show every event once and in order, also when one is killed (C8, K1, K2)", {
    timeout: 60_000
  }, async () => {
    for (const id of agents) {
      const payload = { displayName: id, email: `${id}@x.de`, userId: null, isEnabled: true }
      await ask(service, "PUT", `/agents/${id}`, {
        ...payload,
        isChatAdministrator: false,
        departments: [],
        chatLimit: null
      })
      await ask(asAgent(id), "PUT", "/me/status", { status: "online" })
    }
    const isLast = ({ data, event }: Sent) => event === "ChatRequested" && JSON.stringify(data).includes('"chat/last"')
    const logs = [0, 1, 2].map((first) => follow(service, "/events", isLast, first))
    const consoles = agents.map((id, at) => follow(asAgent(id), "/me/events", isLast, at))
    const chats = Array.from({ length: 12 }, (_, at) => `c${at}`)
    const playing = chats.map(async (chatId) => {
      await ask(service, "POST", "/chats", { visitorId: `v-${chatId}`, chatId })
      const answers = await Promise.all(agents.map((id) => ask(asAgent(id), "POST", `/chats/${chatId}/answer`)))
      expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409, 409, 409, 409])
      const winner = agents[answers.findIndex(({ status }) => status === 200)] ?? ""
      for (let at = 0; at < 5; at++) {
        const sent = await ask(asAgent(winner), "POST", `/chats/${chatId}/messages`, { text: `${at}` })
        expect([chatId, sent]).toEqual([chatId, { status: 200, body: { number: at + 1 } }])
      }
      await ask(asAgent(winner), "POST", `/chats/${chatId}/end`)
    })
    await Promise.all(playing.slice(0, 3))
    servers[1]?.child.kill("SIGKILL")
    await Promise.all(playing)
    await ask(service, "POST", "/chats", { visitorId: "v-last", chatId: "last" })
    const seen = await Promise.all(logs)
    const positions = seen.map((log) => log.map(({ id }) => Number(id)))
    const [first = []] = positions
    for (const log of positions) {
      expect(log).toEqual([...new Set(log)].sort((a, b) => a - b))
      expect(log).toEqual(first)
    }
    const requested = (log: ReadonlyArray<Sent>) => log.filter(({ event }) => event === "ChatRequested").length
    for (const log of [...seen, ...(await Promise.all(consoles))]) expect(requested(log)).toBe(chats.length + 1)
  })
})
