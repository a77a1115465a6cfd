import { Effect } from "effect"
import * as Actor from "../../domain/account/Actor.ts"
import * as Id from "../../domain/account/Id.ts"
import type * as ActivityEntry from "../../domain/feed/ActivityEntry.ts"
import type { Crm } from "../../ports/Crm.ts"
import {
  add,
  anotherChat,
  by,
  type CrmSeed,
  copiesChats,
  law,
  nobody,
  note,
  ownedBy,
  people,
  phone,
  wanted
} from "./CrmKit.ts"
import * as Expect from "./Expect.ts"
import type { Law } from "./Law.ts"
import { at } from "./StoreKit.ts"

const chatId = (id: string) => Id.ChatId.make(id)

const entry = (id: string): ActivityEntry.ChatEntry => ({
  ...{ _tag: "Chat", id: chatId(id), at: at(0), endedAt: at(1) },
  ...{ outcome: "served", servedBy: [], agentNames: [], recordName: "", visitorName: null, beginning: null },
  ...{ rating: null, comment: null, tags: [], chatUrl: null }
})

const ann = { kind: "lead", name: "Ann", emails: ["ann@example.com"], phones: ["555"] } as const

/** What a CRM says of its own writes, and copies of chats on its own screens. */
export const crmMarkLaws: ReadonlyArray<Law<Crm | CrmSeed>> = [
  law(
    {
      id: "crm.findWritten.missing",
      sentence: "of a key under which nothing was written nothing is found",
      rules: ["E5"]
    },
    (ports, { account }) =>
      Effect.gen(function* () {
        const who = yield* people(ports, account)
        const ref = yield* add(ports, account, who, ann)
        yield* ports.crm.addNote(account, note(ref), "k")
        yield* ports.seed.catchUp
        yield* Expect.same("findWritten", yield* ports.crm.findWritten(account, by, "none"), null)
      })
  ),

  law(
    {
      id: "crm.findWritten.made",
      sentence:
        "what a write left is found by its key, as its answer said: a lead with its owner and note, a note, a phone",
      rules: ["E5", "E6", "G1"]
    },
    (ports, { account }) =>
      Effect.gen(function* () {
        const { crm, seed } = ports
        const who = yield* people(ports, account)
        const ref = yield* add(ports, account, who, ann)
        const lead = wanted(ownedBy(crm, who.owner), { ...anotherChat("bob"), note: null })
        const { decision, ...made } = yield* crm.createLead(account, lead, "k1")
        const noted = yield* crm.addNote(account, note(ref), "k2")
        const changed = yield* crm.changePhone(account, phone(ref.id, "999"), "k3")
        yield* seed.catchUp
        yield* Expect.same("the owner decided", decision.owner, who.owner)
        const found = (key: string) => crm.findWritten(account, by, key)
        yield* Expect.matches("what createLead left", yield* found("k1"), { _tag: "Lead", ...made })
        yield* Expect.same("what addNote left", yield* found("k2"), { _tag: "Note", ...noted })
        yield* Expect.same("what changePhone left", yield* found("k3"), { _tag: "Phone", ...changed })
      })
  ),

  law(
    {
      id: "crm.findWritten.separate",
      sentence: "another actor's write under the same key is not found",
      rules: ["K1"]
    },
    (ports, { account }) =>
      Effect.gen(function* () {
        const who = yield* people(ports, account)
        const ref = yield* add(ports, account, who, ann)
        yield* ports.crm.addNote(account, note(ref), "k")
        yield* ports.seed.catchUp
        const a2 = Actor.agent(Id.AgentId.make("a2"))
        yield* Expect.same("of another actor", yield* ports.crm.findWritten(account, a2, "k"), null)
      })
  ),

  law(
    {
      id: "crm.putChatCopy.found",
      sentence: "a copy is found on its record, and on no other; on a missing record it is refused",
      rules: ["H2"],
      needs: copiesChats
    },
    (ports, { account }) =>
      Effect.gen(function* () {
        const { crm } = ports
        const who = yield* people(ports, account)
        const record = yield* add(ports, account, who, ann)
        const missing = { kind: "lead", id: nobody } as const
        yield* crm.putChatCopy(account, { record, entry: entry("c1") })
        yield* ports.seed.catchUp
        const found = yield* crm.chatCopies(account, record, [chatId("c1")])
        yield* Expect.same("copies on the record", found, ["c1"])
        const elsewhere = yield* crm.chatCopies(account, missing, [chatId("c1")])
        yield* Expect.same("copies on another record", elsewhere, [])
        const refused = { _tag: "RecordNotFound", record: missing }
        const copy = crm.putChatCopy(account, { record: missing, entry: entry("c1") })
        yield* Expect.refused("a copy on a missing record", copy, refused)
      })
  ),

  law(
    {
      id: "crm.putChatCopy.unsupported",
      sentence: "a CRM that does not declare copies refuses them, and finds none",
      rules: ["K3"],
      forbids: copiesChats
    },
    (ports, { account }) =>
      Effect.gen(function* () {
        const who = yield* people(ports, account)
        const record = yield* add(ports, account, who, ann)
        const expected = { _tag: "StoreError", reason: "unsupported", isRetryable: false }
        const copy = ports.crm.putChatCopy(account, { record, entry: entry("c1") })
        yield* Expect.refused("putChatCopy", copy, expected)
        const found = yield* ports.crm.chatCopies(account, record, [chatId("c1")])
        yield* Expect.same("chatCopies", found, [])
      })
  ),

  law(
    {
      id: "crm.chatCopies.asked",
      sentence: "of the copies those asked for are found, each once, and no others",
      rules: ["H2"],
      needs: copiesChats
    },
    (ports, { account }) =>
      Effect.gen(function* () {
        const who = yield* people(ports, account)
        const record = yield* add(ports, account, who, ann)
        for (const id of ["c1", "c2", "c1"]) yield* ports.crm.putChatCopy(account, { record, entry: entry(id) })
        yield* ports.seed.catchUp
        const found = yield* ports.crm.chatCopies(account, record, ["c1", "c3"].map(chatId))
        yield* Expect.same("chatCopies", found, ["c1"])
      })
  )
]
