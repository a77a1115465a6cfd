import { describe, expect, it } from "@effect/vitest"
import { Effect, Fiber, Redacted } from "effect"
import { FetchHttpClient } from "effect/http"
import { Id } from "leadline"
import * as Client from "leadline/http/client"
import { instead } from "./Instead.ts"

const chatId = Id.ChatId.make("c1")
const params = { chatId }

/** A server that is busy so many times, and then answers. */
const busy = (times: number, status: number, headers: Record<string, string>) => {
  let left = times
  return instead((request, response) => {
    if (left-- > 0) response.writeHead(status, headers).end()
    else if (request.method === "GET")
      response.writeHead(200, { "content-type": "application/json" }).end('{"status":"online"}')
    else response.writeHead(200, { "content-type": "application/json" }).end('{"chatId":"c1"}')
  })
}

const client = (url: string, patience: Client.Patience = {}) =>
  Client.make({ url, token: Effect.succeed(Redacted.make("t")), ...patience }).pipe(
    Effect.provide(FetchHttpClient.layer)
  )

describe("the client", () => {
  it.live("sends a read again, when and as often as it may", () =>
    Effect.gen(function* () {
      const { asked, url } = yield* busy(2, 503, { "retry-after": "0" })
      expect(yield* (yield* client(url)).agents.accountStatus()).toEqual({ status: "online" })
      expect(asked.length).toBe(3)
      const lost = yield* busy(9, 429, { "retry-after": "0" })
      expect(yield* Effect.exit((yield* client(lost.url, { retries: 2 })).agents.accountStatus())).toMatchObject({
        _tag: "Failure"
      })
      expect(lost.asked.length).toBe(3)
    })
  )

  it.live("sends a command again under an idempotency key, and never without (K1)", () =>
    Effect.gen(function* () {
      const { asked, url } = yield* busy(1, 503, { "retry-after": "0" })
      const { chats } = yield* client(url)
      expect((yield* Effect.exit(chats.end({ params, headers: {} })))._tag).toBe("Failure")
      expect(asked.length).toBe(1)
      const again = yield* busy(1, 503, { "retry-after": "0" })
      const answer = (yield* client(again.url)).chats.end({ params, headers: { "idempotency-key": "k" } })
      expect(yield* answer).toEqual({ chatId })
      expect(again.asked.length).toBe(2)
    })
  )

  it.live("does not wait longer than it may, nor where waiting would not help", () =>
    Effect.gen(function* () {
      for (const headers of [{ "retry-after": "3600" }, { "retry-after": "soon" }, {}]) {
        const { asked, url } = yield* busy(1, 503, headers)
        expect((yield* Effect.exit((yield* client(url)).agents.accountStatus()))._tag).toBe("Failure")
        expect(asked.length).toBe(1)
      }
    })
  )

  it.live("ends the request when it is interrupted", () =>
    Effect.gen(function* () {
      let isOver: (() => void) | undefined
      const over = new Promise<void>((resolve) => {
        isOver = resolve
      })
      let began: (() => void) | undefined
      const begun = new Promise<void>((resolve) => {
        began = resolve
      })
      const { url } = yield* instead((request) => {
        request.socket.on("close", () => isOver?.())
        began?.()
      })
      const fiber = yield* Effect.forkChild((yield* client(url)).agents.accountStatus())
      yield* Effect.promise(() => begun)
      yield* Fiber.interrupt(fiber)
      yield* Effect.promise(() => over)
    })
  )
})
