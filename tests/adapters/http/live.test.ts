import { connect, type Socket } from "node:net"
import { describe, expect, it } from "@effect/vitest"
import { Deferred, Effect, Layer, Redacted, Stream } from "effect"
import { FetchHttpClient, HttpServer } from "effect/http"
import { Actor, Id } from "leadline"
import * as Client from "leadline/http/client"
import { DeskStore } from "leadline/ports"
import * as UseCases from "leadline/use-cases"
import { base, clientOf, served, servedWith, tokenOf } from "./Served.ts"
import { type Open, open, type Sent } from "./Sse.ts"

const account = Id.AccountId.make("acme")
const setup = { account, actor: Actor.service("setup"), surface: "api" } as const
const agentIds = ["ada", "ben"].map((id) => Id.AgentId.make(id))
const asAgent = (id: string) => ({ ...setup, actor: Actor.agent(Id.AgentId.make(id)) })

const agentOf = (id: Id.AgentId, isEnabled = true) =>
  UseCases.saveAgent(setup, {
    ...{ id, displayName: `Agent ${id}`, email: `${id}@acme.example`, userId: null, isEnabled },
    ...{ isChatAdministrator: false, departments: [], chatLimit: null }
  })

const online = Effect.forEach(agentIds, (id) =>
  Effect.andThen(agentOf(id), UseCases.setStatus(setup, { agentId: id, status: "online" }))
)

const asked = (name: string) => {
  const visitorId = Id.VisitorId.make(name)
  return UseCases.requestChat({ account, actor: Actor.visitor(visitorId), surface: "api" }, { visitorId, name })
}

const streamOf = (path: string, token: string, after?: string | null) =>
  Effect.acquireRelease(
    Effect.flatMap(base, (url) => Effect.promise(() => open(`${url}${path}`, token, after))),
    (stream) => Effect.sync(stream.close)
  )
const streamAs = (sub: string, path: string, after?: string | null) =>
  Effect.flatMap(tokenOf(sub), (token) => streamOf(path, token, after))

/** What follows the log is woken once, and then not before the gate opens. */
const sleepy = (gate: Deferred.Deferred<void>) =>
  Layer.effect(
    DeskStore,
    Effect.map(DeskStore, (store) => ({
      ...store,
      changes: (account) =>
        Stream.concat(Stream.make(undefined), Stream.unwrap(Effect.as(Deferred.await(gate), store.changes(account))))
    }))
  )

const until = (stream: Open, fits: (sent: Sent) => boolean) => Effect.promise(() => stream.until(fits))
const isEvent = (name: string) => (sent: Sent) => sent.event === name
const ids = (sent: ReadonlyArray<Sent>) =>
  sent.flatMap(({ event, id }) => (event === "ready" || id === null ? [] : [Number(id)]))

/** Opens the log's stream and takes only its beginning; `read`: takes the rest, until the end. */
const idle = (token: string) =>
  Effect.flatMap(HttpServer.HttpServer, ({ address }) =>
    Effect.promise(
      () =>
        new Promise<{ readonly read: () => Promise<void> }>((resolve) => {
          const port = "port" in address ? address.port : 0
          const socket: Socket = connect(port, "127.0.0.1", () => {
            socket.write(`GET /v1/events HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\n\r\n`)
          })
          const closed = new Promise<void>((end) => socket.on("close", () => end()))
          socket.on("error", () => {})
          socket.once("data", () => {
            socket.pause()
            const read = () => {
              socket.resume()
              return closed
            }
            resolve({ read })
          })
        })
    )
  )

