import { Effect } from "effect"
import * as fc from "fast-check"
import { type Chat, ChatEvent, Content, Id, SearchText, type Transcript } from "leadline"
import type { ChatSearchPage, ChatSearchQuery, ChatSearchShape, DeskStoreShape } from "leadline/ports"
import { describe, expect, it } from "vitest"
import { account, agentId, at, waiting } from "./DeskLawKit.ts"
import { other } from "./LawKit.ts"

/** Runs a law on a fresh search and the desk store whose chats it finds. */
export type WithChatSearch = <A, E>(
  use: (search: ChatSearchShape, desk: DeskStoreShape) => Effect.Effect<A, E>
) => Effect.Effect<A, E>

const everything: ChatSearchQuery = {
  words: null,
  includeNotes: true,
  agentId: null,
  visitorId: null,
  from: null,
  until: null,
  after: null,
  limit: 100
}

/** A chat that is over, or, without an end, still open; a line that begins with `#` is a note. */
interface Told {
  readonly id: string
  readonly start: number
  readonly by?: ReadonlyArray<string>
  readonly visitor?: string
  readonly kind?: Chat.Chat["kind"]
  readonly says?: ReadonlyArray<string>
  readonly isOpen?: boolean
}

const visitorId = (id: string) => Id.VisitorId.make(id)
const refOf = (id: string, n: number) => Content.ContentRef.make(`${id}-${n}`)

const chatOf = ({ by = ["1"], id, isOpen = false, kind = "chat", says = [], start, visitor }: Told): Chat.Chat => {
  const chat = waiting(id)
  return {
    ...chat,
    kind,
    visitor: { ...chat.visitor, id: visitorId(visitor ?? `v-${id}`) },
    state: isOpen ? { _tag: "Served", since: at(start) } : { _tag: "Closed", at: at(start + 1), reason: "agent" },
    requestedAt: at(start),
    servedBy: by.map(agentId),
    messages: { ...chat.messages, total: says.length }
  }
}

const linesOf = ({ id, says = [], start }: Told): ReadonlyArray<Transcript.Message> =>
  says.map((said, n) => {
    const line = { number: n + 1, at: at(start), content: { ref: refOf(id, n), commitment: "0".repeat(64) as never } }
    return said.startsWith("#")
      ? { ...line, visibility: "internal", author: { _tag: "Agent", agentId: agentId("1") } }
      : { ...line, visibility: "public", author: { _tag: "Visitor" } }
  })

/** Stores chats with what was said in them. */
const tell = (desk: DeskStoreShape, told: ReadonlyArray<Told>, of = account) =>
  Effect.forEach(
    told,
    (one) =>
      Effect.gen(function* () {
        const key = { kind: "chat" as const, id: one.id }
        const [{ version }] = yield* desk.get(of, [key])
        const chat = chatOf(one)
        yield* desk.commit(of, {
          expect: [{ key, version }],
          put: [{ key, value: chat, contents: (one.says ?? []).map((_, n) => refOf(one.id, n)), due: null }],
          remove: [],
          contents: (one.says ?? []).map((value, n) => ({
            ref: refOf(one.id, n),
            subject: { _tag: "Visitor", visitorId: chat.visitor.id },
            salt: "0".repeat(32),
            value
          })),
          events: linesOf(one).map((message) => {
            const payload = { _tag: "MessageSent" as const, message, digest: chat.digest }
            return {
              id: Id.EventId.make(`e-${one.id}-${message.number}`),
              stream: `chat/${one.id}`,
              number: message.number,
              at: message.at,
              actor: { _tag: "System" as const },
              surface: "api" as const,
              schemaVersion: 2,
              payload,
              contents: ChatEvent.contentsOf(payload)
            }
          }),
          remember: null
        })
      }),
    { discard: true }
  )

const wordsOf = (typed: string) => SearchText.fold(typed).split(" ")
const ids = ({ found }: Pick<ChatSearchPage, "found">) => found.map(({ chat }) => chat.id as string)

