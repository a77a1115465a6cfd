import { Effect, type Layer } from "effect"
import { type ActivityEntry, Actor, EmailKey, Id, Instant, RecordRef } from "leadline"
import { Crm, type NewLead } from "leadline/ports"
import { describe, expect, it } from "vitest"

/** A CRM with one lead in it, to be checked for what it says of its own writes. */
export interface MarkedCrm<R> {
  readonly layer: () => Layer.Layer<Crm | R>
  /** One live lead with a phone, and a user `owner`; answers the lead's id. */
  readonly seed: Effect.Effect<RecordRef.RecordId, unknown, Crm | R>
  /** Lets the search catch up. */
  readonly catchUp: Effect.Effect<unknown, unknown, Crm | R>
}

const account = Id.AccountId.make("laws")
const all = { _tag: "All" } as const
const by = Actor.agent(Id.AgentId.make("a1"))
const owner = Id.UserId.make("owner")

const wanted: NewLead = {
  ...{ chatId: Id.ChatId.make("chat"), firstName: null, lastName: "Bob", email: "bob@example.com", phone: null },
  evidence: { email: EmailKey.make("bob@example.com"), phone: null },
  ...{ status: "New", source: null, creator: by, creatorUser: null, viewer: all, note: null, defaultRegion: null },
  owner: { _tag: "Decided", decision: { owner, reason: { _tag: "OnlyChoice" }, passedOver: [] } }
}

const entry = (id: string): ActivityEntry.ChatEntry => ({
  ...{ _tag: "Chat", id: Id.ChatId.make(id), at: Instant.fromMillis(0), endedAt: Instant.fromMillis(1) },
  ...{ outcome: "served", servedBy: [], agentNames: [], recordName: "", visitorName: null, beginning: null },
  ...{ rating: null, comment: null, tags: [], chatUrl: null }
})

/** Registers the laws of `findWritten` and of chat copies that are cited in `Crm`, each under its id. */
export const crmMarkLaws = <R>(name: string, { catchUp, layer, seed }: MarkedCrm<R>): void => {
  const law = (title: string, body: Effect.Effect<unknown, unknown, Crm | R>) =>
    it(title, () => Effect.runPromise(Effect.asVoid(Effect.provide(body, layer()))))

  describe(`${name} keeps the laws of what was written`, () => {
    law(
      "crm.findWritten.missing: null for a key under which nothing was written (E5)",
      Effect.gen(function* () {
        yield* seed
        yield* catchUp
        const crm = yield* Crm
        expect(yield* crm.findWritten(account, by, "none")).toBeNull()
      })
    )

    law(
      "crm.findWritten.made: what each kind of write left, as its answer said (E5, E6, G1)",
      Effect.gen(function* () {
        const lead = yield* seed
        const crm = yield* Crm
        const made = yield* crm.createLead(account, wanted, "k1")
        const record = { kind: "lead", id: lead } as const
        const note = { record, text: "x", chatId: null, author: by, authorUser: null, viewer: all }
        const noted = yield* crm.addNote(account, note, "k2")
        const phone = { lead, phone: "999", by, viewer: all, defaultRegion: null }
        const changed = yield* crm.changePhone(account, phone, "k3")
        yield* catchUp
        const { decision, ...answer } = made
        expect(decision.owner).toBe(owner)
        expect(yield* crm.findWritten(account, by, "k1")).toMatchObject({ _tag: "Lead", ...answer })
        expect(yield* crm.findWritten(account, by, "k2")).toEqual({ _tag: "Note", ...noted })
        expect(yield* crm.findWritten(account, by, "k3")).toEqual({ _tag: "Phone", ...changed })
      })
    )

    law(
      "crm.findWritten.separate: not another actor's write under the same key (K1)",
      Effect.gen(function* () {
        yield* seed
        const crm = yield* Crm
        yield* crm.createLead(account, wanted, "k")
        yield* catchUp
        expect(yield* crm.findWritten(account, Actor.agent(Id.AgentId.make("a2")), "k")).toBeNull()
      })
    )

    law(
      "crm.putChatCopy.found: a copy is found, on its record, when the search has caught up (H2)",
      Effect.gen(function* () {
        const record = { kind: "lead", id: yield* seed } as const
        const crm = yield* Crm
        if (!crm.capabilities.chatCopies) return
        yield* crm.putChatCopy(account, { record, entry: entry("c1") })
        yield* catchUp
        expect(yield* crm.chatCopies(account, record, [Id.ChatId.make("c1")])).toEqual(["c1"])
        const other = { kind: "lead", id: RecordRef.RecordId.make("0") } as const
        expect(yield* crm.chatCopies(account, other, [Id.ChatId.make("c1")])).toEqual([])
        const refused = yield* Effect.flip(crm.putChatCopy(account, { record: other, entry: entry("c1") }))
        expect(refused).toEqual({ _tag: "RecordNotFound", record: other })
      })
    )

    law(
      "crm.putChatCopy.unsupported: refused where the capability is not declared (K3)",
      Effect.gen(function* () {
        const record = { kind: "lead", id: yield* seed } as const
        const crm = yield* Crm
        if (crm.capabilities.chatCopies) return
        const refused = yield* Effect.flip(crm.putChatCopy(account, { record, entry: entry("c1") }))
        expect(refused).toMatchObject({ _tag: "StoreError", reason: "unsupported", isRetryable: false })
        expect(yield* crm.chatCopies(account, record, [Id.ChatId.make("c1")])).toEqual([])
      })
    )

    law(
      "crm.chatCopies.asked: of those asked for, each once, and no others (H2)",
      Effect.gen(function* () {
        const record = { kind: "lead", id: yield* seed } as const
        const crm = yield* Crm
        if (!crm.capabilities.chatCopies) return
        for (const id of ["c1", "c2", "c1"]) yield* crm.putChatCopy(account, { record, entry: entry(id) })
        yield* catchUp
        const found = yield* crm.chatCopies(account, record, [Id.ChatId.make("c1"), Id.ChatId.make("c3")])
        expect(found).toEqual(["c1"])
      })
    )
  })
}
