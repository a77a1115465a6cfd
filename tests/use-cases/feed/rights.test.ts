import { describe, expect, it } from "@effect/vitest"
import { Effect, Result } from "effect"
import fc from "fast-check"
import { Id, type User } from "leadline"
import { openTranscript, readFeed, readPanel, saveAgent, saveRecord, saveUser } from "leadline/use-cases"
import {
  chatId,
  company,
  companyRef,
  importer,
  person,
  personRef,
  recordId,
  run,
  saveRecords,
  saveUsers,
  user,
  userId
} from "../crm/World.ts"
import { agentAt, agentOf, chatted, chatting, hire, settle, userAt, visitorAt, world } from "../panel/Chats.ts"
import { cast, chatsIn } from "./Feeds.ts"

const email = "ann@example.com"

const team = (name: string) => Id.TeamId.make(name)

/** Users `u0`, `u1` …: each reports to one before them, or to nobody. */
const staff: fc.Arbitrary<ReadonlyArray<User.User>> = fc
  .array(
    fc.record({
      above: fc.option(fc.nat(4)),
      teams: fc.subarray(["north", "south"]),
      visibility: fc.constantFrom("own", "team", "all"),
      isActive: fc.boolean(),
      isCrmAdministrator: fc.integer({ min: 0, max: 4 }).map((n) => n === 0)
    }),
    { minLength: 2, maxLength: 5 }
  )
  .map((all) =>
    all.map(({ above, teams, visibility, ...more }, at) =>
      user(`u${at}`, {
        ...more,
        visibility: visibility as User.Visibility,
        teams: teams.map(team),
        reportsTo: above === null || at === 0 ? null : userId(`u${above % at}`)
      })
    )
  )

/** Whether one may see what another owns, told anew from the rule (E2, J1). */
const maySee = (all: ReadonlyArray<User.User>, viewer: User.User, owner: User.User): boolean => {
  const isAbove = (one: User.User): boolean => {
    const manager = all.find(({ id }) => id === one.reportsTo)
    return manager !== undefined && (manager.id === viewer.id || isAbove(manager))
  }
  if (!viewer.isActive) return false
  if (viewer.isCrmAdministrator || viewer.visibility === "all" || viewer.id === owner.id) return true
  return viewer.visibility === "team" && (viewer.teams.some((one) => owner.teams.includes(one)) || isAbove(owner))
}

describe("who may see a record", () => {
  it("reads its feed and transcripts, and nobody else does; lists show no more than may be read (E2, J1)", () =>
    fc.assert(
      fc.asyncProperty(staff, (all) =>
        run(
          Effect.gen(function* () {
            yield* saveUsers(...all)
            yield* settle({ accessToCrmData: "crmUsersOnly" })
            yield* hire(agentOf("a1"), ...all.map(({ id }) => agentOf(`agent-${id}`, { userId: id })))
            yield* saveRecords(...all.map(({ id }) => person(`of-${id}`, [email], { ownerId: id })))
            yield* chatted("c", { email })
            yield* chatting("open", { email })
            for (const viewer of all) {
              const readable = all.filter((owner) => maySee(all, viewer, owner)).map(({ id }) => `of-${id}`)
              for (const caller of [userAt(viewer.id), agentAt(`agent-${viewer.id}`)]) {
                const opened: Array<string> = []
                for (const { id } of all) {
                  const record = personRef(`of-${id}`)
                  const feed = yield* Effect.result(readFeed(caller, { record }))
                  const transcript = yield* Effect.result(openTranscript(caller, { record, chatId: chatId("c") }))
                  expect(Result.isSuccess(transcript)).toBe(Result.isSuccess(feed))
                  if (Result.isSuccess(feed)) opened.push(record.id)
                  else {
                    expect(["RecordHidden", "AccessDenied"]).toContain(feed.failure._tag)
                    expect(feed.failure._tag === "AccessDenied").toBe(!viewer.isActive)
                  }
                }
                expect(opened).toEqual(readable)
              }
              const { panel } = yield* readPanel(agentAt(`agent-${viewer.id}`), { chatId: chatId("open") })
              const listed = panel._tag === "Record" ? [panel.record, ...panel.others].map(({ id }) => id) : []
              expect(listed.toSorted()).toEqual(readable)
              expect(panel._tag).toBe(!viewer.isActive ? "NoAccess" : readable.length > 0 ? "Record" : "Hidden")
            }
          })
        )
      ),
      { numRuns: 25 }
    ))

  it.effect("reads also the chats that no agent of theirs could see in Chat (J1)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* saveRecords(person("p", [email]))
        yield* chatted("c", { email, says: "Hello" })
        yield* saveUser(importer, user("plain"))
        expect(yield* chatsIn(personRef("p"), {}, userAt("plain"))).toEqual(["c"])
        expect(yield* openTranscript(userAt("plain"), { record: personRef("p"), chatId: chatId("c") })).toMatchObject({
          lines: [{ text: "Hello" }]
        })
      })
    )
  )

  it.effect("reads what a company's people wrote, though those are others' records (H2, J1)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* saveUsers(user("u2", { visibility: "own" }))
        yield* saveRecords(
          company("o", [], { ownerId: userId("u2") }),
          person("p", [email], { companyId: recordId("o") })
        )
        yield* chatted("c", { email })
        expect(yield* chatsIn(companyRef("o"), {}, userAt("u2"))).toEqual(["c"])
        expect(yield* Effect.flip(chatsIn(personRef("p"), {}, userAt("u2")))).toEqual({
          _tag: "RecordHidden",
          record: personRef("p")
        })
      })
    )
  )
})

