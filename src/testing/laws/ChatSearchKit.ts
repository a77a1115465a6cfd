/** What the laws of a search in past chats are written with: chats that are told, and questions about them. */
import { Duration, Effect } from "effect"
import fc from "fast-check"
import * as Event from "../../domain/account/Event.ts"
import * as Id from "../../domain/account/Id.ts"
import type * as Chat from "../../domain/chat/Chat.ts"
import * as ChatEvent from "../../domain/chat/ChatEvent.ts"
import * as SearchText from "../../domain/chat/SearchText.ts"
import type * as Transcript from "../../domain/chat/Transcript.ts"
import {
  ChatSearch,
  type ChatSearchCapabilities,
  type ChatSearchPage,
  type ChatSearchQuery,
  type ChatSearchShape
} from "../../ports/ChatSearch.ts"
import { DeskStore, type DeskStoreShape } from "../../ports/DeskStore.ts"
import { agentId, nothing, visitorId, waiting } from "./DeskKit.ts"
import * as Expect from "./Expect.ts"
import { type Declared, lawsOn, trueSleep } from "./Law.ts"
import { at, ref } from "./StoreKit.ts"

/** A search, and the desk store whose chats it finds. */
export interface Ports {
  readonly search: ChatSearchShape
  readonly desk: DeskStoreShape
}

export const law = lawsOn<Ports, ChatSearch | DeskStore>(Effect.all({ search: ChatSearch, desk: DeskStore }))

type Flag = Exclude<keyof ChatSearchCapabilities, "stalenessMillis">

export const declares = (name: Flag): Declared<Ports> => ({
  name,
  isDeclared: ({ search }) => search.capabilities[name]
})

export const everything: ChatSearchQuery = {
  words: null,
  includeNotes: true,
  agentId: null,
  visitorId: null,
  from: null,
  until: null,
  after: null,
  limit: 100
}

/** A chat that is over, or, where it says so, still open; a line that begins with `#` is a note. */
export interface Told {
  readonly id: string
  readonly start: number
  readonly by?: ReadonlyArray<string>
  readonly visitor?: string
  readonly kind?: Chat.Chat["kind"]
  readonly says?: ReadonlyArray<string>
  readonly isOpen?: boolean
}

export const refOf = (id: string, n: number) => ref(`${id}-${n}`)

