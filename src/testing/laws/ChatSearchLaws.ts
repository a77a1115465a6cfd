import { Effect } from "effect"
import fc from "fast-check"
import * as SearchText from "../../domain/chat/SearchText.ts"
import type { ChatSearch } from "../../ports/ChatSearch.ts"
import type { DeskStore } from "../../ports/DeskStore.ts"
import {
  all,
  anyPast,
  anyQuery,
  catchUp,
  chatOf,
  declares,
  everything,
  hostile,
  ids,
  law,
  modelled,
  refOf,
  saying,
  type Told,
  tell,
  wordsOf
} from "./ChatSearchKit.ts"
import { agentId, nothing, visitor, visitorId } from "./DeskKit.ts"
import * as Expect from "./Expect.ts"
import type { Law } from "./Law.ts"

/** decision: some hundred chats written, a second on a server. */
const RUNS = 30

const soon: Told = { id: "a", start: 5, says: ["soon"], isOpen: true }

/** Which chats are found, and in which order. */
const whichLaws: ReadonlyArray<Law<ChatSearch | DeskStore>> = [
  law(
    {
      id: "chatSearch.find.closed",
      sentence: "a chat of any kind is found from its close on, once, as it is now, with its texts; an open one is not",
      rules: ["D2", "D4", "H7"]
    },
    (ports, { account }) =>
      Effect.gen(function* () {
        const { desk, search } = ports
        const others: ReadonlyArray<Told> = [
          { id: "b", start: 1, by: [] },
          { id: "c", start: 2, by: [], kind: "offlineMessage" }
        ]
        yield* tell(ports, account, [soon, ...others])
        yield* Expect.same("found", ids(yield* search.find(account, everything)), ["c", "b"])
        const key = { kind: "chat", id: "a" } as const
        const change = (tags: ReadonlyArray<string>) =>
          Effect.gen(function* () {
            const [{ version }] = yield* desk.get(account, [key])
            const value = { ...chatOf({ ...soon, isOpen: false }), tags }
            const put = [{ key, value, contents: [refOf("a", 0)], due: null }]
            yield* desk.commit(account, { ...nothing, expect: [{ key, version }], put })
            yield* catchUp(search)
          })
        yield* change([])
        yield* Expect.same("found, one more closed", ids(yield* search.find(account, everything)), ["a", "c", "b"])
        yield* change(["vip"])
        const page = yield* search.find(account, everything)
        yield* Expect.same("found, that one put again", ids(page), ["a", "c", "b"])
        yield* Expect.same("its tags", page.found[0]?.chat.tags, ["vip"])
        yield* Expect.same("texts", page.texts, new Map([["a-0", "soon"]]))
      })
  ),

  law(
    {
      id: "chatSearch.find.criteria",
      sentence:
        "every criterion that is given holds, and the chats come newest first by start, then by id by code unit",
      rules: ["H4", "D2"],
      group: "model"
    },
    (ports, world) =>
      world.forAll(fc.tuple(anyPast, anyQuery(ports.search.capabilities)), RUNS, ([told, asked], { account }) =>
        Effect.gen(function* () {
          const query = { ...asked, limit: 100 }
          yield* tell(ports, account, told)
          const found = yield* all(ports, account, query)
          const includeNotes = query.includeNotes && ports.search.capabilities.notes
          const expected = modelled(told, { ...query, includeNotes })
          yield* Expect.same(`find(${JSON.stringify(query)})`, ids({ found }), expected)
          const hits = found.map(({ hit }) => hit !== null)
          yield* Expect.same(
            "a hit with each, where words are asked for",
            hits,
            hits.map(() => query.words !== null)
          )
        })
      )
  ),

  law(
    {
      id: "chatSearch.find.pages",
      sentence: "a chain of pages holds each fitting chat once, however it is cut, from wherever it begins",
      rules: ["H4"],
      group: "model"
    },
    (ports, world) =>
      world.forAll(fc.tuple(anyPast, anyQuery(ports.search.capabilities)), RUNS, ([told, query], { account }) =>
        Effect.gen(function* () {
          yield* tell(ports, account, told)
          const found = yield* all(ports, account, query)
          const includeNotes = query.includeNotes && ports.search.capabilities.notes
          const expected = modelled(told, { ...query, includeNotes })
          yield* Expect.same(`pages of find(${JSON.stringify(query)})`, ids({ found }), expected)
        })
      )
  ),

  law(
    {
      id: "chatSearch.find.account",
      sentence: "only chats of this account are found, also where another one has the same ids and words",
      rules: ["J2"]
    },
    (ports, { account, other }) =>
      Effect.gen(function* () {
        yield* tell(ports, account, [{ id: "a", start: 1, visitor: "v", says: ["ours"] }])
        yield* Expect.same("found in another account", yield* all(ports, other, {}), [])
        yield* tell(ports, other, [{ id: "a", start: 1, visitor: "v", says: ["theirs"] }])
        const page = yield* ports.search.find(account, everything)
        yield* Expect.same("texts found", page.texts, new Map([["a-0", "ours"]]))
        if (!ports.search.capabilities.text) return
        yield* Expect.same("found by their word", yield* saying(ports, account, "theirs"), [])
        yield* Expect.same("found by theirs in theirs", yield* saying(ports, other, "theirs"), ["a"])
      })
  ),

  law(
    {
      id: "chatSearch.find.nobody",
      sentence: "of a visitor or an agent who is not there nothing is found, and the page is the last",
      rules: ["K3"]
    },
    (ports, { account }) =>
      Effect.gen(function* () {
        const { agent, visitor: byVisitor } = ports.search.capabilities
        yield* tell(ports, account, [{ id: "a", start: 1, visitor: "v" }])
        const none = { found: [], next: null }
        const asked = [
          ...(byVisitor ? [{ visitorId: visitorId("x") }] : []),
          ...(agent ? [{ agentId: agentId("9") }] : [])
        ]
        for (const one of asked) {
          const page = yield* ports.search.find(account, { ...everything, ...one })
          yield* Expect.matches(`find(${JSON.stringify(one)})`, page, none)
        }
      })
  )
]

