import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Id } from "leadline"
import { MemoryMails } from "leadline/memory"
import { CrmStore, DeskStore } from "leadline/ports"
import {
  banVisitor,
  changeVisitorDetails,
  createLead,
  drainErasures,
  drainTranscriptMails,
  endChat,
  erasePerson,
  leaveOfflineMessage,
  mergeRecords,
  readErasure,
  requestChat,
  requestTranscript,
  runErasures,
  saveRecord,
  sendMessage
} from "leadline/use-cases"
import { account, chatId, emailKey, importer, person, personRef, recordId, saveRecords } from "../crm/World.ts"
import { agentAt, chatted, chatting, visitorAt, visitorId, world } from "../panel/Chats.ts"
import { cast } from "./People.ts"

const nothing = { visitorIds: [], emails: [], records: [] }
const email = "ann@example.com"
const v = visitorId("v-c")

const chatOf = (id: string) =>
  Effect.flatMap(DeskStore, (desk) => Effect.map(desk.get(account, [{ kind: "chat", id }]), ([{ value }]) => value))

const recordOf = (id: string) =>
  Effect.flatMap(CrmStore, (crm) => Effect.map(crm.get(account, [{ kind: "person", id }]), ([{ value }]) => value))

const textsLeft = (visitor: Id.VisitorId) =>
  Effect.flatMap(DeskStore, (desk) => desk.contentCount(account, { _tag: "Visitor", visitorId: visitor }))

const events = Effect.flatMap(DeskStore, (desk) =>
  Effect.map(desk.log(account, 0, 10_000), ({ entries }) => entries.map(({ event }) => event.payload))
)

describe("an erasure", () => {
  it.effect("takes all chats of a visitor who comes to light while it runs, those before in the list, too (J4)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* erasePerson(importer, { ...nothing, emails: [email] })
        yield* chatted("a", { visitorId: v, says: "without an address" })
        for (let n = 0; n < 25; n++) yield* chatted(`b${n}`, { visitorId: visitorId(`v${n % 5}`), email })
        yield* chatting("z", { visitorId: v, email, says: "hello" })
        yield* drainErasures(account)
        for (const id of ["a", "z", "b0", "b24"]) expect((yield* chatOf(id))?.erasedAt).toBeDefined()
        for (const visitor of [v, visitorId("v0"), visitorId("v4")]) expect(yield* textsLeft(visitor)).toBe(0)
      })
    )
  )

  it.effect("deletes more texts than one batch holds (J4)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* chatting("c")
        for (let n = 0; n < 1_010; n++) yield* sendMessage(visitorAt(v), { chatId: chatId("c"), text: `line ${n}` })
        const { erasureId } = yield* erasePerson(importer, { ...nothing, visitorIds: [v] })
        yield* drainErasures(account)
        expect(yield* textsLeft(v)).toBe(0)
        const { places } = yield* readErasure(importer, { erasureId })
        expect(places.contents).toEqual({ _tag: "Erased", count: 1_010 })
      })
    )
  )

  it.effect("that runs is not said to be resumed when it is asked for again (J4)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* chatted("c")
        const asked = erasePerson(importer, { ...nothing, visitorIds: [v] })
        yield* asked
        yield* runErasures(account)
        yield* asked
        expect((yield* events).map(({ _tag }) => _tag)).not.toContain("ErasureResumed")
      })
    )
  )

  it.effect("names the leads made from chats of theirs, also from one that came to light later (J4, E3)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* chatting("c", { email: "first@example.com" })
        const { lead: first } = yield* createLead(agentAt("a1"), { chatId: chatId("c") })
        const { erasureId } = yield* erasePerson(importer, { ...nothing, visitorIds: [v], emails: [email] })
        const requested = (yield* events).at(-1)
        expect(requested).toMatchObject({ _tag: "EraseRequested", records: [{ kind: "lead", id: first }] })
        yield* chatting("d", { email: "second@example.com" })
        const { lead: second } = yield* createLead(agentAt("a1"), { chatId: chatId("d") })
        yield* changeVisitorDetails(visitorAt("v-d"), { chatId: chatId("d"), email })
        yield* drainErasures(account)
        const { records } = yield* readErasure(importer, { erasureId })
        expect(records.map(({ id }) => id)).toEqual([first, second])
        const crm = yield* CrmStore
        const leads = yield* crm.get(account, [
          { kind: "lead", id: first },
          { kind: "lead", id: second }
        ])
        expect(leads.map(({ value }) => value?.lifecycle._tag)).toEqual(["Erased", "Erased"])
      })
    )
  )

  it.effect("leaves another's identity key where they share an address; the last one's goes (J4, E5)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* saveRecords(person("p", [email]), person("q", [email]))
        const key = Effect.flatMap(CrmStore, (crm) =>
          Effect.map(
            crm.get(account, [{ kind: "identityKey", id: `email/${emailKey(email)}` }]),
            ([{ value }]) => value
          )
        )
        yield* erasePerson(importer, { ...nothing, records: [personRef("p")] })
        yield* drainErasures(account)
        expect(yield* key).not.toBeNull()
        expect(yield* recordOf("q")).toMatchObject({ emails: [email], lifecycle: { _tag: "Live" } })
        yield* erasePerson(importer, { ...nothing, records: [personRef("q")] })
        yield* drainErasures(account)
        expect(yield* key).toBeNull()
      })
    )
  )

  it.effect("of a record is of those merged into it, too, whatever they answered to (J4, A5)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* saveRecords(person("p", [email]), person("loser", ["old@example.com"]))
        yield* mergeRecords(importer, { kind: "person", survivor: recordId("p"), loser: recordId("loser") })
        yield* erasePerson(importer, { ...nothing, records: [personRef("p")] })
        yield* drainErasures(account)
        expect(yield* recordOf("loser")).toMatchObject({
          ...{ emails: [], lastName: null, keys: { emails: [], phones: [] } },
          lifecycle: { _tag: "Erased", survivor: { kind: "person", id: "p" } }
        })
        expect(yield* Effect.flip(saveRecord(importer, person("p", [email])))).toMatchObject({ _tag: "NotLive" })
      })
    )
  )

  it.effect("lifts the visitor's ban, and keeps offline messages away until it is done (J4, D10)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* chatted("c")
        yield* banVisitor(agentAt("boss"), { visitorId: v })
        yield* erasePerson(importer, { ...nothing, visitorIds: [v, visitorId("w")] })
        const leaving = leaveOfflineMessage(visitorAt("w"), { visitorId: visitorId("w"), texts: ["hello"] })
        expect(yield* Effect.flip(leaving)).toEqual({ _tag: "BeingErased" })
        yield* drainErasures(account)
        yield* leaving
        expect(yield* requestChat(visitorAt(v), { visitorId: v })).toMatchObject({ isNew: true })
      })
    )
  )
})

