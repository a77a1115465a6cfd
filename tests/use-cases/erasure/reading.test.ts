import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { Content, Id } from "leadline"
import { CrmStore, DeskStore } from "leadline/ports"
import {
  changePhone,
  createLead,
  drainErasures,
  erasePerson,
  openTranscript,
  rateChat,
  readConversation,
  readErasure,
  readFeed,
  readPanel,
  readTranscript,
  sendMessage
} from "leadline/use-cases"
import { account, chatId, importer, leadRef, person, personRef, saveRecords } from "../crm/World.ts"
import { agentAt, agentOf, chatted, chatting, hire, userAt, visitorAt, visitorId, world } from "../panel/Chats.ts"
import { cast } from "./People.ts"

const c = { chatId: chatId("c") }
const nothing = { visitorIds: [], emails: [], records: [] }
const ann = { ...nothing, visitorIds: [visitorId("v-c")] }

describe("a reader of what was erased", () => {
  it.effect("gets an explicit mark where a value was, and null where none was (J4)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* chatted("c", { name: "Ann", email: "ann@example.com", says: "hello" })
        yield* chatted("d", { email: "ann@example.com" })
        yield* rateChat(visitorAt("v-c"), { ...c, rating: "good", comment: "fine" })
        yield* saveRecords(person("p", ["ann@example.com"]))
        const record = personRef("p")
        const before = yield* readFeed(importer, { record })
        expect(before.entries.map(({ id }) => id).sort()).toEqual(["c", "d"])
        const desk = yield* DeskStore
        // the texts are gone and the keys not yet: a reader in the middle of an erasure
        yield* desk.erase(account, { _tag: "Visitor", visitorId: visitorId("v-c") }, 99)
        const { entries } = yield* readFeed(importer, { record })
        const shown = new Map(entries.map((entry) => [entry.id as string, entry]))
        const erased = { visitorName: Content.erased, beginning: Content.erased, comment: Content.erased }
        expect(shown.get("c")).toMatchObject(erased)
        expect(shown.get("d")).toMatchObject({ visitorName: null, beginning: null, comment: null })
        const opened = yield* openTranscript(importer, { ...c, record })
        expect(opened).toMatchObject({ visitorName: Content.erased, lines: [{ text: Content.erased }] })
        yield* erasePerson(importer, ann)
        yield* drainErasures(account)
        expect((yield* readTranscript(agentAt("a1"), c)).lines).toMatchObject([{ text: Content.erased }])
        expect(yield* readConversation(visitorAt("v-c"), c)).toMatchObject({
          visitorName: Content.erased,
          lines: [{ text: Content.erased }]
        })
        expect((yield* readPanel(agentAt("a1"), c)).panel._tag).toBe("NeedsEmail")
      })
    )
  )

  it.effect("of a record's history sees entries without texts, and a shell that says so (J4)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* chatting("c", { email: "ann@example.com", phone: "+1 212 555 2368" })
        const { lead } = yield* createLead(agentAt("a1"), { ...c, note: "call her" })
        yield* changePhone(agentAt("a1"), { ...c, phone: "+1 212 555 2399" })
        yield* erasePerson(importer, ann)
        yield* drainErasures(account)
        const crm = yield* CrmStore
        const activities = yield* crm.activities(account, {
          ...{ records: [leadRef(lead)], types: ["Note", "PhoneChanged"], byAny: null },
          ...{ after: null, from: null, until: null, limit: 9 }
        })
        expect(activities).toHaveLength(2)
        for (const activity of activities) {
          if (activity._tag === "Note") expect(activity.text).toEqual(Content.erased)
          if (activity._tag === "PhoneChanged")
            expect(activity).toMatchObject({ from: Content.erased, to: Content.erased })
        }
        const [read] = yield* crm.get(account, [{ kind: "chatLead", id: c.chatId }])
        expect(read.value).toBeNull()
      })
    )
  )
})

describe("an erased chat", () => {
  it.effect(
    "was closed by the system if it was open, and takes no new text; a rating alone it takes (J4, D2, D9)",
    () =>
      world(
        Effect.gen(function* () {
          yield* cast
          yield* chatting("c", { name: "Ann", says: "hello" })
          yield* erasePerson(importer, ann)
          yield* drainErasures(account)
          const [{ value }] = yield* (yield* DeskStore).get(account, [{ kind: "chat", id: c.chatId }])
          expect(value).toMatchObject({ state: { _tag: "Closed", reason: "system" }, serving: [] })
          const rating = rateChat(visitorAt("v-c"), { ...c, rating: "bad", comment: "who?" })
          expect(yield* Effect.flip(rating)).toMatchObject({ _tag: "ChatErased" })
          yield* rateChat(visitorAt("v-c"), { ...c, rating: "bad" })
          expect(yield* Effect.flip(sendMessage(visitorAt("v-c"), { ...c, text: "more" }))).toMatchObject({
            _tag: "ChatIsClosed"
          })
        })
      )
  )
})

describe("asking for an erasure", () => {
  it.effect("is refused where nobody is named, or an address compares with nothing, naming which (J4, A1, A2)", () =>
    world(
      Effect.gen(function* () {
        const asked = (more: object) => Effect.flip(erasePerson(importer, { ...nothing, ...more }))
        expect(yield* asked({})).toEqual({ _tag: "NobodyNamed" })
        const emails = ["ann@example.com", "not an email"]
        expect(yield* asked({ emails })).toEqual({ _tag: "UnusableAddress", field: "emails", index: 1 })
        expect(yield* asked({ phones: ["12"] })).toEqual({ _tag: "UnusableAddress", field: "phones", index: 0 })
        const visitorIds = Array.from({ length: 101 }, (_, n) => visitorId(`v${n}`))
        expect(yield* asked({ visitorIds })).toEqual({ _tag: "TooMany", field: "visitorIds", limit: 100, size: 101 })
        expect((yield* (yield* DeskStore).log(account, 0, 9)).entries).toEqual([])
      })
    )
  )

  it.effect("and reading its certificate is for who operates the account (J1, J4)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* hire(agentOf("chief", { isChatAdministrator: true }))
        const { erasureId } = yield* erasePerson(importer, ann)
        const denied = { _tag: "AccessDenied", action: "account.operate" }
        for (const caller of [agentAt("a1"), agentAt("chief"), userAt("owner"), visitorAt("v-c")]) {
          expect(yield* Effect.flip(erasePerson(caller, ann))).toMatchObject(denied)
          expect(yield* Effect.flip(readErasure(caller, { erasureId }))).toMatchObject(denied)
        }
        const never = Id.ErasureId.make("never")
        expect(yield* Effect.flip(readErasure(importer, { erasureId: never }))).toEqual({
          _tag: "ErasureNotFound",
          erasureId: never
        })
      })
    )
  )

  it.effect("writes no key into the log, but commitments that nobody can open when it has ended (J4)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        const { erasureId } = yield* erasePerson(importer, { ...ann, emails: ["Ann@Example.com"] })
        const desk = yield* DeskStore
        const requested = (yield* desk.log(account, 0, 999)).entries.at(-1)?.event.payload
        expect(requested).toMatchObject({ _tag: "EraseRequested", visitors: ["v-c"], keys: [expect.any(String)] })
        expect(JSON.stringify(requested)).not.toMatch(/ann@/i)
        const record = Effect.map(desk.get(account, [{ kind: "erasure", id: erasureId }]), ([{ value }]) => value)
        expect((yield* record)?.wanted?.emails).toEqual(["ann@example.com"])
        yield* drainErasures(account)
        expect((yield* record)?.wanted).toBeNull()
      })
    )
  )
})
