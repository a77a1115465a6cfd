import { Effect } from "effect"
import { type Activity, Actor, Content, EmailKey, Id, Instant, type Record, RecordRef, type User } from "leadline"
import { Crm, type CrmCapabilities, type CrmShape, StoreError } from "leadline/ports"
import { type NoAnswer, type Pin, type Prospect, type Prospector, SEARCH_LAG } from "./ForeignCrm.ts"

export const capabilities: CrmCapabilities = {
  atomicIdentity: false,
  idempotentWrites: "marker",
  notices: "library",
  chatCopies: true,
  pools: "library",
  erase: false,
  stalenessMillis: SEARCH_LAG
}

const idOf = (no: number) => RecordRef.RecordId.make(String(no))
const refOf = ({ no, sort }: Prospect) => ({ kind: sort === "client" ? "person" : "lead", id: idOf(no) }) as const
const userId = (login: string) => Id.UserId.make(login)
const mark = (by: Actor.Actor, key: string) => `${Actor.toKey(by)}|${key}`
const nobody = { told: null, why: "nobodyActive" } as const

/** Every failure of Prospector's is one of the world's. */
const world = <A, E, R>(effect: Effect.Effect<A, E | NoAnswer, R>) =>
  Effect.catchIf(
    effect,
    (error): error is (E | NoAnswer) & NoAnswer =>
      typeof error === "object" && error !== null && "_tag" in error && error._tag === "NoAnswer",
    () => Effect.fail(new StoreError({ reason: "timeout", isRetryable: true, operation: "Prospector" }))
  )

const recordOf = (one: Prospect): Record.CrmRecord => {
  const key = EmailKey.make(one.mail)
  const common = {
    id: idOf(one.no),
    ownerId: userId(one.holder),
    emails: [one.mail],
    phones: one.tel === "" ? [] : [one.tel],
    keys: { emails: key === null ? [] : [key], phones: [] },
    aliases: { emails: [], phones: [] },
    custom: {},
    lifecycle: { _tag: "Live" as const },
    createdAt: Instant.fromMillis(one.since),
    updatedAt: Instant.fromMillis(one.since),
    eventCount: 0,
    firstName: null,
    lastName: one.title
  }
  if (one.sort === "client") return { _tag: "Person", ...common, companyId: null }
  const origin = { organisation: null, status: "New", source: null, assignment: null }
  return { _tag: "Lead", ...common, ...origin, addedFrom: { _tag: "Import" } }
}

const activityOf = (record: RecordRef.RecordRef, pin: Pin): Activity.Activity => {
  const common = { id: Id.ActivityId.make(String(pin.no)), record, at: Instant.fromMillis(pin.since), by: Actor.system }
  return pin.sort === "tel"
    ? { _tag: "PhoneChanged", ...common, from: null, to: pin.body }
    : { _tag: "Note", ...common, text: pin.body, chatId: null }
}