/** By what was said in them. */
const textLaws: ReadonlyArray<Law<ChatSearch | DeskStore>> = [
  law(
    {
      id: "chatSearch.find.words",
      sentence: "a chat is found by all words in one message, as parts of it, in any order, case and Unicode form",
      rules: ["D2"],
      needs: declares("text")
    },
    (ports, { account }) =>
      Effect.gen(function* () {
        yield* tell(ports, account, [
          { id: "a", start: 1, says: ["hello", "My ORDER number is 4711", "the order 4711 again"] },
          { id: "b", start: 2, says: ["about an order", "it is 4711"] },
          { id: "c", start: 3, says: ["Stra\u00dfe \u00c5ngstr\u00f6m \u039f\u0394\u039f\u03a3"] },
          { id: "d", start: 4 }
        ])
        const by = (typed: string) => saying(ports, account, typed)
        yield* Expect.same("by two words, apart in b", yield* by("4711 order"), ["a"])
        yield* Expect.same("by another case", yield* by("oRDeR"), ["b", "a"])
        yield* Expect.same("by parts of words", yield* by("rde 71"), ["a"])
        const spelled = ["stra\u00dfe", "A\u030angstro\u0308m", "\u03bf\u03b4\u03bf\u03c3", "\u03bf\u03b4\u03bf\u03c2"]
        for (const same of spelled) yield* Expect.same(`by ${same}`, yield* by(same), ["c"])
        const [first] = yield* all(ports, account, { words: wordsOf("4711 order") })
        const hit = { message: { number: 2 }, text: "My ORDER number is 4711" }
        yield* Expect.matches("the hit: the first message that holds all words", first?.hit, hit)
      })
  ),

  law(
    {
      id: "chatSearch.find.literal",
      sentence: "no character of a word means anything but itself: no wildcard, no operator, no escape",
      rules: ["D2"],
      needs: declares("text"),
      group: "model"
    },
    (ports, world) =>
      world.forAll(fc.tuple(hostile, hostile), RUNS * 3, ([said, asked], { account }) =>
        Effect.gen(function* () {
          yield* tell(ports, account, [{ id: "a", start: 1, says: [said] }])
          const fits = SearchText.fold(said).includes(SearchText.fold(asked))
          const by = (typed: string) =>
            Effect.map(all(ports, account, { words: [SearchText.fold(typed)] }), (found) => ids({ found }))
          yield* Expect.same(`${asked} in what says ${said}`, yield* by(asked), fits ? ["a"] : [])
          yield* Expect.same(`${said} in what says ${said}`, yield* by(said), ["a"])
        })
      )
  ),

  law(
    {
      id: "chatSearch.find.notes",
      sentence:
        "internal notes count where they are asked for, and are then a hit; where not, no visitor's reader finds them",
      rules: ["D8"],
      needs: declares("notes")
    },
    (ports, { account }) =>
      Effect.gen(function* () {
        yield* tell(ports, account, [
          { id: "a", start: 1, says: ["good day", "# careful, a good liar", "all good"] },
          { id: "b", start: 2, says: ["# careful"] }
        ])
        const without = { includeNotes: false }
        yield* Expect.same("without notes", yield* saying(ports, account, "careful", without), [])
        yield* Expect.same("words of notes and messages", yield* saying(ports, account, "good liar", without), [])
        yield* Expect.same("with notes", yield* saying(ports, account, "careful"), ["b", "a"])
        const [liar] = yield* all(ports, account, { words: wordsOf("good liar") })
        yield* Expect.matches("the hit", liar?.hit?.message, { number: 2, visibility: "internal" })
      })
  ),

  law(
    {
      id: "chatSearch.find.noNotes",
      sentence: "a search that does not declare notes finds none, even where they are asked for",
      rules: ["D8"],
      needs: declares("text"),
      forbids: declares("notes")
    },
    (ports, { account }) =>
      Effect.gen(function* () {
        yield* tell(ports, account, [{ id: "a", start: 1, says: ["good day", "# careful"] }])
        yield* Expect.same("by a note's word", yield* saying(ports, account, "careful"), [])
        yield* Expect.same("by a message's word", yield* saying(ports, account, "good"), ["a"])
      })
  ),

  law(
    {
      id: "chatSearch.find.erased",
      sentence:
        "what was erased is found by none of its words from the end of `erase` on; the chat stays, and others' texts",
      rules: ["J4"],
      needs: { name: "erase", isDeclared: ({ desk }) => desk.capabilities.erase }
    },
    (ports, { account }) =>
      Effect.gen(function* () {
        const { desk, search } = ports
        yield* tell(ports, account, [
          { id: "a", start: 1, visitor: "v", says: ["my secret", "# their secret"] },
          { id: "b", start: 2, visitor: "w", says: ["another secret"] }
        ])
        const secret = Effect.suspend(() =>
          search.capabilities.text ? saying(ports, account, "secret") : Effect.succeed(["b"])
        )
        yield* secret
        yield* desk.erase(account, visitor("v"), 100)
        yield* Expect.same("by a word of it", yield* secret, ["b"])
        const page = yield* search.find(account, everything)
        yield* Expect.same("all chats", ids(page), ["b", "a"])
        yield* Expect.same("texts", page.texts, new Map([["b-0", "another secret"]]))
      })
  )
]

/** The laws of a search in past chats. */
export const chatSearchLaws: ReadonlyArray<Law<ChatSearch | DeskStore>> = [...whichLaws, ...textLaws]
