import { Effect } from "effect"
import { TestClock } from "effect/testing"
import * as fc from "fast-check"
import { type Chat, ChatEvolve, Id, Instant, type Settings } from "leadline"
import { DeskStore } from "leadline/ports"
import {
  answerChat,
  answerNext,
  declineOffer,
  drainTimers,
  endChat,
  heartbeat,
  inviteAgent,
  joinChat,
  leaveChat,
  leavePage,
  returnToPage,
  runTimers,
  saveAgent,
  sendMessage,
  setStatus,
  signIn,
  signOut,
  transferToAgent,
  transferToDepartment
} from "leadline/use-cases"
import { describe, expect, it } from "vitest"
import { account, chatId, importer } from "../crm/World.ts"
import { agentAt, agentId, agentOf, settle, visitorAt, world } from "../panel/Chats.ts"
import { ask, atOnce, chats, deskOf, disagreements, events, slots } from "./Floor.ts"

const agents = ["a1", "a2", "a3", "a4"]
const asked = ["c1", "c2", "c3", "c4", "c5", "c6"]
const sales = Id.DepartmentId.make("sales")
const device = { deviceId: Id.DeviceId.make("d") }

/** One thing that somebody does; refusals are as good as success here. */
interface Act {
  readonly what: string
  readonly who: string
  readonly to: string
  readonly chat: string
}

const does = ({ chat, to, what, who }: Act) => {
  const id = { chatId: chatId(chat) }
  const agent = agentAt(who)
  const visitor = visitorAt(`v-${chat}`)
  switch (what) {
    case "ask":
      return ask(chat, who === "a1" ? { department: sales } : who === "a2" ? { skills: ["french"] } : {})
    case "answer":
      return answerChat(agent, id)
    case "next":
      return answerNext(agent)
    case "decline":
      return declineOffer(agent, id)
    case "transfer":
      return transferToAgent(agent, { ...id, to: agentId(to) })
    case "department":
      return transferToDepartment(agent, { ...id, department: to === "a1" ? sales : null })
    case "invite":
      return inviteAgent(agent, { ...id, agentId: agentId(to) })
    case "join":
      return joinChat(agent, id)
    case "leave":
      return leaveChat(agent, id)
    case "online":
    case "away":
    case "invisible":
    case "offline":
      return setStatus(agent, { status: what })
    case "signIn":
      return signIn(agent, device)
    case "signOut":
      return signOut(agent, device)
    case "beat":
      return heartbeat(agent, device)
    case "says":
      return sendMessage(agent, { ...id, text: "hello" })
    case "visitor":
      return sendMessage(visitor, { ...id, text: "hello" })
    case "gone":
      return leavePage(visitor, id)
    case "back":
      return returnToPage(visitor, id)
    case "moved":
      return saveAgent(importer, staff(who, to === "a1" ? [sales] : []))
    case "end":
      return endChat(visitor, id)
    default:
      return runTimers(account)
  }
}

const staff = (id: string, departments: ReadonlyArray<Id.DepartmentId>) =>
  agentOf(id, {
    departments: [...departments],
    skills: id === "a1" ? ["French"] : [],
    chatLimit: { a1: 1, a2: 2, a3: 3 }[id] ?? null
  })

const open = Effect.fnUntraced(function* (settings: Partial<Settings.Settings>) {
  yield* settle({ agentsMayJoin: true, ...settings })
  for (const id of agents) {
    yield* saveAgent(importer, staff(id, id < "a3" ? [sales] : []))
    yield* setStatus(agentAt(id), { status: "online" })
  }
})

const whats = [
  ...["ask", "ask", "ask", "answer", "answer", "next", "next", "decline", "transfer", "transfer", "department"],
  ...["invite", "join", "leave", "online", "online", "away", "invisible", "offline", "signIn", "signOut", "beat"],
  ...["says", "visitor", "gone", "back", "moved", "end", "route", "route", "route"]
]

const act = fc.record<Act>({
  what: fc.constantFrom(...whats),
  who: fc.constantFrom(...agents),
  to: fc.constantFrom(...agents),
  chat: fc.constantFrom(...asked)
})