/** Leadline's view of Prospector. */
export const adapt = (crm: Prospector): CrmShape => {
  const read = (ref: RecordRef.RecordRef) =>
    world(crm.get(Number(ref.id))).pipe(
      Effect.catchIf(
        (error) => error._tag === "NoSuchNumber",
        () => Effect.fail({ _tag: "RecordNotFound" as const, record: ref })
      )
    )
  const missing = <A, E, R>(record: RecordRef.RecordRef, effect: Effect.Effect<A, E, R>) =>
    Effect.catchIf(
      effect,
      (error): error is E & { readonly _tag: "NoSuchNumber" } =>
        typeof error === "object" && error !== null && "_tag" in error && error._tag === "NoSuchNumber",
      () => Effect.fail({ _tag: "RecordNotFound" as const, record })
    )
  return Crm.of({
    capabilities,
    match: (_, viewer, { email }) =>
      email === null
        ? Effect.succeed({ matched: [], visible: [] })
        : Effect.map(world(crm.find(email)), (found) => ({
            matched: found.map((one) => ({ ref: refOf(one), by: "email" as const })),
            visible: found.filter(({ holder }) => viewer._tag === "All" || viewer.userId === holder).map(refOf)
          })),
    read: (_, _viewer, ref) => Effect.map(read(ref), recordOf),
    createLead: Effect.fnUntraced(function* (_, lead, key) {
      if (lead.owner._tag !== "Decided") return yield* Effect.die("Prospector deals nothing")
      const { decision } = lead.owner
      const title = [lead.firstName, lead.lastName].filter((part) => part !== null).join(" ")
      const prospect = { sort: "prospect", title, mail: lead.email, tel: lead.phone ?? "" } as const
      const no = yield* world(crm.add({ ...prospect, holder: decision.owner, tag: mark(lead.creator, key) }))
      return { lead: idOf(no), owner: decision.owner, decision, noteStored: false, told: nobody }
    }),
    addNote: (_, { author, record, text }, key) =>
      Effect.map(
        missing(
          record,
          world(crm.pin({ on: Number(record.id), sort: "scribble", body: text, tag: mark(author, key) }))
        ),
        (no) => ({ activityId: Id.ActivityId.make(String(no)), told: nobody })
      ),
    changePhone: Effect.fnUntraced(function* (_, { by, lead, phone }, key) {
      const record = { kind: "lead", id: lead } as const
      if ((yield* read(record)).tel === phone) return { isChanged: false }
      // the history first: it carries the mark, and a number that is set twice is set once
      yield* missing(record, world(crm.pin({ on: Number(lead), sort: "tel", body: phone, tag: mark(by, key) })))
      yield* missing(record, world(crm.setTel(Number(lead), phone)))
      return { isChanged: true }
    }),
    findWritten: Effect.fnUntraced(function* (_, by, key) {
      const { folk, pins } = yield* world(crm.findTag(mark(by, key)))
      const [[one], [pin]] = [folk, pins]
      if (one !== undefined) {
        const made = { lead: idOf(one.no), owner: userId(one.holder), decision: null }
        return { _tag: "Lead", ...made, noteStored: false, told: nobody } as const
      }
      if (pin === undefined) return null
      if (pin.sort === "scribble") {
        return { _tag: "Note", activityId: Id.ActivityId.make(String(pin.no)), told: nobody } as const
      }
      const lead = yield* Effect.option(world(crm.get(pin.on)))
      // half of two writes: the other half is repeated
      if (lead._tag === "Some" && lead.value.tel !== pin.body) yield* Effect.ignore(world(crm.setTel(pin.on, pin.body)))
      return { _tag: "Phone", isChanged: true } as const
    }),
    putChatCopy: (_, { entry, record }) =>
      Effect.asVoid(
        missing(
          record,
          world(
            crm.pin({
              on: Number(record.id),
              sort: "card",
              body: Content.isText(entry.beginning) ? entry.beginning : "",
              tag: entry.id
            })
          )
        )
      ),
    chatCopies: (_, record, chatIds) =>
      Effect.map(world(crm.cards(Number(record.id))), (cards) => [
        ...new Set(chatIds.filter((id) => cards.some(({ tag }) => tag === id)))
      ]),
    erase: () => Effect.fail(new StoreError({ reason: "unsupported", isRetryable: false, operation: "Crm.erase" })),
    feedScope: (_, _viewer, ref) =>
      Effect.map(read(ref), (one) => {
        const key = EmailKey.make(one.mail)
        return { record: ref, name: one.title, keys: key === null ? [] : [key], chatIds: [] }
      }),
    activities: (_, _viewer, { record }) =>
      Effect.sync(() => {
        const pins = [...crm.books.pins.values()].filter(({ on, sort }) => on === Number(record.id) && sort !== "card")
        return { activities: pins.map((pin) => activityOf(record, pin)), limitReached: null }
      }),
    user: (_, id) =>
      Effect.map(world(crm.people()), (people) => people.map(userOf).find((user) => user.id === id) ?? null),
    users: () => Effect.map(world(crm.people()), (people) => people.map(userOf)),
    pools: () =>
      Effect.map(world(crm.rounds()), (rounds) =>
        rounds.map(([name, logins]) => ({
          id: Id.PoolId.make(name),
          name,
          recordKind: "lead" as const,
          members: logins.map(userId),
          isDeleted: false,
          eventCount: 0
        }))
      ),
    fields: () => Effect.succeed([])
  })
}

const userOf = ({ boss, login, works }: Prospector["staff"][number]): User.User => ({
  id: userId(login),
  name: login,
  email: `${login}@prospector.example`,
  isActive: works,
  reportsTo: boss === null ? null : userId(boss),
  isAccountOwner: boss === null,
  isCrmAdministrator: false,
  teams: [],
  groups: [],
  visibility: "own"
})
