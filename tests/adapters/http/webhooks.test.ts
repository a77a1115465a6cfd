import { BlockList } from "node:net"
import { describe, expect, it } from "@effect/vitest"
import { Clock, Effect } from "effect"
import fc from "fast-check"
import { Actor, Id, Instant, Webhook } from "leadline"
import { Webhooks } from "leadline/http/node"
import { type Delivery, DeskStore, WebhookSender } from "leadline/ports"
import { drainWebhooks, readGivenUp, requestChat, sendMessage } from "leadline/use-cases"
import { Webhook as Standard } from "standardwebhooks"
import { type Received, receiving, saying } from "./Receiver.ts"
import { clientOf, servedWith } from "./Served.ts"

const account = Id.AccountId.make("acme")
const webhookId = Id.WebhookId.make("w")
const secret = `whsec_${"0a".repeat(32)}`
const local = { allow: ["127.0.0.0/8"], isInsecureAllowed: true }

const visitor = (id: string) => ({ account, actor: Actor.visitor(Id.VisitorId.make(id)), surface: "api" }) as const
const asking = (id: string) =>
  requestChat(visitor(id), { chatId: Id.ChatId.make(id), visitorId: Id.VisitorId.make(id), email: `${id}@x.example` })
const speaking = (id: string, text: string) => sendMessage(visitor(id), { chatId: Id.ChatId.make(id), text })

/** A trial, sent by a sender of these options to an address. */
const trial = (url: string, options: Webhooks.WebhookOptions = local, secrets: ReadonlyArray<string> = [secret]) =>
  Effect.gen(function* () {
    const at = Instant.fromMillis(yield* Clock.currentTimeMillis)
    const delivery: Delivery = { webhookId, url, secrets, at, id: "msg_1", event: null }
    return yield* WebhookSender.use((sender) => sender.send(account, delivery))
  }).pipe(Effect.provide(Webhooks.layer(options)))

/** The message, if the well-kept library for receivers finds it signed. */
const verified = (key: string, { body, headers }: Received) =>
  new Standard(key).verify(body, headers as Record<string, string>) as Record<string, unknown>