/** What happens at once, and how many seconds pass after it. */
const history = fc.array(
  fc.record({
    acts: fc.array(act, { minLength: 1, maxLength: 8 }),
    seconds: fc.constantFrom(0, 0, 1, 5, 15, 30, 61, 700)
  }),
  { minLength: 1, maxLength: 12 }
)

const run = <A, E>(effect: Effect.Effect<A, E, Layer>) =>
  Effect.runPromise(world(effect).pipe(Effect.provide(TestClock.layer())) as Effect.Effect<A, E>)
type Layer = Parameters<typeof world>[0] extends Effect.Effect<unknown, unknown, infer R> ? R : never

const now = Effect.map(
  Effect.clockWith((clock) => clock.currentTimeMillis),
  Instant.fromMillis
)

/** Whether the chat could be offered to the agent right now, but for what they already have. */
const couldServe = (chat: Chat.Chat, id: string, departments: ReadonlyArray<string>, at: number): boolean => {
  const asksFor = at - chat.queuedAt >= 30_000 ? [] : chat.skills
  const exclusion = chat.exclusions.find(({ agentId }) => agentId === id)
  const isPaused =
    exclusion !== undefined && (exclusion.isExcluded || (exclusion.why !== "transferred" && at < exclusion.at + 30_000))
  return (
    (chat.department === null || departments.includes(chat.department)) &&
    (asksFor.length === 0 || id === "a1") &&
    !isPaused
  )
}

/** After routing nobody waits whom a free agent could serve: liveness, and C2 where the agent got a younger one. */
const starving = Effect.gen(function* () {
  const store = yield* DeskStore
  const at = yield* now
  const roster = yield* store.roster(account)
  const taken = yield* slots(at)
  const waiting = yield* store.waiting(account, 100)
  return waiting.flatMap((chat) =>
    roster.flatMap(({ agent, desk, presence }, index) => {
      const { limit, used } = taken[index] ?? { limit: 0, used: 0 }
      const ends = presence === null ? [] : [...presence.leases.map(({ until }) => until), presence.endedAt ?? 0]
      const isHere =
        ends.length === 0 ||
        Math.max(...ends) + 30_000 > at ||
        (presence?.leases.length === 0 && presence.endedAt === null)
      const isFree =
        isHere && desk.value?.status === "online" && desk.value.offer === null && (limit === null || used < limit)
      return isFree && couldServe(chat, agent.id, agent.departments, at) ? [`${chat.id} waits for ${agent.id}`] : []
    })
  )
})

/** Of each offer in the log: the chats with a lower number that waited then, and that its agent could have had (C2). */
const overtaken = Effect.gen(function* () {
  const known = new Map<string, Chat.Chat>()
  const found: Array<string> = []
  let offers = 0
  let last = 0
  for (const { at, payload, stream } of yield* events) {
    if (!stream.startsWith("chat/")) continue
    const id = stream.slice(5)
    const before = known.get(id) ?? null
    const after = ChatEvolve.evolve(before, payload as Parameters<typeof ChatEvolve.evolve>[1], at)
    if (after === null) continue
    const isQueued = after.state._tag === "Waiting" || after.state._tag === "Offered"
    known.set(id, isQueued && after.queueNumber === null ? { ...after, queueNumber: ++last } : after)
    if (payload._tag !== "ChatOffered" || payload.kind !== "routing") continue
    offers++
    const departments = payload.agentId < "a3" ? [sales] : []
    for (const chat of known.values()) {
      if (chat.state._tag !== "Waiting" || (chat.queueNumber ?? 0) >= (after.queueNumber ?? 0)) continue
      if (couldServe(chat, payload.agentId, departments, at)) found.push(`${id} came before ${chat.id}`)
    }
  }
  return { found, offers }
})

