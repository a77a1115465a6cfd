import type { RequestListener } from "node:http"
import { describe, expect, it } from "@effect/vitest"
import { Effect, Layer, Redacted } from "effect"
import { FetchHttpClient } from "effect/http"
import { Id } from "leadline"
import { Stores } from "leadline/http/client"
import { DeskStore } from "leadline/ports"

import { instead } from "./Instead.ts"

const account = Id.AccountId.make("acme")
const keys = [{ kind: "chat", id: "c1" }] as const
const nothing = { expect: [], put: [], remove: [], contents: [], events: [], remember: null }

const problem =
  (status: number, name: string, data: object, headers: Record<string, string> = {}): RequestListener =>
  (_, response) => {
    const type = `/problems/${name}`
    response
      .writeHead(status, { "content-type": "application/problem+json", ...headers })
      .end(JSON.stringify({ type, status, title: titles[name] ?? "", ...data }))
  }
const titles: Record<string, string> = {
  StoreError: "Not available",
  Unauthenticated: "Who are you?",
  WrongCaller: "Not for callers of this kind",
  TooManyRequests: "Too many requests",
  BodyTooLarge: "Too large"
}

const answers: ReadonlyArray<readonly [what: string, listener: RequestListener, reason: string, isRetryable: boolean]> =
  [
    [
      "its own failure",
      problem(503, "StoreError", { reason: "readOnly", isRetryable: true, operation: "x" }),
      "readOnly",
      true
    ],
    [
      "its own lasting failure",
      problem(503, "StoreError", { reason: "full", isRetryable: false, operation: "x" }),
      "full",
      false
    ],
    [
      "a proxy's page",
      (_, response) => response.writeHead(502, { "content-type": "text/html" }).end("<h1>Bad</h1>"),
      "unavailable",
      true
    ],
    ["a proxy's timeout", (_, response) => response.writeHead(504).end(), "timeout", true],
    [
      "a page instead of JSON",
      (_, response) => response.writeHead(200, { "content-type": "text/html" }).end("<h1>Hi</h1>"),
      "corrupt",
      false
    ],
    [
      "JSON that breaks off",
      (_, response) => response.writeHead(200, { "content-type": "application/json" }).end('{"reads":['),
      "corrupt",
      false
    ],
    [
      "an answer of another shape",
      (_, response) => response.writeHead(200, { "content-type": "application/json" }).end('{"read":1}'),
      "corrupt",
      false
    ],
    ["a cut connection", (request) => request.socket.destroy(), "unavailable", true],
    ["no answer", () => {}, "timeout", true],
    ["a token out of date", problem(401, "Unauthenticated", { reason: "expired" }), "misconfigured", true],
    ["a wrong token", problem(401, "Unauthenticated", { reason: "invalid" }), "misconfigured", false],
    ["a token of no host", problem(403, "WrongCaller", { needs: ["host"] }), "misconfigured", false],
    ["too many requests", problem(429, "TooManyRequests", { retryAfterMillis: 5 }), "overloaded", true],
    ["a commit too large", problem(413, "BodyTooLarge", { limit: 1, size: 2 }), "unsupported", false]
  ]

const remote = (url: string) =>
  Stores.deskStore({
    url,
    account,
    timeout: "150 millis",
    token: () => Effect.succeed(Redacted.make("t"))
  }).pipe(Layer.provide(FetchHttpClient.layer))

describe("a remote store whose server is in trouble", () => {
  for (const [what, listener, reason, isRetryable] of answers) {
    it.live(`says ${reason} to ${what}; reads are repeated where that may help, a commit never (K1, K3)`, () =>
      Effect.gen(function* () {
        const { asked, url } = yield* instead(listener)
        const store = yield* Effect.provide(DeskStore, remote(url))
        expect(yield* Effect.flip(store.get(account, keys))).toMatchObject({ reason, isRetryable })
        expect(asked.length).toBe(isRetryable ? 4 : 1)
        asked.length = 0
        expect(yield* Effect.flip(store.commit(account, nothing))).toMatchObject({ reason, isRetryable })
        expect(asked.length).toBe(1)
      })
    )
  }

  it.live("says unavailable where nobody listens", () =>
    Effect.gen(function* () {
      const failed = yield* Effect.flip(Effect.provide(DeskStore, remote("http://127.0.0.1:1")))
      expect(failed).toMatchObject({ reason: "unavailable", isRetryable: true })
    })
  )
})
