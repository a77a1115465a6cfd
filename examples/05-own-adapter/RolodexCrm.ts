import { Effect, Layer } from "effect"
import { type Activity, Actor, EmailKey, Id, Instant, type Record, RecordRef, type User } from "leadline"
import { Crm, type CrmShape, StoreError } from "leadline/ports"
import { CrmKit } from "leadline/testing"
import * as Rolodex from "./Rolodex.ts"

const idOf = (no: number) => RecordRef.RecordId.make(String(no))
const userId = (name: string) => Id.UserId.make(name)
const nobody = { told: null, why: "nobodyActive" } as const

/** By what a write is found again: Rolodex repeats what it is told to repeat, so the library looks before (E5). */
const labelOf = (by: Actor.Actor, key: string) => `${Actor.toKey(by)}|${key}`

const unsupported = (operation: string) => new StoreError({ reason: "unsupported", isRetryable: false, operation })

const missing = <A>(record: RecordRef.RecordRef, effect: Effect.Effect<A, Rolodex.NoCard>) =>
  Effect.mapError(effect, () => ({ _tag: "RecordNotFound", record }) as const)

const recordOf = (card: Rolodex.Card): Record.CrmRecord => {
  const key = EmailKey.make(card.email)
  const madeAt = Instant.fromMillis(card.madeAt)
  const common = {
    ...{ id: idOf(card.no), ownerId: userId(card.owner), firstName: null, lastName: card.name, custom: {} },
    ...{ emails: [card.email], phones: card.phone === "" ? [] : [card.phone] },
    ...{ keys: { emails: key === null ? [] : [key], phones: [] }, aliases: { emails: [], phones: [] } },
    ...{ lifecycle: { _tag: "Live" as const }, createdAt: madeAt, updatedAt: madeAt, eventCount: 0 }
  }
  if (card.kind === "person") return { _tag: "Person", ...common, companyId: null }
  const origin = { organisation: null, status: "New", source: null, assignment: null }
  return { _tag: "Lead", ...common, ...origin, addedFrom: { _tag: "Import" } }
}

const activityOf = (record: RecordRef.RecordRef, line: Rolodex.Line): Activity.Activity => {
  const common = { id: Id.ActivityId.make(String(line.no)), record, at: Instant.fromMillis(line.at), by: Actor.system }
  return line.kind === "phone"
    ? { _tag: "PhoneChanged", ...common, from: null, to: line.text }
    : { _tag: "Note", ...common, text: line.text, chatId: null }
}

const userOf = (name: string): User.User => ({
  ...{ id: userId(name), name, email: `${name}@rolodex.example`, isActive: true, reportsTo: null },
  ...{ isAccountOwner: false, isCrmAdministrator: false, teams: [], groups: [], visibility: "own" }
})

