import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import fc from "fast-check"
import { type Activity, ActivityFilter, Id, Instant } from "leadline"
import {
  answerChat,
  changePhone,
  createLead,
  leaveChat,
  logActivity,
  notifySales,
  readFeed,
  sendMessage
} from "leadline/use-cases"
import {
  chatId,
  importer,
  leadRef,
  person,
  personRef,
  run,
  saveRecords,
  saveUsers,
  user,
  userId
} from "../crm/World.ts"
import { agentAt, agentId, agentOf, chatted, chatting, hire, settle, userAt, visitorAt, world } from "../panel/Chats.ts"
import { cast, chatsIn, wordOf } from "./Feeds.ts"

const email = "ann@example.com"
const north = Id.TeamId.make("north")
const vips = Id.TeamId.make("vips")

const by = (who: ActivityFilter.By) => ({ filter: { ...ActivityFilter.all, by: who } })
const agent = (id: string) => by({ _tag: "Agent", agentId: agentId(id) })
const ofUser = (name: string) => by({ _tag: "User", userId: userId(name) })
const team = (teamId: Id.TeamId) => by({ _tag: "Team", teamId })
const group = (groupId: Id.TeamId) => by({ _tag: "Group", groupId })

/** A lead with an entry of every type, made by `a1` from a chat. */
const everyType = Effect.gen(function* () {
  yield* cast
  yield* settle({ leadOwners: [{ _tag: "User", userId: userId("owner") }] })
  yield* chatting("c", { email })
  const { lead } = yield* createLead(agentAt("a1"), { chatId: chatId("c") })
  const record = leadRef(lead)
  yield* notifySales(agentAt("a1"), { chatId: chatId("c"), text: "Note" })
  yield* changePhone(agentAt("a1"), { chatId: chatId("c"), phone: "+12125552368" })
  yield* logActivity(importer, { record, type: "Call", text: "Rang" })
  yield* logActivity(importer, { record, type: "Task", text: "Ring again" })
  yield* chatted("d", { email })
  return record
})

const types = ["Chat", "Note", "Call", "Task", "PhoneChanged", "AddedFromChat"] as const

describe("a filter by type", () => {
  it("gives exactly the entries of the types named (H3)", () =>
    fc.assert(
      fc.asyncProperty(fc.subarray([...types]), (wanted) =>
        run(
          Effect.gen(function* () {
            const record = yield* everyType
            const words = (filter: ActivityFilter.ActivityFilter) =>
              Effect.map(readFeed(importer, { record, filter }), ({ completeness, entries }) => {
                expect(completeness).toEqual({ _tag: "Complete" })
                return entries.map((entry) => (entry._tag === "Chat" ? "Chat" : entry.activity._tag)).toSorted()
              })
            const filter = { ...ActivityFilter.all, types: wanted as ReadonlyArray<Activity.ActivityType> }
            expect(yield* words(filter)).toEqual(wanted.toSorted())
            expect(yield* words(ActivityFilter.all)).toEqual(types.toSorted())
          })
        )
      ),
      { numRuns: 15 }
    ))
})