describe("a delivery", () => {
  it.live("is signed as Standard Webhooks says, by every secret that signs now", () =>
    Effect.gen(function* () {
      const { got, port } = yield* receiving(saying(204))
      const before = `whsec_${"b1".repeat(32)}`
      expect(yield* trial(`http://127.0.0.1:${port}/in?x=1`, local, [secret, before])).toEqual({ status: 204 })
      const [received] = got
      if (received === undefined) return expect.unreachable()
      expect(received.path).toBe("/in?x=1")
      expect(received.headers).toMatchObject({ "content-type": "application/json", "webhook-id": "msg_1" })
      for (const key of [secret, before]) {
        expect(verified(key, received)).toMatchObject({ type: "webhook.trial", data: { account, webhookId } })
      }
      expect(() => verified(`whsec_${"c2".repeat(32)}`, received)).toThrow()
      expect(() => verified(secret, { ...received, body: `${received.body} ` })).toThrow()
    }).pipe(Effect.scoped)
  )

  it.live("is taken by any 2xx, and by nothing else; no redirect is followed", () =>
    Effect.gen(function* () {
      const elsewhere = yield* receiving(saying(200))
      const statuses = [200, 202, 299, 301, 302, 307, 400, 404, 410, 500]
      let status = 0
      const { port } = yield* receiving((received, response) =>
        saying(status, { location: `http://127.0.0.1:${elsewhere.port}/` })(received, response)
      )
      for (const each of statuses) {
        status = each
        const result = yield* Effect.result(trial(`http://127.0.0.1:${port}/`))
        expect(result).toMatchObject(
          each < 300
            ? { _tag: "Success", success: { status: each } }
            : { _tag: "Failure", failure: { _tag: "DeliveryFailed", reason: "answered", status: each } }
        )
      }
      expect(elsewhere.got).toEqual([])
    }).pipe(Effect.scoped)
  )

  it.live("says how long its receiver asks to be left alone, in seconds or as a date (RFC 9110)", () =>
    Effect.gen(function* () {
      const inAMinute = new Date((yield* Clock.currentTimeMillis) + 60_000).toUTCString()
      const asked = ["120", inAMinute, "soon", "-5"]
      const { got, port } = yield* receiving((received, response) =>
        saying(503, { "retry-after": asked[got.length - 1] ?? "" })(received, response)
      )
      const waits: Array<number | null> = []
      for (const _ of asked) waits.push((yield* Effect.flip(trial(`http://127.0.0.1:${port}/`))).retryAfterMillis)
      expect(waits[0]).toBe(120_000)
      expect(waits[1]).toBeGreaterThan(50_000)
      expect(waits[1]).toBeLessThanOrEqual(60_000)
      expect(waits.slice(2)).toEqual([null, null])
    }).pipe(Effect.scoped)
  )

  it.live("ends in time whatever its receiver does: silence, a broken connection, an answer without end", () =>
    Effect.gen(function* () {
      const silent = yield* receiving(() => {})
      const broken = yield* receiving((_, response) => response.destroy())
      const endless = yield* receiving((_, response) => {
        response.writeHead(200)
        const chunk = Buffer.alloc(65_536)
        const more = (): void => {
          while (!response.destroyed && response.write(chunk)) {}
        }
        response.on("drain", more)
        more()
      })
      const quick = { ...local, timeout: "300 millis" } as const
      const failure = (port: number) => Effect.flip(trial(`http://127.0.0.1:${port}/`, quick))
      expect(yield* failure(silent.port)).toMatchObject({ reason: "timeout" })
      expect(yield* failure(broken.port)).toMatchObject({ reason: "unreachable" })
      expect(yield* trial(`http://127.0.0.1:${endless.port}/`, quick)).toEqual({ status: 200 })
      expect(yield* failure(1)).toMatchObject({ reason: "unreachable" })
    }).pipe(Effect.scoped)
  )

  it.live("goes to the public web only, over TLS only, unless it is allowed otherwise; names are looked at, too", () =>
    Effect.gen(function* () {
      const { got, port } = yield* receiving(saying(200))
      const refused = (url: string, options: Webhooks.WebhookOptions = {}) => Effect.flip(trial(url, options))
      const insecure = { isInsecureAllowed: true }
      for (const [url, options] of [
        [`http://127.0.0.1:${port}/`, { allow: ["127.0.0.0/8"] }],
        [`http://127.0.0.1:${port}/`, insecure],
        [`http://localhost:${port}/`, insecure],
        [`http://2130706433:${port}/`, insecure],
        [`http://0x7f.1:${port}/`, insecure],
        [`http://[::1]:${port}/`, insecure],
        [`http://[::ffff:127.0.0.1]:${port}/`, insecure],
        [`http://127.0.0.1:${port}/`, { ...insecure, allow: ["10.0.0.0/8"] }]
      ] as const) {
        expect([url, (yield* refused(url, options)).reason]).toEqual([url, "notAllowed"])
      }
      expect(got).toEqual([])
      expect(yield* trial(`http://localhost:${port}/`, { ...insecure, allow: ["127.0.0.0/8", "::1/128"] })).toEqual({
        status: 200
      })
    }).pipe(Effect.scoped)
  )
})

