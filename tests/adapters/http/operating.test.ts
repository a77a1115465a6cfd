import { connect } from "node:net"
import { describe, expect, it } from "@effect/vitest"
import { Duration, Effect, Layer } from "effect"
import { HttpServer } from "effect/http"
import { serve } from "leadline/http/node"
import { ServerSettings, Tokens, VisitorTokens } from "leadline/http/server"
import { layer as memory } from "leadline/memory"
import { OwnCrm } from "leadline/use-cases"
import { base, served, servedWith, tokenOf } from "./Served.ts"

const problemType = "application/problem+json"

/** Asks as anybody with a socket would. */
const ask = (path: string, init: RequestInit = {}) =>
  Effect.flatMap(base, (url) =>
    Effect.promise(async () => {
      const response = await fetch(`${url}${path}`, init)
      const text = await response.text()
      const isJson = response.headers.get("content-type")?.includes("json") === true
      return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text }
    })
  )

const askAs = (sub: string, path: string, init: RequestInit = {}) =>
  Effect.flatMap(tokenOf(sub), (token) =>
    ask(path, {
      ...init,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json", ...init.headers }
    })
  )

/** What comes back to bytes as they are, until the server closes. */
const send = (bytes: string) =>
  Effect.flatMap(HttpServer.HttpServer, ({ address }) =>
    Effect.promise(
      () =>
        new Promise<string>((resolve) => {
          const port = "port" in address ? address.port : 0
          const socket = connect(port, "127.0.0.1", () => socket.write(bytes))
          let received = ""
          socket.on("data", (chunk) => {
            received += chunk.toString()
          })
          socket.on("error", () => resolve(received))
          socket.on("close", () => resolve(received))
        })
    )
  )

/** A server whose identity provider does not answer. */
const neverSaying = serve({ port: 0 }).pipe(
  Layer.provide(Layer.succeed(Tokens, { identify: () => Effect.never })),
  Layer.provide(Layer.succeed(VisitorTokens, { issue: () => Effect.never })),
  Layer.provide(ServerSettings.layer({ timeout: Duration.millis(50) })),
  Layer.provide(OwnCrm.layer.pipe(Layer.provideMerge(memory())))
)