/** Leadline's view of one Rolodex: what it can do is declared, the library does the rest. */
export const adapt = (book: Rolodex.Rolodex): CrmShape => {
  const read = (record: RecordRef.RecordRef) => missing(record, book.card(Number(record.id)))
  return Crm.of({
    capabilities: {
      // two agents may press the button at once: the library asks, looks and settles
      ...{ atomicIdentity: false, idempotentWrites: "marker", stalenessMillis: 0 },
      // the library tells owners, deals from pools, and shows chats in its own feed
      ...{ notices: "library", pools: "library", chatCopies: false, erase: false }
    },
    match: (_account, viewer, { email }) =>
      Effect.map(email === null ? Effect.succeed([]) : book.findEmail(email), (found) => {
        const refs = found.map(({ kind, no, owner }) => ({ ref: { kind, id: idOf(no) }, owner }))
        const visible = refs.filter(({ owner }) => viewer._tag === "All" || viewer.userId === owner)
        return { matched: refs.map(({ ref }) => ({ ref, by: "email" })), visible: visible.map(({ ref }) => ref) }
      }),
    read: (_account, _viewer, record) => Effect.map(read(record), recordOf),
    createLead: Effect.fnUntraced(function* (_account, { creator, email, firstName, lastName, owner, phone }, key) {
      if (owner._tag !== "Decided") return yield* unsupported("Crm.createLead")
      const name = [firstName, lastName].filter((part) => part !== null).join(" ")
      const card = { kind: "lead", name, email, phone: phone ?? "", label: labelOf(creator, key) } as const
      const no = yield* book.addCard({ ...card, owner: owner.decision.owner })
      const { decision } = owner
      return { lead: idOf(no), owner: decision.owner, decision, noteStored: false, told: nobody }
    }),
    addNote: (_account, { author, record, text }, key) => {
      const line = { card: Number(record.id), kind: "note", text, label: labelOf(author, key) } as const
      return Effect.map(missing(record, book.write(line)), (no) => ({
        activityId: Id.ActivityId.make(String(no)),
        told: nobody
      }))
    },
    changePhone: Effect.fnUntraced(function* (_account, { by, lead, phone }, key) {
      const record = { kind: "lead", id: lead } as const
      if ((yield* read(record)).phone === phone) return { isChanged: false }
      const line = { card: Number(lead), kind: "phone", text: phone, label: labelOf(by, key) } as const
      // the history first: it carries the label, and a number that is set twice is set once
      yield* missing(record, book.write(line))
      yield* missing(record, book.dial(Number(lead), phone))
      return { isChanged: true }
    }),
    findWritten: Effect.fnUntraced(function* (_account, by, key) {
      const { cards, lines } = yield* book.findLabel(labelOf(by, key))
      const [[card], [line]] = [cards, lines]
      if (card !== undefined) {
        const made = { lead: idOf(card.no), owner: userId(card.owner), decision: null }
        return { _tag: "Lead", ...made, noteStored: false, told: nobody }
      }
      if (line === undefined) return null
      if (line.kind === "note") return { _tag: "Note", activityId: Id.ActivityId.make(String(line.no)), told: nobody }
      // half of two writes: the other half is repeated
      yield* Effect.ignore(book.dial(line.card, line.text))
      return { _tag: "Phone", isChanged: true }
    }),
    putChatCopy: () => Effect.fail(unsupported("Crm.putChatCopy")),
    chatCopies: () => Effect.succeed([]),
    erase: () => Effect.fail(unsupported("Crm.erase")),
    feedScope: (_account, _viewer, record) =>
      Effect.map(read(record), ({ email, name }) => {
        const key = EmailKey.make(email)
        return { record, name, keys: key === null ? [] : [key], chatIds: [] }
      }),
    activities: (_account, _viewer, { after, byAny, from, limit, record, types, until }) =>
      Effect.map(book.backOf(Number(record.id)), (lines) => {
        const wanted = lines
          .map((line) => activityOf(record, line))
          .filter(({ _tag, at, by, id }) => {
            const isOlder = after === null || at < after.at || (at === after.at && id < after.id)
            const isWithin = (from === null || at >= from) && (until === null || at < until)
            return isOlder && isWithin && types?.includes(_tag) !== false && byAny?.includes(Actor.toKey(by)) !== false
          })
          .sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1))
        return { activities: wanted.slice(0, limit), limitReached: null }
      }),
    user: (_account, id) =>
      Effect.map(book.people, (people) => people.map(userOf).find((user) => user.id === id) ?? null),
    users: () => Effect.map(book.people, (people) => people.map(userOf)),
    pools: () => Effect.succeed([]),
    fields: () => Effect.succeed([])
  })
}

/** A book, and what the laws ask of its data beside the port: how users and cards come about. */
export const rolodex: Layer.Layer<Crm | CrmKit.CrmSeed> = Layer.unwrap(
  Effect.sync(() => {
    const book = Rolodex.make()
    const seed = CrmKit.CrmSeed.of({
      user: (_account, { id }) => Effect.as(book.hire(id), id),
      record: (_account, { emails, kind, name, owner, phones }) => {
        const [email = "", phone = ""] = [emails[0], phones[0]]
        const sort = kind === "person" ? "person" : "lead"
        return Effect.map(book.addCard({ kind: sort, name, email, phone, owner, label: "" }), idOf)
      },
      pool: () => Effect.die("pools are the library's"),
      delete: () => Effect.die("Rolodex throws no card away"),
      merge: () => Effect.die("Rolodex merges no cards"),
      catchUp: Effect.void
    })
    return Layer.merge(Layer.succeed(Crm, adapt(book)), Layer.succeed(CrmKit.CrmSeed, seed))
  })
)
