import { Effect, Layer, Logger } from "effect"
import { Actor, Id } from "leadline"
import { DevelopmentTokens, webHandler } from "leadline/http/server"
import { layer as memory } from "leadline/memory"
import { OwnCrm } from "leadline/use-cases"
import { describe, expect, it } from "vitest"

const account = Id.AccountId.make("acme")
const at = (path: string, init: RequestInit = {}) => new Request(`https://leadline.example${path}`, init)

describe("the web-standard handler", () => {
  it("answers requests, streams events, refuses with problems, and closes what it holds", async () => {
    const development = await Effect.runPromise(DevelopmentTokens.make)
    const token = await Effect.runPromise(development.tokenOf(account, "service:shop", true))
    const needs = Layer.mergeAll(development.tokens, OwnCrm.layer.pipe(Layer.provideMerge(memory())), Logger.layer([]))
    const { dispose, handler } = webHandler(needs)
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" }
    expect((await handler(at("/health"))).status).toBe(200)
    const refused = await handler(at("/v1/users"))
    expect([refused.status, refused.headers.get("content-type")]).toEqual([401, "application/problem+json"])
    const events = await handler(at("/v1/events", { headers }))
    expect(events.headers.get("content-type")).toContain("text/event-stream")
    const reader = events.body?.pipeThrough(new TextDecoderStream()).getReader()
    const body = JSON.stringify({ visitorId: "zoe", name: "Zoe" })
    const asked = await handler(at("/v1/chats", { method: "POST", headers, body }))
    expect(asked.status).toBe(200)
    let seen = ""
    while (!seen.includes("ChatRequested")) seen += (await reader?.read())?.value ?? expect.unreachable()
    expect(seen).toMatch(/^retry: 1000\nid: \d+\nevent: ready\n/)
    expect(seen).toContain(JSON.stringify(Actor.service("shop")).slice(1, -1))
    await reader?.cancel()
    await dispose()
  })
})