describe("a transcript by email", () => {
  it.effect("keeps chats away until the last of two erasures of a visitor is done at the desk (J4)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* chatted("c", { email })
        yield* erasePerson(importer, { ...nothing, visitorIds: [v] })
        yield* runErasures(account)
        const second = yield* erasePerson(importer, { ...nothing, visitorIds: [v], emails: ["other@example.com"] })
        const asked: Array<string> = []
        for (let isOver = false; !isOver; ) {
          yield* runErasures(account)
          const { places } = yield* readErasure(importer, second)
          isOver = places.contents._tag === "Erased"
          const again = yield* Effect.result(requestChat(visitorAt(v), { visitorId: v }))
          asked.push(again._tag === "Failure" ? again.failure._tag : "welcome")
        }
        expect(asked.length).toBeGreaterThan(2)
        expect(asked.slice(0, -1).every((answer) => answer === "BeingErased")).toBe(true)
        expect(asked.at(-1)).toBe("welcome")
      })
    )
  )

  it.effect("is sent to nobody from the erasure's first step on, and to nobody whose address is gone (J4, D9)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        const [desk, { sent }] = [yield* DeskStore, yield* MemoryMails]
        for (const id of ["c", "d"]) {
          yield* chatting(id, { email: `${id}@example.com` })
          yield* requestTranscript(visitorAt(`v-${id}`), { chatId: chatId(id) })
        }
        yield* erasePerson(importer, { ...nothing, visitorIds: [v] })
        yield* runErasures(account)
        expect(yield* textsLeft(v)).toBeGreaterThan(0)
        yield* endChat(visitorAt("v-d"), { chatId: chatId("d") })
        yield* desk.erase(account, { _tag: "Visitor", visitorId: visitorId("v-d") }, 99)
        expect(yield* drainTranscriptMails(account)).toMatchObject({ failed: 0 })
        expect(yield* sent(account)).toEqual([])
      })
    )
  )
})