describe("routing in any history", () => {
  it.each(["assigned", "broadcast", "hybrid"] as const)(
    "%s: chats and desks agree, an agent holds one offer, and no claim exceeds a limit (B6, C4, C8)",
    (routing) =>
      fc.assert(
        fc.asyncProperty(history, (steps) =>
          run(
            Effect.gen(function* () {
              yield* open({ routing })
              for (const { acts, seconds } of steps) {
                const before = yield* slots(yield* now)
                yield* Effect.forEach(
                  acts,
                  (one) => Effect.result(does(one) as Effect.Effect<unknown, unknown>),
                  atOnce
                )
                expect(yield* disagreements).toEqual([])
                const woke = acts.some(({ what }) => what === "says" || what === "visitor")
                for (const [index, { agentId: id, limit, used }] of (yield* slots(yield* now)).entries()) {
                  if (routing === "hybrid" || woke || limit === null) continue
                  expect(used, id).toBeLessThanOrEqual(Math.max(limit, before[index]?.used ?? 0))
                }
                yield* TestClock.adjust(seconds * 1_000)
              }
            })
          )
        ),
        { numRuns: 60 }
      )
  )

  it.each([1, 2])("assigned, %s host(s): whoever is free holds the oldest chat they could serve (C2, C7)", (hosts) =>
    fc.assert(
      fc.asyncProperty(history, fc.boolean(), (steps, autoAccept) =>
        run(
          Effect.gen(function* () {
            yield* open({
              routing: "assigned",
              offers: { reassignAfterMillis: 30_000, autoIdleAfterMisses: null, autoAccept }
            })
            for (const { acts, seconds } of steps) {
              const doing = acts.map((one) => Effect.result(does(one) as Effect.Effect<unknown, unknown>))
              const hosting = Array.from({ length: hosts }, () => drainTimers(account))
              yield* Effect.all([...doing, ...hosting], atOnce)
              expect(yield* disagreements).toEqual([])
              yield* TestClock.adjust(seconds * 1_000)
              yield* Effect.all(hosting, atOnce)
              yield* drainTimers(account)
              expect(yield* disagreements).toEqual([])
              expect(yield* starving).toEqual([])
            }
          })
        )
      ),
      { numRuns: 50 }
    )
  )

  it.each([1, 2])(
    "assigned, %s host(s): no chat is offered before an older one that its agent could serve (C2)",
    (hosts) => {
      let seen = 0
      return fc
        .assert(
          fc.asyncProperty(history, (steps) =>
            run(
              Effect.gen(function* () {
                yield* open({ routing: "assigned" })
                for (const { acts, seconds } of steps) {
                  const doing = acts
                    .filter(({ what }) => what !== "moved")
                    .map((one) => Effect.result(does(one) as Effect.Effect<unknown, unknown>))
                  yield* Effect.all([...doing, ...Array.from({ length: hosts }, () => drainTimers(account))], atOnce)
                  yield* TestClock.adjust(seconds * 1_000)
                }
                const { found, offers } = yield* overtaken
                expect(found).toEqual([])
                seen += offers
              })
            )
          ),
          { numRuns: 100 }
        )
        .then(() => expect(seen).toBeGreaterThan(100))
    }
  )

  it("with only time passing every chat ends or is served, in steps that each move time on (C7, D5)", () =>
    fc.assert(
      fc.asyncProperty(history, (steps) =>
        run(
          Effect.gen(function* () {
            yield* open({ routing: "assigned" })
            for (const { acts, seconds } of steps) {
              yield* Effect.forEach(acts, (one) => Effect.result(does(one) as Effect.Effect<unknown, unknown>), atOnce)
              yield* TestClock.adjust(seconds * 1_000)
            }
            let rounds = 0
            for (let { nextAt } = yield* drainTimers(account); nextAt !== null; rounds++) {
              expect(rounds).toBeLessThan(1_000)
              const at = yield* now
              expect(nextAt).toBeGreaterThan(at)
              yield* TestClock.adjust(nextAt - at)
              nextAt = (yield* drainTimers(account)).nextAt
              expect(yield* disagreements).toEqual([])
            }
            for (const chat of yield* chats) expect(chat.state._tag).toBe("Closed")
            for (const id of agents) expect(yield* deskOf(id)).toMatchObject({ offer: null, serving: [] })
          })
        )
      ),
      { numRuns: 40 }
    ))
})