/** The laws of a search in past chats, for an adapter that can search by everything, if perhaps not in notes. */
export const chatSearchLaws = (name: string, withSearch: WithChatSearch): void => {
  const law = <A, E>(title: string, use: (search: ChatSearchShape, desk: DeskStoreShape) => Effect.Effect<A, E>) =>
    it(title, () => Effect.runPromise(withSearch(use)))
  const all = (search: ChatSearchShape, query: Partial<ChatSearchQuery>, of = account) =>
    Effect.gen(function* () {
      const found: Array<ChatSearchPage["found"][number]> = []
      let { after } = { ...everything, ...query }
      for (;;) {
        const page = yield* search.find(of, { ...everything, ...query, after })
        expect(page.found.length).toBeLessThanOrEqual(query.limit ?? everything.limit)
        found.push(...page.found)
        if (page.next === null) return found
        after = page.next
      }
    })
  const saying = (search: ChatSearchShape, typed: string, more: Partial<ChatSearchQuery> = {}) =>
    Effect.map(all(search, { words: wordsOf(typed), ...more }), (found) => ids({ found }))

  describe(`${name}, which chats`, () => {
    law("chatSearch.find.closed: from its close on, once, as it is now; of every kind (D2, D4, H7)", (search, desk) =>
      Effect.gen(function* () {
        const open: Told = { id: "a", start: 5, says: ["soon"], isOpen: true }
        yield* tell(desk, [open, { id: "b", start: 1, by: [] }, { id: "c", start: 2, by: [], kind: "offlineMessage" }])
        expect(ids(yield* search.find(account, everything))).toEqual(["c", "b"])
        expect(yield* saying(search, "soon")).toEqual([])
        const [{ version }] = yield* desk.get(account, [{ kind: "chat", id: "a" }])
        const change = (tags: ReadonlyArray<string>, from: number) =>
          desk.commit(account, {
            expect: [{ key: { kind: "chat", id: "a" }, version: from }],
            put: [
              {
                key: { kind: "chat", id: "a" },
                value: { ...chatOf({ ...open, isOpen: false }), tags },
                contents: [refOf("a", 0)],
                due: null
              }
            ],
            remove: [],
            contents: [],
            events: [],
            remember: null
          })
        const { versions } = yield* change([], version)
        expect(yield* saying(search, "soon")).toEqual(["a"])
        yield* change(["vip"], versions[0] ?? 0)
        const page = yield* search.find(account, everything)
        expect(ids(page)).toEqual(["a", "c", "b"])
        expect(page.found[0]?.chat.tags).toEqual(["vip"])
        expect([...page.texts]).toEqual([[refOf("a", 0), "soon"]])
      })
    )

    it("chatSearch.find.criteria, chatSearch.find.pages: newest first, each once, whatever is asked and however it is cut (H4)", () =>
      fc.assert(
        fc.asyncProperty(anyPast, anyQuery, (told, query) =>
          Effect.runPromise(
            withSearch((search, desk) =>
              Effect.gen(function* () {
                yield* tell(desk, told)
                const found = yield* all(search, query)
                expect(found.map(({ chat }) => chat.id)).toEqual(
                  modelled(told, { ...query, includeNotes: query.includeNotes && search.capabilities.notes })
                )
                expect(found.every(({ hit }) => (hit === null) === (query.words === null))).toBe(true)
              })
            )
          )
        ),
        { numRuns: 150 }
      ))

    law("chatSearch.find.account: of this account alone; of unknown names nothing (J2)", (search, desk) =>
      Effect.gen(function* () {
        yield* tell(desk, [{ id: "a", start: 1, visitor: "v", says: ["ours"] }])
        yield* tell(desk, [{ id: "a", start: 1, visitor: "v", says: ["theirs"] }], other)
        expect(yield* saying(search, "theirs")).toEqual([])
        expect(yield* all(search, { words: ["theirs"] }, other)).toHaveLength(1)
        const none = { found: [], next: null }
        expect(yield* search.find(account, { ...everything, visitorId: visitorId("x") })).toMatchObject(none)
        expect(yield* search.find(account, { ...everything, agentId: agentId("9") })).toMatchObject(none)
        expect(yield* search.find(Id.AccountId.make("nobody"), everything)).toMatchObject(none)
      })
    )
  })

  describe(`${name}, by text`, () => {
    law("chatSearch.find.words: all words in one message, as parts of it, in any order and case", (search, desk) =>
      Effect.gen(function* () {
        yield* tell(desk, [
          { id: "a", start: 1, says: ["hello", "My ORDER number is 4711", "the order 4711 again"] },
          { id: "b", start: 2, says: ["about an order", "it is 4711"] },
          { id: "c", start: 3, says: ["Stra\u00DFe \u00C5ngstr\u00F6m \u039F\u0394\u039F\u03A3"] },
          { id: "d", start: 4 }
        ])
        expect(yield* saying(search, "4711 order")).toEqual(["a"])
        expect(yield* saying(search, "oRDeR")).toEqual(["b", "a"])
        expect(yield* saying(search, "rde 71")).toEqual(["a"])
        for (const same of [
          "stra\u00DFe",
          "A\u030Angstro\u0308m",
          "\u03BF\u03B4\u03BF\u03C3",
          "\u03BF\u03B4\u03BF\u03C2"
        ]) {
          expect(yield* saying(search, same), same).toEqual(["c"])
        }
        const [first] = yield* all(search, { words: wordsOf("4711 order") })
        expect(first?.hit).toMatchObject({ message: { number: 2 }, text: "My ORDER number is 4711" })
      })
    )

    it("chatSearch.find.literal: no character of a word means anything but itself", () =>
      fc.assert(
        fc.asyncProperty(hostile, hostile, (said, asked) =>
          Effect.runPromise(
            withSearch((search, desk) =>
              Effect.gen(function* () {
                yield* tell(desk, [{ id: "a", start: 1, says: [said] }])
                const fits = SearchText.fold(said).includes(SearchText.fold(asked))
                const found = yield* all(search, { words: [SearchText.fold(asked)] })
                expect(found.length).toBe(fits ? 1 : 0)
                expect(yield* all(search, { words: [SearchText.fold(said)] })).toHaveLength(1)
              })
            )
          )
        ),
        { numRuns: 150 }
      ))

    law("chatSearch.find.notes: internal notes count only where they are asked for (D8)", (search, desk) =>
      Effect.gen(function* () {
        yield* tell(desk, [
          { id: "a", start: 1, says: ["good day", "# careful, a good liar", "all good"] },
          { id: "b", start: 2, says: ["# careful"] }
        ])
        expect(yield* saying(search, "careful", { includeNotes: false })).toEqual([])
        expect(yield* saying(search, "good liar", { includeNotes: false })).toEqual([])
        if (!search.capabilities.notes) return
        expect(yield* saying(search, "careful")).toEqual(["b", "a"])
        const [liar] = yield* all(search, { words: wordsOf("good liar") })
        expect(liar?.hit?.message).toMatchObject({ number: 2, visibility: "internal" })
      })
    )

    law("chatSearch.find.erased: what was erased is not found, all else is (J4)", (search, desk) =>
      Effect.gen(function* () {
        yield* tell(desk, [
          { id: "a", start: 1, visitor: "v", says: ["my secret", "# their secret"] },
          { id: "b", start: 2, visitor: "w", says: ["another secret"] }
        ])
        expect(yield* saying(search, "secret")).toEqual(["b", "a"])
        yield* desk.erase(account, { _tag: "Visitor", visitorId: visitorId("v") }, 100)
        expect(yield* saying(search, "secret")).toEqual(["b"])
        const page = yield* search.find(account, everything)
        expect(ids(page)).toEqual(["b", "a"])
        expect([...page.texts.values()]).toEqual(["another secret"])
      })
    )
  })
}

