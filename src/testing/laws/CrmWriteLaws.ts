import { Effect, Result } from "effect"
import * as Id from "../../domain/account/Id.ts"
import * as OwnerChoice from "../../domain/assignment/OwnerChoice.ts"
import type { Crm, Viewer } from "../../ports/Crm.ts"
import {
  add,
  all,
  anotherChat,
  by,
  byPolicy,
  type CrmSeed,
  dealsItself,
  isAtomic,
  isIdempotent,
  law,
  matched,
  nobody,
  note,
  ownedBy,
  page,
  people,
  phone,
  refTo,
  tellsItself,
  wanted
} from "./CrmKit.ts"
import { user } from "./CrmStoreKit.ts"
import * as Expect from "./Expect.ts"
import type { Law } from "./Law.ts"
import { upTo } from "./StoreKit.ts"

/** Who press the button at once. decision: as many as ever look at one chat, twice over. */
const AGENTS = 6

/** Leads from chats, notes, phones. */
export const crmWriteLaws: ReadonlyArray<Law<Crm | CrmSeed>> = [
  law(
    {
      id: "crm.createLead.made",
      sentence:
        "a lead that was made can be read and matches: with its names, its addresses as typed, its owner, its chat",
      rules: ["E3", "E4"]
    },
    (ports, { account }) =>
      Effect.gen(function* () {
        const { owner } = yield* people(ports, account)
        const more = { firstName: "Ann", lastName: "Lee", email: "Ann@Example.com" }
        const made = yield* ports.crm.createLead(account, wanted(ownedBy(ports.crm, owner), more), "k")
        yield* Expect.matches("the answer", made, { owner, noteStored: true })
        const found = yield* matched(ports, { account })
        const ref = refTo("lead", made.lead)
        yield* Expect.same("matched", found.matched, [{ ref, by: "email" }])
        const lead = yield* ports.crm.read(account, all, ref)
        const expected = { firstName: "Ann", lastName: "Lee", emails: ["Ann@Example.com"], ownerId: owner }
        yield* Expect.matches("the lead", lead, { _tag: "Lead", ...expected, addedFrom: { chatId: "chat" } })
        const { activities } = yield* ports.crm.activities(account, all, page(ref))
        const notes = activities.flatMap((one) => (one._tag === "Note" ? [one.text] : []))
        yield* Expect.same("its notes", notes, ["a note"])
      })
  ),

  law(
    {
      id: "crm.createLead.repeat",
      sentence: "one key, one lead, one answer, whatever was looked up meanwhile; other input under the key is refused",
      rules: ["E5", "K1"],
      needs: isIdempotent
    },
    (ports, { account }) =>
      Effect.gen(function* () {
        const { owner } = yield* people(ports, account)
        const make = (more: object) => ports.crm.createLead(account, wanted(ownedBy(ports.crm, owner), more), "k")
        const first = yield* make({})
        yield* Expect.same("the answer again", yield* make({}), first)
        yield* Expect.same("the answer, with other settings", yield* make({ status: "another by now" }), first)
        const reused = { _tag: "IdempotencyKeyReused", key: "k" }
        yield* Expect.refused("another note under the key", make({ note: "something else" }), reused)
        yield* Expect.same("leads", (yield* matched(ports, { account })).matched.length, 1)
      })
  ),

  law(
    {
      id: "crm.createLead.repeatAtOnce",
      sentence: "of many repetitions under one key at once one lead comes out, and all get its answer",
      rules: ["E5", "K1"],
      needs: isIdempotent,
      group: "concurrent"
    },
    (ports, { account }) =>
      Effect.gen(function* () {
        const { owner } = yield* people(ports, account)
        const make = () => ports.crm.createLead(account, wanted(ownedBy(ports.crm, owner)), "k")
        const answers = yield* Effect.forEach(upTo(AGENTS), make, { concurrency: "unbounded" })
        for (const answer of answers) yield* Expect.same("an answer", answer, answers[0])
        yield* Expect.same("leads", (yield* matched(ports, { account })).matched.length, 1)
      })
  ),

  law(
    {
      id: "crm.createLead.turn",
      sentence: "a pool's lead goes to the next in its queue, and then it is the other's turn",
      rules: ["F2"],
      needs: dealsItself
    },
    (ports, { account }) =>
      Effect.gen(function* () {
        yield* people(ports, account)
        const u1 = yield* ports.seed.user(account, user("u1"))
        const u2 = yield* ports.seed.user(account, user("u2"))
        const pool = yield* ports.seed.pool(account, Id.PoolId.make("pool"), [u1, u2])
        const owner = byPolicy(OwnerChoice.pool(pool))
        const owners = yield* Effect.forEach(["a", "b", "c"], (name) =>
          Effect.map(ports.crm.createLead(account, wanted(owner, anotherChat(name)), `k-${name}`), (made) => made.owner)
        )
        yield* Expect.same("owners of three leads", owners, [u1, u2, u1])
      })
  ),

  law(
    {
      id: "crm.createLead.decided",
      sentence: "a CRM that does not deal gives the lead to the owner who was decided",
      rules: ["F1", "F2"],
      forbids: dealsItself
    },
    (ports, { account }) =>
      Effect.gen(function* () {
        const { me } = yield* people(ports, account)
        const made = yield* ports.crm.createLead(account, wanted(ownedBy(ports.crm, me)), "k")
        yield* ports.seed.catchUp
        const lead = yield* ports.crm.read(account, all, refTo("lead", made.lead))
        const owners = [made.owner, lead._tag === "Lead" ? lead.ownerId : null]
        yield* Expect.same("owner in the answer and of the lead", owners, [me, me])
      })
  ),

  law(
    {
      id: "crm.createLead.told",
      sentence: "the owner is told once of a lead and its note: the answer says whom, and why",
      rules: ["F6", "G2"],
      needs: tellsItself
    },
    (ports, { account }) =>
      Effect.gen(function* () {
        const { owner } = yield* people(ports, account)
        const made = yield* ports.crm.createLead(account, wanted(ownedBy(ports.crm, owner)), "k")
        yield* Expect.matches("the answer", made, { noteStored: true, told: { told: owner, why: "owner" } })
        const without = wanted(ownedBy(ports.crm, owner), { ...anotherChat("bob"), note: null })
        yield* Expect.matches("without a note", yield* ports.crm.createLead(account, without, "k2"), {
          noteStored: false
        })
      })
  ),

  law(
    {
      id: "crm.createLead.matched",
      sentence:
        "no lead is made where a live record matches, under whatever spelling: no turn is taken, no note stored",
      rules: ["E3", "E5", "A1"],
      needs: isAtomic
    },
    (ports, { account }) =>
      Effect.gen(function* () {
        const who = yield* people(ports, account)
        const ref = yield* add(ports, account, who, { kind: "person", name: "p", emails: ["Ann@Example.com"] })
        const make = (more: object, key: string) =>
          ports.crm.createLead(account, wanted(ownedBy(ports.crm, who.owner), more), key)
        const taken = { _tag: "AlreadyMatched", records: [ref], noteStored: false }
        yield* Expect.refused("createLead", make({}, "k1"), taken)
        const viewer: Viewer = { _tag: "User", userId: who.me }
        const hidden = { _tag: "MatchHidden", noteStored: false }
        yield* Expect.refused("createLead by who may not see it", make({ viewer }, "k2"), hidden)
        yield* ports.seed.delete(account, ref)
        yield* Expect.matches("createLead, when it is deleted", yield* make({}, "k1"), { owner: who.owner })
      })
  ),

  ...[true, false].map((isSameChat) =>
    law(
      {
        id: isSameChat ? "crm.createLead.onceByChat" : "crm.createLead.once",
        sentence: isSameChat
          ? "of many agents who make a lead of one chat at once exactly one does; the others get it"
          : "of many leads for one email, made at once from several chats, exactly one is made",
        rules: ["E5"],
        needs: isAtomic,
        group: "concurrent"
      },
      (ports, { account }) =>
        Effect.gen(function* () {
          const { owner } = yield* people(ports, account)
          const answers = yield* Effect.forEach(
            upTo(AGENTS),
            (n) => {
              const chatId = Id.ChatId.make(isSameChat ? "chat" : `chat-${n}`)
              const lead = wanted(ownedBy(ports.crm, owner), { chatId })
              return Effect.result(ports.crm.createLead(account, lead, `k${n}`))
            },
            { concurrency: "unbounded" }
          )
          const tags = answers.map((answer) => (Result.isSuccess(answer) ? "made" : answer.failure._tag)).sort()
          const lost = isSameChat ? "AlreadyCreated" : "AlreadyMatched"
          yield* Expect.same("answers", tags, [...upTo(AGENTS - 1).map(() => lost), "made"])
          yield* Expect.same("leads", (yield* matched(ports, { account })).matched.length, 1)
        })
    )
  ),

  law(
    {
      id: "crm.createLead.afterwards",
      sentence:
        "where the check is not part of the write, a lead is found by who looks first, once the search has caught up",
      rules: ["E3", "E5"],
      forbids: isAtomic
    },
    (ports, { account }) =>
      Effect.gen(function* () {
        const { owner } = yield* people(ports, account)
        const made = yield* ports.crm.createLead(account, wanted(ownedBy(ports.crm, owner)), "k")
        const found = yield* matched(ports, { account })
        yield* Expect.same("matched", found.matched, [{ ref: refTo("lead", made.lead), by: "email" }])
      })
  ),

  law(
    {
      id: "crm.addNote.once",
      sentence: "one key, one note, one answer; it is in the record's history with its author",
      rules: ["K1", "G1"],
      needs: isIdempotent
    },
    (ports, { account }) =>
      Effect.gen(function* () {
        const who = yield* people(ports, account)
        const ref = yield* add(ports, account, who, { kind: "person", name: "p" })
        const first = yield* ports.crm.addNote(account, note(ref), "k")
        yield* Expect.same("the answer again", yield* ports.crm.addNote(account, note(ref), "k"), first)
        const { activities } = yield* ports.crm.activities(account, all, page(ref))
        const noted = { _tag: "Note", id: first.activityId, text: "a note", by }
        yield* Expect.matches("activities", activities, [noted])
        const reused = { _tag: "IdempotencyKeyReused", key: "k" }
        yield* Expect.refused("another note under the key", ports.crm.addNote(account, note(ref, "other"), "k"), reused)
      })
  ),

  law(
    {
      id: "crm.addNote.missing",
      sentence: "a note on a record that is not there is refused, and so is a phone of such a lead",
      rules: ["G1", "E6", "K3"]
    },
    (ports, { account }) =>
      Effect.gen(function* () {
        const refused = { _tag: "RecordNotFound", record: refTo("lead", nobody) }
        yield* Expect.refused("addNote", ports.crm.addNote(account, note(refTo("lead", nobody)), "k1"), refused)
        yield* Expect.refused("changePhone", ports.crm.changePhone(account, phone(nobody, "555"), "k2"), refused)
      })
  ),

  law(
    {
      id: "crm.addNote.told",
      sentence: "the owner is told of a note; nobody where the owner wrote it",
      rules: ["G1", "G3"],
      needs: tellsItself
    },
    (ports, { account }) =>
      Effect.gen(function* () {
        const who = yield* people(ports, account)
        const ref = yield* add(ports, account, who, { kind: "person", name: "p" })
        const { told } = yield* ports.crm.addNote(account, note(ref), "k1")
        yield* Expect.same("told", told, { told: who.owner, why: "owner" })
        const own = yield* ports.crm.addNote(account, { ...note(ref), authorUser: who.owner }, "k2")
        yield* Expect.same("told of the owner's own", own.told, { told: null, why: "ownerIsAuthor" })
      })
  ),

  law(
    {
      id: "crm.changePhone.equal",
      sentence: "a phone that is equal, however it is typed, changes nothing and leaves no trace",
      rules: ["E6", "A2"]
    },
    (ports, { account }) =>
      Effect.gen(function* () {
        const who = yield* people(ports, account)
        const ref = yield* add(ports, account, who, { kind: "lead", name: "l", phones: ["+1 212 555 2368"] })
        const changed = yield* ports.crm.changePhone(account, phone(ref.id, "+12125552368"), "k")
        yield* Expect.same("changePhone", changed, { isChanged: false })
        yield* ports.seed.catchUp
        yield* Expect.same("activities", (yield* ports.crm.activities(account, all, page(ref))).activities, [])
        yield* Expect.matches("the lead", yield* ports.crm.read(account, all, ref), { phones: ["+1 212 555 2368"] })
      })
  ),

  law(
    {
      id: "crm.changePhone.feed",
      sentence: "a changed phone is the lead's, and in its history once, with who changed it",
      rules: ["E6", "K1"],
      needs: isIdempotent
    },
    (ports, { account }) =>
      Effect.gen(function* () {
        const who = yield* people(ports, account)
        const ref = yield* add(ports, account, who, { kind: "lead", name: "l", phones: ["555"] })
        const change = () => ports.crm.changePhone(account, phone(ref.id, "+12125552368"), "k")
        yield* Expect.same("changePhone", yield* change(), { isChanged: true })
        yield* Expect.same("changePhone under the same key", yield* change(), { isChanged: true })
        const { activities } = yield* ports.crm.activities(account, all, page(ref))
        const entry = { _tag: "PhoneChanged", from: "555", to: "+12125552368", by }
        yield* Expect.matches("activities", activities, [entry])
        const lead = yield* ports.crm.read(account, all, ref)
        const main = lead._tag === "Lead" ? lead.phones[0] : null
        yield* Expect.same("the lead's main phone", main, "+12125552368")
      })
  )
]