describe("an address", () => {
  const nothing = new BlockList()
  const isCallable = (address: string) => Webhooks.isCallable(address, nothing)

  it.each([
    ...["0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "169.254.169.254", "172.16.0.1", "172.31.255.255"],
    ...["192.0.0.8", "192.0.2.1", "192.168.0.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1"],
    ...["240.0.0.1", "255.255.255.255", "::", "::1", "::ffff:8.8.8.8", "64:ff9b::808:808", "100::1", "2001::1"],
    ...["2001:db8::1", "2002:7f00:1::", "3fff::1", "fc00::1", "fd12:3456::1", "fe80::1", "ff02::1", "not one", ""]
  ])("%s is none of the public web's", (address) => {
    expect(isCallable(address)).toBe(false)
  })

  it.each([
    ...["1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.1", "172.15.255.255", "172.32.0.1", "192.167.255.255"],
    ...["198.20.0.1", "223.255.255.255", "2606:4700::1111", "2a00:1450::1"]
  ])("%s is one of the public web's", (address) => {
    expect(isCallable(address)).toBe(true)
  })

  it("is never callable in a private range, whichever it is, unless that range is allowed", () => {
    const byte = fc.nat(255)
    const privates = fc.oneof(
      fc.tuple(fc.constant(10), byte, byte, byte),
      fc.tuple(fc.constant(127), byte, byte, byte),
      fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 }), byte, byte),
      fc.tuple(fc.constant(192), fc.constant(168), byte, byte),
      fc.tuple(fc.constant(169), fc.constant(254), byte, byte)
    )
    fc.assert(
      fc.property(privates, (bytes) => {
        const address = bytes.join(".")
        expect([isCallable(address), isCallable(`::ffff:${address}`)]).toEqual([false, false])
        const allowed = new BlockList()
        allowed.addSubnet(`${bytes[0]}.0.0.0`, 8, "ipv4")
        expect(Webhooks.isCallable(address, allowed)).toBe(true)
      })
    )
  })
})

describe("a webhook of a served account", () => {
  const server = servedWith({}, { webhooks: local })

  it.live("is added over HTTP, gets signed events with their texts, and shows what it could not deliver", () =>
    Effect.gen(function* () {
      let isBroken = false
      const { got, port } = yield* receiving((received, response) => saying(isBroken ? 500 : 200)(received, response))
      const { operations, webhooks } = yield* clientOf("service:ops")
      const params = { webhookId }
      const payload = { url: `http://127.0.0.1:${port}/in`, types: ["MessageSent" as const], isEnabled: true }
      yield* webhooks.save({ params, headers: {}, payload })
      const refused = webhooks.save({ params, headers: {}, payload: { ...payload, url: "http://10.0.0.1/" } })
      expect(yield* Effect.flip(refused)).toEqual({ _tag: "UnusableUrl", reason: "notAllowed" })
      yield* asking("c")
      yield* speaking("c", "where is my order?")
      yield* drainWebhooks(account)
      const { secret: first } = yield* webhooks.secret({ params })
      yield* webhooks.rotate({ params, headers: {} })
      yield* speaking("c", "it is late")
      yield* drainWebhooks(account)
      const { secret: second } = yield* webhooks.secret({ params })
      const told = got.map((received) => verified(first, received))
      expect(told.map(({ type }) => type)).toEqual(["MessageSent", "MessageSent"])
      const texts = told.map(({ data }) => Object.values((data as { texts: Record<string, string> }).texts))
      expect(texts).toEqual([["where is my order?"], ["it is late"]])
      expect(verified(second, got[1] as Received)).toEqual(told[1])
      expect(yield* webhooks.trial({ params })).toEqual({ isTaken: true, reason: "answered", status: 200 })
      isBroken = true
      yield* speaking("c", "hello?")
      yield* drainWebhooks(account)
      const bridge = Webhook.bridgeOf(webhookId)
      const [parked] = yield* DeskStore.use((store) => store.parked(account, bridge, 9))
      expect(parked).toMatchObject({ tries: 1, lastError: "DeliveryFailed: answered 500" })
      expect(yield* readGivenUp({ account, actor: Actor.service("x"), surface: "api" }, 9, bridge)).toEqual([])
      expect((yield* operations.givenUp({ query: { bridge } })).items).toEqual([])
      const { webhooks: list } = yield* webhooks.list()
      expect(list).toMatchObject([{ id: "w", ...payload }])
      expect(JSON.stringify(list)).not.toContain("whsec_")
      isBroken = false
      yield* webhooks.move({ params, headers: {}, payload: { after: 0 } })
      yield* webhooks.remove({ params, headers: {} })
      expect((yield* webhooks.list()).webhooks).toEqual([])
      expect(yield* Effect.flip(webhooks.secret({ params }))).toEqual({ _tag: "WebhookNotFound", webhookId })
    }).pipe(Effect.scoped, Effect.provide(server))
  )
})