describe("a filter by people", () => {
  /** Chats that `a1`, `a2` (user `u2`) and both served; `a3` is the user `u3`. */
  const served = Effect.gen(function* () {
    yield* cast
    yield* saveUsers(user("u2", { teams: [north], groups: [vips] }), user("u3", { groups: [vips] }))
    yield* hire(agentOf("a3", { userId: userId("u3") }))
    yield* saveRecords(person("p", [email]))
    yield* chatted("one", { by: "a1", email })
    yield* chatted("two", { by: "a2", email })
    yield* chatted("three", { by: "a3", email })
    yield* chatting("both", { by: "a1", email })
    yield* leaveChat(agentAt("a1"), { chatId: chatId("both") })
    yield* sendMessage(visitorAt("v-both"), { chatId: chatId("both"), text: "Hello?" })
    yield* answerChat(agentAt("a2"), { chatId: chatId("both") })
    yield* chatted("both", { by: null, email })
  })

  const chats = (more: ReturnType<typeof by>) => Effect.map(chatsIn(personRef("p"), more), (ids) => ids.toSorted())

  it.effect("passes a chat for any agent who served it, named as agent or as user (H3)", () =>
    world(
      Effect.gen(function* () {
        yield* served
        expect(yield* chats(agent("a1"))).toEqual(["both", "one"])
        expect(yield* chats(agent("a2"))).toEqual(["both", "two"])
        expect(yield* chats(ofUser("u2"))).toEqual(["both", "two"])
        expect(yield* chats(ofUser("owner"))).toEqual([])
        expect(yield* chats(agent("nobody"))).toEqual([])
      })
    )
  )

  it.effect("takes teams and groups as they are when the feed is read (H3)", () =>
    world(
      Effect.gen(function* () {
        yield* served
        expect(yield* chats(team(north))).toEqual(["both", "two"])
        expect(yield* chats(group(vips))).toEqual(["both", "three", "two"])
        expect(yield* chats(team(vips))).toEqual([])
        expect(yield* chats(group(north))).toEqual([])
        yield* saveUsers(user("u2"), user("u3", { teams: [north] }))
        expect(yield* chats(team(north))).toEqual(["three"])
        expect(yield* chats(group(vips))).toEqual([])
        yield* hire(agentOf("a1", { userId: userId("u3") }))
        expect(yield* chats(team(north))).toEqual(["both", "one", "three"])
      })
    )
  )

  it.effect("passes activities for who did them, as agent or as user, with their name (H3)", () =>
    world(
      Effect.gen(function* () {
        yield* served
        yield* saveUsers(user("admin", { isCrmAdministrator: true }))
        yield* notifySales(agentAt("a2"), { chatId: chatId("two"), text: "By the agent" })
        yield* logActivity(userAt("admin"), { record: personRef("p"), type: "Call", text: "By a user" })
        yield* logActivity(importer, { record: personRef("p"), type: "Task", text: "By a program" })
        const words = (more: ReturnType<typeof by> | object) =>
          Effect.map(readFeed(importer, { record: personRef("p"), ...more }), ({ entries }) =>
            entries
              .filter(({ _tag }) => _tag === "Activity")
              .map(wordOf)
              .toSorted()
          )
        expect(yield* words({})).toEqual(["Call", "Note", "Task"])
        expect(yield* words(agent("a2"))).toEqual(["Note"])
        expect(yield* words(ofUser("u2"))).toEqual(["Note"])
        expect(yield* words(team(north))).toEqual(["Note"])
        expect(yield* words(ofUser("admin"))).toEqual(["Call"])
        expect(yield* words(agent("a1"))).toEqual([])
        const { entries } = yield* readFeed(importer, { record: personRef("p") })
        const names = entries.flatMap((entry) => (entry._tag === "Activity" ? [entry.byName ?? ""] : []))
        expect(names.toSorted()).toEqual(["A2", "admin (user)", "import"])
      })
    )
  )

  it.effect("finds missed chats for nobody, as nobody served them (D4, H3)", () =>
    world(
      Effect.gen(function* () {
        yield* served
        yield* chatted("missed", { by: null, email })
        const filter = { ...agent("a1").filter, includeMissed: true }
        expect((yield* chatsIn(personRef("p"), { filter })).toSorted()).toEqual(["both", "one"])
      })
    )
  )
})

describe("a filter by period", () => {
  it("is [from, until) over the start of chats and the time of activities (H3)", () =>
    fc.assert(
      fc.asyncProperty(
        fc.option(fc.integer({ min: 0, max: 7 })),
        fc.option(fc.integer({ min: 0, max: 7 })),
        (from, until) =>
          run(
            Effect.gen(function* () {
              yield* cast
              yield* saveRecords(person("p", [email]))
              for (let at = 0; at < 6; at++) {
                yield* chatted(`${at}`, { email })
                yield* logActivity(importer, { record: personRef("p"), type: "Call", text: "Rang" })
                yield* TestClock.adjust("1 second")
              }
              const at = (second: number | null) => (second === null ? null : Instant.fromMillis(second * 1000))
              const filter = { ...ActivityFilter.all, from: at(from), until: at(until) }
              const { completeness, entries } = yield* readFeed(importer, { record: personRef("p"), filter })
              const wanted = [0, 1, 2, 3, 4, 5].filter((n) => n >= (from ?? 0) && n < (until ?? 6)).reverse()
              for (const tag of ["Chat", "Activity"]) {
                const seconds = entries.filter(({ _tag }) => _tag === tag).map((entry) => entry.at / 1000)
                expect(seconds).toEqual(wanted)
              }
              expect(completeness).toEqual({ _tag: "Complete" })
            }).pipe(Effect.provide(TestClock.layer()))
          )
      ),
      { numRuns: 25 }
    ))

  it.effect("holds a chat by its start, though it ended later (H3, H4)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* saveRecords(person("p", [email]))
        yield* chatting("c", { email })
        yield* TestClock.adjust("1 hour")
        yield* chatted("c", { by: null, email })
        const filter = { ...ActivityFilter.all, until: Instant.fromMillis(1) }
        expect(yield* chatsIn(personRef("p"), { filter })).toEqual(["c"])
      })
    )
  )
})