export const chatOf = ({
  by = ["1"],
  id,
  isOpen = false,
  kind = "chat",
  says = [],
  start,
  visitor
}: Told): Chat.Chat => {
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

/** Waits until the search may not be stale any more. */
export const catchUp = ({ capabilities }: ChatSearchShape): Effect.Effect<void> =>
  capabilities.stalenessMillis === 0 ? Effect.void : trueSleep(Duration.millis(capabilities.stalenessMillis))

/** Stores chats with what was said in them. */
export const tell = ({ desk, search }: Ports, account: Id.AccountId, told: ReadonlyArray<Told>) =>
  Effect.andThen(
    Effect.forEach(told, (one) => tellOne(desk, account, one), { discard: true }),
    catchUp(search)
  )

const tellOne = (desk: DeskStoreShape, account: Id.AccountId, told: Told) =>
  Effect.gen(function* () {
    const key = { kind: "chat" as const, id: told.id }
    const [{ version }] = yield* desk.get(account, [key])
    const [chat, says] = [chatOf(told), told.says ?? []]
    yield* desk.commit(account, {
      ...nothing,
      expect: [{ key, version }],
      put: [{ key, value: chat, contents: says.map((_, n) => refOf(told.id, n)), due: null }],
      contents: says.map((value, n) => ({
        ref: refOf(told.id, n),
        subject: { _tag: "Visitor", visitorId: chat.visitor.id },
        salt: "0".repeat(32),
        value
      })),
      events: linesOf(told).map((message) => {
        const payload = { _tag: "MessageSent" as const, message, digest: chat.digest }
        return {
          ...{
            id: Id.EventId.make(`e-${told.id}-${message.number}`),
            stream: `chat/${told.id}`,
            number: message.number
          },
          ...{
            at: message.at,
            actor: { _tag: "System" as const },
            surface: "api" as const,
            schemaVersion: Event.SCHEMA_VERSION
          },
          payload,
          contents: ChatEvent.contentsOf(payload)
        }
      })
    })
  })

export const wordsOf = (typed: string): ReadonlyArray<string> => SearchText.fold(typed).split(" ")

export const ids = ({ found }: Pick<ChatSearchPage, "found">): ReadonlyArray<string> => found.map(({ chat }) => chat.id)

/** decision: far more pages than any law has chats, so that a chain without an end is noticed. */
const MAX_PAGES = 100

/** All pages, joined. */
export const all = ({ search }: Ports, account: Id.AccountId, query: Partial<ChatSearchQuery>) =>
  Effect.gen(function* () {
    const found: Array<ChatSearchPage["found"][number]> = []
    const { after: from, limit } = { ...everything, ...query }
    let after = from
    for (let pages = 0; pages < MAX_PAGES; pages++) {
      const page = yield* search.find(account, { ...everything, ...query, after })
      yield* Expect.holds("chats of a page", page.found.length <= limit, page.found.length, `at most ${limit}`)
      found.push(...page.found)
      if (page.next === null) return found
      after = page.next
    }
    return yield* Expect.holds("pages", false, "more", `no more than ${MAX_PAGES}`).pipe(Effect.as(found))
  })

/** The chats in which something is said. */
export const saying = (ports: Ports, account: Id.AccountId, typed: string, more: Partial<ChatSearchQuery> = {}) =>
  Effect.map(all(ports, account, { words: wordsOf(typed), ...more }), (found) => ids({ found }))

/** Every third is a note. */
const line = fc
  .tuple(fc.constantFrom("", "", "# "), fc.subarray(["red", "blue", "redblue", "green"], { minLength: 1 }))
  .map(([mark, some]) => mark + some.join(" "))

export const anyPast: fc.Arbitrary<ReadonlyArray<Told>> = fc.uniqueArray(
  fc.record({
    id: fc.constantFrom(..."abcdefghABCD"),
    start: fc.nat({ max: 5 }),
    by: fc.subarray(["1", "2"]),
    visitor: fc.constantFrom("v", "w"),
    says: fc.array(line, { maxLength: 3 }),
    isOpen: fc.boolean()
  }),
  { selector: ({ id }) => id, minLength: 3, maxLength: 10, size: "max" }
)

/** Not asked for more often than asked for: of many criteria at once little would be left to find. */
const perhaps = <A>(isAsked: boolean, arbitrary: fc.Arbitrary<A>): fc.Arbitrary<A | null> =>
  isAsked ? fc.oneof({ weight: 2, arbitrary: fc.constant(null) }, { weight: 1, arbitrary }) : fc.constant(null)

/** A question, by what the search can answer. */
export const anyQuery = (can: ChatSearchCapabilities): fc.Arbitrary<ChatSearchQuery> =>
  fc.record({
    words: can.text ? fc.option(fc.subarray(["red", "blue", "een"], { minLength: 1 }), { freq: 3 }) : fc.constant(null),
    includeNotes: fc.boolean(),
    agentId: perhaps(can.agent, fc.constantFrom("1", "2", "3").map(agentId)),
    visitorId: perhaps(can.visitor, fc.constantFrom("v", "w").map(visitorId)),
    from: perhaps(can.period, fc.nat({ max: 5 }).map(at)),
    until: perhaps(can.period, fc.nat({ max: 6 }).map(at)),
    after: perhaps(true, fc.record({ at: fc.nat({ max: 6 }).map(at), id: fc.constantFrom<string>("a", "f", "C") })),
    limit: fc.integer({ min: 1, max: 4 })
  })

/** The rule in plain words: filter, sort, cut. */
export const modelled = (told: ReadonlyArray<Told>, query: ChatSearchQuery): ReadonlyArray<string> =>
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
    .toSorted((a, b) => b.start - a.start || (a.id < b.id ? 1 : -1))
    .filter(({ id, start }) => {
      const { after } = query
      return after === null || start < after.at || (start === after.at && id < after.id)
    })
    .map(({ id }) => id)

/** Short texts of what query languages are made of. */
export const hostile: fc.Arbitrary<string> = fc
  .array(fc.constantFrom(..."%_*?.\\'\"()[]|&!^$a-"), { minLength: 1, maxLength: 4 })
  .map((some) => some.join(""))