describe("what surrounds every request", () => {
  it.live("every refusal is a problem: no token, no route, another method, no JSON, no request (RFC 9457)", () =>
    Effect.gen(function* () {
      const unknown = yield* ask("/v1/nowhere")
      expect([unknown.status, unknown.body]).toMatchObject([404, { type: "/problems/NotFound", status: 404 }])
      const nobody = yield* ask("/v1/settings")
      expect([nobody.status, nobody.body]).toMatchObject([401, { reason: "missing" }])
      expect(nobody.headers.get("www-authenticate")).toBe("Bearer")
      const method = yield* askAs("user:olga", "/v1/settings", { method: "DELETE" })
      expect([method.status, method.body]).toMatchObject([405, { allowed: ["GET", "PATCH"] }])
      expect(method.headers.get("allow")).toBe("GET, PATCH")
      const options = yield* ask("/v1/chats/c1/end", { method: "OPTIONS" })
      expect([options.status, options.headers.get("allow")]).toEqual([204, "POST"])
      const malformed = yield* askAs("user:olga", "/v1/settings", { method: "PATCH", body: "{" })
      expect([malformed.status, malformed.body]).toMatchObject([400, { type: "/problems/BadRequest" }])
      const typed = { method: "PATCH", body: "a=1", headers: { "content-type": "text/csv" } }
      const text = yield* askAs("user:olga", "/v1/settings", typed)
      expect([text.status, text.body]).toMatchObject([415, { type: "/problems/UnsupportedMediaType" }])
      const wrong = yield* askAs("user:olga", "/v1/settings", {
        method: "PATCH",
        body: JSON.stringify({ matchBy: "hair", routing: 1 })
      })
      expect(wrong.body.errors.map(({ path }: { path: Array<string> }) => path.join("."))).toEqual([
        "payload.matchBy",
        "payload.routing"
      ])
      for (const { headers } of [unknown, nobody, method, malformed, text, wrong]) {
        expect(headers.get("content-type")).toBe(problemType)
        expect(headers.get("x-request-id")).toMatch(/^[\w-]{21}$/)
      }
      const page = yield* ask("/problems/NotFound")
      expect(page.body).toBe("NotFound: 404 No such route\n")
    }).pipe(Effect.provide(served))
  )

  it.live("bodies beyond the limit are refused with limit and size, announced or not", () =>
    Effect.gen(function* () {
      const body = JSON.stringify({ leadStatus: "x".repeat(2_000) })
      const announced = yield* askAs("user:olga", "/v1/settings", { method: "PATCH", body })
      expect([announced.status, announced.body]).toMatchObject([413, { limit: 1_000, size: body.length }])
      const stream = new ReadableStream({
        start: (controller) => {
          controller.enqueue(new TextEncoder().encode(body))
          controller.close()
        }
      })
      const chunked: RequestInit & { duplex: "half" } = { method: "PATCH", body: stream, duplex: "half" }
      const unannounced = yield* askAs("user:olga", "/v1/settings", chunked)
      expect([unannounced.status, unannounced.body]).toMatchObject([413, { limit: 1_000, size: null }])
    }).pipe(Effect.provide(servedWith({ bodyLimit: 1_000 })))
  )

  it.live("who sends too much is told when to come back; others are not held up", () =>
    Effect.gen(function* () {
      const statuses = yield* Effect.forEach(Array.from({ length: 4 }), () => askAs("agent:ada", "/v1/me/console"))
      expect(statuses.map(({ status }) => status)).toEqual([403, 403, 429, 429])
      const [refused] = statuses.slice(-1)
      expect(refused?.body).toMatchObject({ type: "/problems/TooManyRequests" })
      expect(Number(refused?.headers.get("retry-after"))).toBe(Math.ceil(refused?.body.retryAfterMillis / 1_000))
      expect((yield* askAs("agent:ben", "/v1/me/console")).status).toBe(403)
      expect((yield* askAs("service:host", "/v1/users")).status).toBe(200)
    }).pipe(Effect.provide(servedWith({ perCaller: { burst: 2, perSecond: 0.01 } })))
  )

  it.live("an address that sends too much is refused before its tokens are looked at", () =>
    Effect.gen(function* () {
      const first = yield* ask("/v1/settings", { headers: { authorization: "Bearer x" } })
      const second = yield* ask("/v1/settings", { headers: { authorization: "Bearer x" } })
      expect([first.status, second.status]).toEqual([401, 429])
    }).pipe(Effect.provide(servedWith({ perAddress: { burst: 1, perSecond: 0.01 } })))
  )

  it.live("a request that takes too long is answered 503, to be tried again", () =>
    Effect.gen(function* () {
      const late = yield* ask("/v1/settings", { headers: { authorization: "Bearer x" } })
      expect([late.status, late.headers.get("retry-after"), late.body]).toMatchObject([503, "1", { reason: "timeout" }])
    }).pipe(Effect.provide(neverSaying))
  )

  it.live("pages of others may call the visitor's side, if their origin is allowed, and nothing else", () =>
    Effect.gen(function* () {
      const preflight = (path: string, origin: string) =>
        ask(path, {
          method: "OPTIONS",
          headers: {
            origin,
            "access-control-request-method": "POST",
            "access-control-request-headers": "authorization"
          }
        })
      const shop = "https://shop.example"
      const allowed = (yield* preflight("/v1/visitor/chat", shop)).headers.get("access-control-allow-origin")
      const other = (yield* preflight("/v1/visitor/chat", "https://evil.example")).headers
      const agents = (yield* preflight("/v1/me/status", shop)).headers
      expect(allowed).toBe(shop)
      expect(other.get("access-control-allow-origin")).not.toBe("https://evil.example")
      expect(agents.get("access-control-allow-origin")).toBeNull()
    }).pipe(Effect.provide(servedWith({ origins: ["https://shop.example"] })))
  )

  it.live("what a reader has is not sent again, and large answers are compressed", () =>
    Effect.gen(function* () {
      const read = (headers: Record<string, string>) => askAs("service:setup", "/v1/settings", { headers })
      const first = yield* read({})
      const etag = first.headers.get("etag") ?? ""
      expect(etag).toBe(`"${first.body.version}"`)
      expect((yield* read({ "if-none-match": etag })).status).toBe(304)
      yield* askAs("service:setup", "/v1/settings", { method: "PATCH", body: JSON.stringify({ chatLimit: 3 }) })
      expect((yield* read({ "if-none-match": etag })).status).toBe(200)
      const document = yield* ask("/openapi.json", { headers: { "accept-encoding": "gzip" } })
      expect(document.headers.get("content-encoding")).toBe("gzip")
      const tag = document.headers.get("etag") ?? ""
      expect(tag).toMatch(/^W\//)
      expect((yield* ask("/openapi.json", { headers: { "if-none-match": `"x", ${tag}` } })).status).toBe(304)
    }).pipe(Effect.provide(served))
  )

  it.live("whoever operates it sees whether it lives, is ready, and what it does; a caller's request id is kept", () =>
    Effect.gen(function* () {
      expect((yield* ask("/health")).body).toEqual({ isAlive: true })
      expect((yield* ask("/ready")).body).toEqual({ isReady: true })
      const { headers } = yield* askAs("service:setup", "/v1/users", { headers: { "x-request-id": "mine-1" } })
      expect(headers.get("x-request-id")).toBe("mine-1")
      const { headers: others } = yield* ask("/health", { headers: { "x-request-id": "no way" } })
      expect(others.get("x-request-id")).not.toBe("no way")
      const metrics = (yield* ask("/metrics")).body
      expect(metrics).toContain('leadline_http_requests_total{method="GET",route="directory.users",status="200"}')
    }).pipe(Effect.provide(served))
  )

  it.live("what is no HTTP, too long or never ends is answered and closed; others are served meanwhile", () =>
    Effect.gen(function* () {
      expect(yield* send("NONSENSE\r\n\r\n")).toMatch(/^HTTP\/1.1 400 .*"status":400}$/s)
      const flood = `GET /health HTTP/1.1\r\nhost: x\r\n${"x-flood: 1\r\n".repeat(5_000)}\r\n`
      expect(yield* send(flood)).toMatch(/^HTTP\/1.1 431 .*"status":431}$/s)
      const smuggled =
        "POST /v1/x HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n"
      expect(yield* send(smuggled)).toMatch(/^HTTP\/1.1 400 /)
      expect((yield* ask("/health")).status).toBe(200)
    }).pipe(Effect.provide(Layer.fresh(served)))
  )

  it.live("who sends slowly is cut off in time, in the headers and in the body; others are served meanwhile", () =>
    Effect.gen(function* () {
      const token = yield* tokenOf("user:olga")
      const head = `PATCH /v1/settings HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\n`
      const slow = [
        send("GET /health HTTP/1.1\r\nhost: x\r\n"),
        send(`${head}content-type: application/json\r\ncontent-length: 100\r\n\r\n{"lead`)
      ]
      const others = Effect.forEach(Array.from({ length: 20 }), () => ask("/health"))
      const [ends, served] = yield* Effect.all([Effect.all(slow, { concurrency: 2 }), others], { concurrency: 2 })
      for (const end of ends) expect(end).toMatch(/^HTTP\/1.1 408 /)
      expect(served.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200))
    }).pipe(Effect.provide(servedWith({}, { node: { headersWithin: "200 millis", requestWithin: "200 millis" } })))
  )

  it.live("who leaves in the middle of a request, or never reads the answer, holds nothing up", () =>
    Effect.gen(function* () {
      const { address } = yield* HttpServer.HttpServer
      const port = "port" in address ? address.port : 0
      const token = yield* tokenOf("service:x")
      const begun = `GET /v1/users HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\n`
      const leaving = (bytes: string) =>
        Effect.promise(
          () =>
            new Promise<void>((resolve) => {
              const socket = connect(port, "127.0.0.1", () => {
                socket.write(bytes, () => {
                  socket.destroy()
                  resolve()
                })
              })
              socket.on("error", () => resolve())
            })
        )
      const gone = Array.from({ length: 100 }, (_, n) => leaving(n % 2 === 0 ? begun : `${begun}\r\n`.repeat(50)))
      yield* Effect.all(gone, { concurrency: "unbounded" })
      expect((yield* askAs("service:x", "/v1/users")).status).toBe(200)
    }).pipe(
      Effect.provide(
        servedWith({ perCaller: { burst: 1e6, perSecond: 1e6 }, perAddress: { burst: 1e6, perSecond: 1e6 } })
      )
    )
  )
})