const words = ["red", "blue", "redblue", "#", "green"]
const line = fc.subarray(words, { minLength: 1 }).map((some) => some.join(" "))

const anyPast: fc.Arbitrary<ReadonlyArray<Told>> = fc.uniqueArray(
  fc.record({
    id: fc.constantFrom(..."abcdefghijkl"),
    start: fc.nat({ max: 5 }),
    by: fc.subarray(["1", "2"]),
    visitor: fc.constantFrom("v", "w"),
    says: fc.array(line, { maxLength: 3 }),
    isOpen: fc.boolean()
  }),
  { selector: ({ id }) => id, minLength: 3, maxLength: 10, size: "max" }
)

const anyQuery: fc.Arbitrary<ChatSearchQuery> = fc.record({
  words: fc.option(fc.subarray(["red", "blue", "een"], { minLength: 1 }), { freq: 2 }),
  includeNotes: fc.boolean(),
  agentId: fc.option(fc.constantFrom("1", "2", "3").map(agentId), { freq: 2 }),
  visitorId: fc.option(fc.constantFrom("v", "w").map(visitorId), { freq: 2 }),
  from: fc.option(fc.nat({ max: 5 }).map(at), { freq: 2 }),
  until: fc.option(fc.nat({ max: 6 }).map(at), { freq: 2 }),
  after: fc.option(fc.record({ at: fc.nat({ max: 6 }).map(at), id: fc.constantFrom<string>("a", "f", "l") }), {
    freq: 2
  }),
  limit: fc.integer({ min: 1, max: 4 })
})

/** The rule in plain words: filter, sort, cut. */
const modelled = (told: ReadonlyArray<Told>, query: ChatSearchQuery): ReadonlyArray<string> =>
  told
    .filter(({ isOpen }) => isOpen !== true)
    .filter(({ by }) => query.agentId === null || by?.includes(query.agentId) === true)
    .filter(({ visitor }) => query.visitorId === null || visitor === query.visitorId)
    .filter(
      ({ start }) => (query.from === null || start >= query.from) && (query.until === null || start < query.until)
    )
    .filter(({ says = [] }) => {
      const seen = query.includeNotes ? says : says.filter((said) => !said.startsWith("#"))
      return query.words === null || seen.some((said) => query.words?.every((word) => said.includes(word)))
    })
    .sort((a, b) => b.start - a.start || (a.id < b.id ? 1 : -1))
    .filter(({ id, start }) => {
      const { after } = query
      return after === null || start < after.at || (start === after.at && id < after.id)
    })
    .map(({ id }) => id)

/** Short texts of what query languages are made of. */
const hostile = fc
  .array(
    fc.constantFrom("%", "_", "*", "?", ".", "\\", "'", '"', "(", ")", "[", "]", "|", "&", "!", "^", "$", "a", "-"),
    {
      minLength: 1,
      maxLength: 4
    }
  )
  .map((some) => some.join(""))
