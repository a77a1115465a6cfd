import { Effect } from "effect"
import { type Chat, Content, Id, Instant, Transcript } from "leadline"
import { MemoryDeskStore } from "leadline/memory"
import { ChatSearch, type ChatSearchPage, type ChatSearchQuery, DeskStore } from "leadline/ports"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { plainChat } from "./PlainChat.ts"
import { Steps } from "./Steps.ts"

const account = Id.AccountId.make("search")
const everything: ChatSearchQuery = {
  words: null,
  includeNotes: true,
  agentId: null,
  visitorId: null,
  from: null,
  until: null,
  after: null,
  limit: 25
}

/** The n-th closed chat: of the visitor v0 or v1 … v9 in turn, served by a0 or a1, of some messages. */
const chatOf = (n: number, messages: number): Chat.Chat => {
  const plain = plainChat(`c${n}`)
  return {
    ...plain,
    visitor: { ...plain.visitor, id: Id.VisitorId.make(`v${n % 10}`) },
    state: { _tag: "Closed", at: Instant.fromMillis(n), reason: "agent" },
    requestedAt: Instant.fromMillis(n),
    servedBy: [Id.AgentId.make(`a${n % 2}`)],
    messages: { total: messages, visitor: messages, agent: 0, internal: 0 }
  }
}

/** Chats with so many messages, all alike but that the first chat's last message says `needle`. */
const filled = (chats: number, messages: number) =>
  Effect.gen(function* () {
    const desk = yield* DeskStore
    for (let n = 0; n < chats; n++) {
      const chat = chatOf(n, messages)
      const lines = Array.from({ length: messages }, (_, line): Transcript.Message => {
        const ref = Content.ContentRef.make(`${n}-${line}`)
        const content = { ref, commitment: "0".repeat(64) as Content.Commitment }
        return { number: line + 1, at: chat.requestedAt, content, visibility: "public", author: { _tag: "Visitor" } }
      })
      const key = { kind: "chat", id: chat.id } as const
      yield* desk.commit(account, {
        expect: [{ key, version: 0 }],
        put: [{ key, value: chat, contents: [], due: null }],
        remove: [],
        contents: lines.map(({ content: { ref }, number }) => ({
          ref,
          subject: { _tag: "Visitor", visitorId: chat.visitor.id },
          salt: "00",
          value: n === 0 && number === messages ? "a needle" : "hay"
        })),
        events: lines.map((message) => ({
          id: Id.EventId.make(`e${n}-${message.number}`),
          stream: `chat/${chat.id}`,
          number: message.number,
          at: message.at,
          actor: { _tag: "System" },
          surface: "api",
          schemaVersion: 2,
          payload: { _tag: "MessageSent", message, digest: Transcript.emptyDigest },
          contents: [message.content.ref]
        })),
        remember: null
      })
    }
    return yield* ChatSearch
  })

const searching = <A>(use: Effect.Effect<A, unknown, ChatSearch | DeskStore>) =>
  Effect.runPromise(Effect.orDie(Effect.provide(use, MemoryDeskStore.layer())))

describe("search in memory", () => {
  it("stops after some thousands of messages, and goes on from there", () =>
    searching(
      Effect.gen(function* () {
        const search = yield* filled(90, 500)
        const pages: Array<ReadonlyArray<string>> = []
        let after: ChatSearchQuery["after"] = null
        do {
          const page: ChatSearchPage = yield* search.find(account, { ...everything, words: ["needle"], after })
          pages.push(page.found.map(({ chat }) => chat.id))
          after = page.next
        } while (after !== null)
        expect(pages).toEqual([[], [], ["c0"]])
        const whole = yield* search.find(account, { ...everything, limit: 100 })
        expect(whole.found).toHaveLength(90)
        expect(whole.next).toBe(null)
      })
    ))

  it("finds a chat whose own transcript is longer than a page may read", () =>
    searching(
      Effect.gen(function* () {
        const search = yield* filled(1, 20_500)
        const page = yield* search.find(account, { ...everything, words: ["needle"] })
        expect(page.found.map(({ hit }) => hit?.message.number)).toEqual([20_500])
        expect(page.next).toBe(null)
      })
    ))

  describe("costs", () => {
    let steps: Steps
    beforeAll(async () => {
      steps = await Steps.counting()
    })
    afterAll(() => steps.stop())

    const cost = async (chats: number, query: Partial<ChatSearchQuery>) => {
      const search = await searching(filled(chats, 2))
      return steps.of(() => Effect.runSync(search.find(account, { ...everything, limit: 5, ...query })))
    }

    it("a page, where it is full soon, and the visitor's chats, where one is named, not the whole past", async () => {
      const middle = { at: Instant.fromMillis(100), id: "c100" }
      for (const query of [{}, { words: ["hay"] }, { after: middle }, { until: middle.at }, { from: middle.at }]) {
        const [few, many] = [await cost(200, query), await cost(1_200, query)]
        expect(many, JSON.stringify(query)).toBeLessThan(few * 1.5)
      }
      const named = { visitorId: Id.VisitorId.make("v3"), words: ["needle"], limit: 1_000 }
      expect(await cost(800, named)).toBeLessThan((await cost(800, { ...named, visitorId: null })) / 5)
      const serving = { agentId: Id.AgentId.make("a1"), words: ["needle"], limit: 1_000 }
      expect(await cost(800, serving)).toBeLessThan((await cost(800, { ...serving, agentId: null })) / 1.5)
    })
  })
})