describe("a right that is taken away shows in the next read", () => {
  const setUp = Effect.gen(function* () {
    yield* cast
    yield* saveRecords(person("p", [email]))
    for (const id of ["c1", "c2"]) yield* chatted(id, { email })
  })
  const first = (caller: typeof importer) => readFeed(caller, { record: personRef("p"), pageSize: 1 })
  const next = (caller: typeof importer, cursor: string | null) =>
    Effect.flip(readFeed(caller, { record: personRef("p"), pageSize: 1, cursor }))

  it.effect("of a user: visibility, activity (J1)", () =>
    world(
      Effect.gen(function* () {
        yield* setUp
        const page = yield* first(userAt("u2"))
        yield* saveUsers(user("u2", { visibility: "own" }))
        expect(yield* next(userAt("u2"), page.next)).toMatchObject({ _tag: "RecordHidden" })
        yield* saveUsers(user("u2", { isActive: false }))
        expect(yield* next(userAt("u2"), page.next)).toMatchObject({ _tag: "AccessDenied", reason: "noCrmAccess" })
      })
    )
  )

  it.effect("of an agent: the licence, the access setting, the switch (E2, H6, J1)", () =>
    world(
      Effect.gen(function* () {
        yield* setUp
        const denied = { _tag: "AccessDenied", reason: "noCrmAccess" }
        const page = yield* first(agentAt("a1"))
        yield* settle({ accessToCrmData: "crmUsersOnly" })
        expect(yield* next(agentAt("a1"), page.next)).toMatchObject(denied)
        yield* first(agentAt("a2"))
        yield* saveAgent(importer, agentOf("a2"))
        expect(yield* next(agentAt("a2"), page.next)).toMatchObject(denied)
        yield* settle({ accessToCrmData: "allAgents" })
        yield* first(agentAt("a2"))
        yield* settle({ crmInsideChat: false })
        expect(yield* next(agentAt("a2"), page.next)).toMatchObject(denied)
        yield* settle({ crmInsideChat: true })
        yield* saveAgent(importer, agentOf("a2", { isEnabled: false }))
        expect(yield* next(agentAt("a2"), page.next)).toMatchObject(denied)
      })
    )
  )

  it.effect("of the record's owner: another team (J1)", () =>
    world(
      Effect.gen(function* () {
        yield* setUp
        yield* saveUsers(user("u2", { visibility: "team", teams: [team("north")] }))
        yield* saveUsers(user("owner", { teams: [team("north")] }))
        const page = yield* first(userAt("u2"))
        yield* saveUsers(user("owner", { teams: [team("south")] }))
        expect(yield* next(userAt("u2"), page.next)).toMatchObject({ _tag: "RecordHidden" })
      })
    )
  )
})

describe("strangers", () => {
  it.effect("read no feeds: visitors, unknown agents and users (J1)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* saveRecords(person("p", [email]))
        yield* chatted("c", { email })
        for (const caller of [visitorAt("v-c"), agentAt("stranger"), userAt("stranger")]) {
          for (const record of [personRef("p"), personRef("none")]) {
            const denied = { _tag: "AccessDenied", reason: "noCrmAccess" }
            expect(yield* Effect.flip(readFeed(caller, { record }))).toMatchObject(denied)
            expect(yield* Effect.flip(openTranscript(caller, { record, chatId: chatId("c") }))).toMatchObject(denied)
          }
        }
      })
    )
  )

  it.effect("of another account see nothing, with the same ids and emails (J2)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* saveRecords(person("p", [email]))
        yield* chatted("c", { email })
        const other = { ...importer, account: Id.AccountId.make("other") }
        expect(yield* Effect.flip(readFeed(other, { record: personRef("p") }))).toMatchObject({
          _tag: "RecordNotFound"
        })
        yield* saveRecord(other, person("p", [email]))
        expect(yield* chatsIn(personRef("p"), {}, other)).toEqual([])
        expect(
          yield* Effect.flip(openTranscript(other, { record: personRef("p"), chatId: chatId("c") }))
        ).toMatchObject({ _tag: "ChatNotFound" })
        yield* chatted("d", { email })
        const { next } = yield* readFeed(importer, { record: personRef("p"), pageSize: 1 })
        expect(yield* Effect.flip(readFeed(other, { record: personRef("p"), cursor: next }))).toEqual({
          _tag: "BadCursor",
          reason: "otherFeed"
        })
      })
    )
  )
})