describe("live events", () => {
  it.live("a console sees chats ring and be answered, its own talk, its icon; not the talk of others (C8, C9)", () =>
    Effect.gen(function* () {
      yield* online
      const ada = yield* streamAs("agent:ada", "/v1/me/events")
      expect(ada.response.headers.get("content-type")).toContain("text/event-stream")
      yield* until(ada, isEvent("ready"))
      const ben = yield* streamAs("agent:ben", "/v1/me/events")
      yield* until(ben, isEvent("ready"))
      const { chatId } = yield* asked("zoe")
      const rings = yield* until(
        ada,
        (sent) => sent.event === "icon" && (sent.data as { ringing: number }).ringing === 1
      )
      expect(rings.find(isEvent("ChatRequested"))?.data).toMatchObject({ event: { stream: `chat/${chatId}` } })
      yield* UseCases.answerChat(asAgent("ben"), { chatId })
      yield* UseCases.sendMessage(asAgent("ben"), { chatId, text: "Hello" })
      yield* UseCases.endChat(asAgent("ben"), { chatId })
      const seenByBen = yield* until(ben, isEvent("ChatClosed"))
      const seenByAda = yield* until(ada, isEvent("ChatClosed"))
      const message = seenByBen.find(isEvent("MessageSent"))
      expect(message?.data).toMatchObject({ event: { payload: { _tag: "MessageSent" } } })
      expect(JSON.stringify(message?.data)).toContain('"Hello"')
      expect(seenByBen.some(isEvent("ChatTaken"))).toBe(true)
      expect(seenByAda.map(({ event }) => event)).toContain("ChatAnswered")
      for (const hidden of ["MessageSent", "ChatTaken"]) expect(seenByAda.some(isEvent(hidden))).toBe(false)
    }).pipe(Effect.provide(served))
  )

  it.live(
    "a visitor sees the public lines of their chat, by number, and no more; it ends when it is over (D7, D8)",
    () =>
      Effect.gen(function* () {
        yield* online
        const shop = yield* clientOf("service:shop")
        const { token } = yield* shop.tokens.issue({ payload: { visitorId: Id.VisitorId.make("zoe") } })
        const url = yield* base
        const none = yield* streamOf("/v1/visitor/events", token)
        expect(none.response.status).toBe(409)
        const requested = yield* Effect.promise(async () => {
          const response = await fetch(`${url}/v1/visitor/chat`, {
            method: "POST",
            headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
            body: "{}"
          })
          return (await response.json()) as { readonly chatId: Id.ChatId; readonly token: string }
        })
        const { chatId } = requested
        const stream = yield* streamOf("/v1/visitor/events", requested.token)
        yield* until(stream, isEvent("chat"))
        yield* UseCases.answerChat(asAgent("ada"), { chatId })
        yield* UseCases.writeInternalNote(asAgent("ada"), { chatId, text: "a secret note" })
        yield* UseCases.sendMessage(asAgent("ada"), { chatId, text: "Hello" })
        const seen = yield* until(stream, isEvent("line"))
        expect(seen.at(-1)?.data).toMatchObject({ from: { _tag: "Agent", name: "Agent ada" }, text: "Hello" })
        const last = seen.at(-1)?.id
        yield* UseCases.sendMessage(asAgent("ada"), { chatId, text: "Bye" })
        const resumed = yield* streamOf("/v1/visitor/events", requested.token, last)
        const after = yield* until(resumed, isEvent("line"))
        expect(after.at(-1)?.data).toMatchObject({ text: "Bye" })
        yield* UseCases.endChat(asAgent("ada"), { chatId })
        const rest = yield* until(resumed, isEvent("ended"))
        expect(rest.at(-1)?.data).toEqual({ reason: "over" })
        expect(yield* Effect.promise(resumed.next)).toBeNull()
        const all = JSON.stringify([...seen, ...after, ...rest])
        for (const hidden of ["secret", '"ada"', "@acme", "ben"]) expect(all).not.toContain(hidden)
      }).pipe(Effect.provide(served))
  )

  it.live("while many write, and readers come and go, each sees every event once, in order (K2)", () =>
    Effect.gen(function* () {
      yield* online
      const store = yield* DeskStore
      const reading = Effect.gen(function* () {
        const token = yield* tokenOf("service:log")
        const seen: Array<Sent> = []
        let after: string | null = "0"
        for (let connection = 0; ; connection++) {
          const url: string = yield* base
          const stream = yield* Effect.promise(() => open(`${url}/v1/events`, token, after))
          // cut off after a few, each time after another number of them
          for (let left = 3 + 7 * connection; left > 0; left--) {
            const sent: Sent | null = yield* Effect.promise(stream.next)
            if (sent === null) return yield* Effect.die("the server ended it")
            if (sent.event === "ready") continue
            seen.push(sent)
            after = sent.id
            if (sent.event === "AgentChanged" && connection > 2) {
              stream.close()
              return ids(seen)
            }
          }
          stream.close()
        }
      })
      const writing = Effect.forEach(
        Array.from({ length: 8 }, (_, writer) => `w${writer}`),
        (name) =>
          Effect.gen(function* () {
            const { chatId } = yield* asked(name)
            yield* UseCases.answerChat(asAgent("ada"), { chatId })
            for (let at = 0; at < 5; at++) {
              yield* UseCases.sendMessage(asAgent("ada"), { chatId, text: `${name} ${at}` })
            }
          }),
        { concurrency: "unbounded", discard: true }
      ).pipe(Effect.andThen(agentOf(Id.AgentId.make("last"))))
      const [seen, again] = yield* Effect.all([reading, reading, writing], { concurrency: "unbounded" })
      const { entries } = yield* store.log(account, 0, 1_000)
      const wanted = entries.map(({ position }) => position)
      expect(seen).toEqual(wanted)
      expect(again).toEqual(wanted)
    }).pipe(Effect.provide(served))
  )

  it.live("a reader that read ahead of what is broadcast gets nothing twice (K2)", () =>
    Effect.gen(function* () {
      const gate = yield* Deferred.make<void>()
      const scenario = Effect.gen(function* () {
        yield* online
        const token = yield* tokenOf("service:log")
        // the walk along the log stands where it is until it is woken
        const early = yield* streamOf("/v1/events", token)
        yield* until(early, isEvent("ready"))
        const { chatId } = yield* asked("zoe")
        const ahead = yield* streamOf("/v1/events", token, "0")
        const seen = [...(yield* until(ahead, isEvent("ChatRequested")))]
        yield* UseCases.answerChat(asAgent("ada"), { chatId })
        yield* Deferred.succeed(gate, undefined)
        seen.push(...(yield* until(ahead, isEvent("ChatAnswered"))))
        expect(ids(seen)).toEqual([...new Set(ids(seen))].sort((a, b) => a - b))
        const both = yield* until(early, isEvent("ChatAnswered"))
        expect(both.filter(isEvent("ChatRequested")).length).toBe(1)
      })
      yield* scenario.pipe(Effect.provide(servedWith({}, { desk: sleepy(gate) })))
    })
  )

  it.live("who may no longer serve loses the stream, and hears why; a stranger gets none (J1)", () =>
    Effect.gen(function* () {
      yield* online
      const stream = yield* streamAs("agent:ada", "/v1/me/events")
      yield* until(stream, isEvent("ready"))
      yield* agentOf(Id.AgentId.make("ada"), false)
      expect((yield* until(stream, isEvent("ended"))).at(-1)?.data).toEqual({ reason: "rights" })
      expect((yield* streamAs("agent:ada", "/v1/me/events")).response.status).toBe(403)
      expect((yield* streamAs("agent:ben", "/v1/events")).response.status).toBe(403)
      expect((yield* streamAs("agent:ben", "/v1/me/events", "yesterday")).response.status).toBe(400)
    }).pipe(Effect.provide(served))
  )

  it.live("who does not read is dropped; others get everything meanwhile", () =>
    Effect.gen(function* () {
      yield* online
      const { chatId } = yield* asked("zoe")
      yield* UseCases.answerChat(asAgent("ada"), { chatId })
      const token = yield* tokenOf("service:log")
      const slow = yield* idle(token)
      const quick = yield* streamOf("/v1/events", token)
      // more than what the kernel keeps for a connection, and the server
      const text = "x".repeat(15_000)
      const writing = Effect.gen(function* () {
        for (let at = 0; at < 2_000; at++) yield* UseCases.sendMessage(asAgent("ada"), { chatId, text })
        yield* UseCases.endChat(asAgent("ada"), { chatId })
      })
      const [seen] = yield* Effect.all([until(quick, isEvent("ChatClosed")), writing], { concurrency: 2 })
      expect(seen.filter(isEvent("MessageSent")).length).toBe(2_000)
      // the server has ended the other: whatever it had sent comes, and then the end
      yield* Effect.promise(slow.read)
    }).pipe(Effect.provide(served))
  )

  it.live("the client goes on by itself where it was cut off, and hears when it is over (K2, J1)", () =>
    Effect.gen(function* () {
      yield* online
      const url = yield* base
      const seen: Array<Client.Live.LiveEvent> = []
      const begun = yield* Deferred.make<void>()
      const token = Effect.map(tokenOf("agent:ada"), Redacted.make)
      const context = yield* Effect.context<Effect.Services<typeof token>>()
      const following = Client.Live.follow("/me/events", {
        url,
        token: Effect.provideContext(token, context),
        after: "0"
      })
      const reading = Stream.runForEach(following, (sent) =>
        Effect.andThen(
          Effect.sync(() => seen.push(sent)),
          Deferred.succeed(begun, undefined)
        )
      ).pipe(Effect.provide(FetchHttpClient.layer))
      const writing = Effect.gen(function* () {
        yield* Deferred.await(begun)
        for (const name of ["v1", "v2", "v3"]) {
          const { chatId } = yield* asked(name)
          yield* UseCases.answerChat(asAgent("ada"), { chatId })
          yield* UseCases.endChat(asAgent("ada"), { chatId })
        }
        yield* agentOf(Id.AgentId.make("ada"), false)
      })
      const [over] = yield* Effect.all([Effect.flip(reading), writing], { concurrency: 2 })
      expect(over).toMatchObject({ _tag: "StreamEnded", reason: "rights" })
      const count = (event: string) => seen.filter((sent) => sent.event === event).length
      expect([count("ChatRequested"), count("ChatClosed")]).toEqual([3, 3])
      const places = seen.flatMap(({ event, id }) => (["ready", "icon"].includes(event) ? [] : [Number(id)]))
      expect(places).toEqual([...new Set(places)].sort((a, b) => a - b))
    }).pipe(Effect.provide(served))
  )
})
