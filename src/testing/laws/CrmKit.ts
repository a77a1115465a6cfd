/** What the laws of a CRM, ours or somebody else's, are written with; and what a test must provide beside it. */
import { Context, Effect } from "effect"
import * as Actor from "../../domain/account/Actor.ts"
import * as Id from "../../domain/account/Id.ts"
import type * as Instant from "../../domain/account/Instant.ts"
import * as OwnerChoice from "../../domain/assignment/OwnerChoice.ts"
import * as EmailKey from "../../domain/identity/EmailKey.ts"
import type * as Matching from "../../domain/identity/Matching.ts"
import * as PhoneKey from "../../domain/identity/PhoneKey.ts"
import * as RecordRef from "../../domain/record/RecordRef.ts"
import type * as User from "../../domain/record/User.ts"
import { Crm, type CrmShape, type NewLead, type RecordActivitiesQuery, type Viewer } from "../../ports/Crm.ts"
import { user } from "./CrmStoreKit.ts"
import { type Accounts, type Declared, lawsOn } from "./Law.ts"
import { at } from "./StoreKit.ts"

/** A record that a law begins with. */
export interface RecordToSeed {
  readonly kind: RecordRef.MatchableKind
  /** A person's or lead's last name, a company's name; the id too, where the CRM lets one choose. */
  readonly name: string
  readonly firstName: string | null
  readonly owner: Id.UserId
  /** As typed. */
  readonly emails: ReadonlyArray<string>
  readonly phones: ReadonlyArray<string>
  /** Values of custom fields of type text, by field id; a CRM without custom fields leaves them out. */
  readonly custom: Readonly<Record<string, string>>
  /** A person's. */
  readonly company: RecordRef.RecordId | null
  readonly updatedAt: Instant.Instant
}

/**
 * How a CRM's data comes about, which its port does not say: a test provides it beside the `Crm`. A failure breaks the
 * law that is judged.
 */
export class CrmSeed extends Context.Service<
  CrmSeed,
  {
    /** Adds a user; answers their id, which is the one given where the CRM lets one choose. */
    readonly user: (account: Id.AccountId, user: User.User) => Effect.Effect<Id.UserId, unknown>
    /** Adds a live record; answers its id. */
    readonly record: (account: Id.AccountId, record: RecordToSeed) => Effect.Effect<RecordRef.RecordId, unknown>
    /** Adds a pool of leads, its queue in this order. Asked for only where pools are native. */
    readonly pool: (
      account: Id.AccountId,
      id: Id.PoolId,
      members: ReadonlyArray<Id.UserId>
    ) => Effect.Effect<Id.PoolId, unknown>
    readonly delete: (account: Id.AccountId, record: RecordRef.RecordRef) => Effect.Effect<unknown, unknown>
    readonly merge: (
      account: Id.AccountId,
      kind: RecordRef.RecordKind,
      survivor: RecordRef.RecordId,
      loser: RecordRef.RecordId
    ) => Effect.Effect<unknown, unknown>
    /** Lets `stalenessMillis` pass. */
    readonly catchUp: Effect.Effect<unknown, unknown>
  }
>()("leadline/testing/CrmSeed") {}

/** A CRM and its seed. */
export interface Ports {
  readonly crm: CrmShape
  readonly seed: CrmSeed["Service"]
}

export const law = lawsOn<Ports, Crm | CrmSeed>(Effect.all({ crm: Crm, seed: CrmSeed }))

const declares = (name: string, isDeclared: (crm: CrmShape) => boolean): Declared<Ports> => ({
  name,
  isDeclared: ({ crm }) => isDeclared(crm)
})

export const isAtomic = declares("atomicIdentity", ({ capabilities }) => capabilities.atomicIdentity)
export const isIdempotent = declares(
  "idempotentWrites: native",
  ({ capabilities }) => capabilities.idempotentWrites === "native"
)
export const dealsItself = declares("pools: native", ({ capabilities }) => capabilities.pools === "native")
export const tellsItself = declares("notices: native", ({ capabilities }) => capabilities.notices === "native")
export const copiesChats = declares("chatCopies", ({ capabilities }) => capabilities.chatCopies)
export const canErase = declares("erase", ({ capabilities }) => capabilities.erase)
export const isFresh = declares("stalenessMillis: 0", ({ capabilities }) => capabilities.stalenessMillis === 0)

export const ANN = "ann@example.com"
export const PHONE = "+12125552368"
export const all: Viewer = { _tag: "All" }
export const by: Actor.Actor = Actor.agent(Id.AgentId.make("a1"))
export const evidence: Matching.Evidence = { email: EmailKey.make(ANN), phone: PhoneKey.make(PHONE, null) }

export const refTo = <Kind extends RecordRef.MatchableKind>(kind: Kind, id: RecordRef.RecordId) => ({ kind, id })

/** An id that no record has. */
export const nobody = RecordRef.RecordId.make("0")

/** Who is in the CRM when a law begins. */
export interface People {
  readonly owner: Id.UserId
  /** Sees their own alone. */
  readonly me: Id.UserId
}

/** Adds a record: a law names only what it speaks of. Answers a reference to it. */
export const add = <Kind extends RecordRef.MatchableKind>(
  { seed }: Ports,
  account: Id.AccountId,
  { owner }: People,
  record: Partial<RecordToSeed> & { readonly kind: Kind; readonly name: string }
) =>
  Effect.map(
    seed.record(account, {
      ...{ firstName: null, owner, emails: [], phones: [], custom: {}, company: null, updatedAt: at(1) },
      ...record
    }),
    (id) => refTo(record.kind, id)
  )

export const people = ({ seed }: Ports, account: Id.AccountId) =>
  Effect.gen(function* () {
    const owner = yield* seed.user(account, user("owner", { visibility: "own" }))
    const me = yield* seed.user(account, user("me", { visibility: "own" }))
    return { owner, me }
  })

/** The owner of a new lead is this user: by policy, where the CRM decides; else decided already. */
export const ownedBy = (crm: CrmShape, owner: Id.UserId): NewLead["owner"] =>
  crm.capabilities.pools === "native"
    ? byPolicy(OwnerChoice.user(owner))
    : { _tag: "Decided", decision: { owner, reason: { _tag: "OnlyChoice" }, passedOver: [] } }

export const byPolicy = (only: OwnerChoice.OwnerChoice): NewLead["owner"] => ({
  _tag: "ByPolicy",
  anyOwnerAllowed: false,
  configured: [only],
  access: "allAgents",
  picked: null
})

/** A lead to create. */
export const wanted = (owner: NewLead["owner"], more: Partial<NewLead> = {}): NewLead => ({
  ...{ chatId: Id.ChatId.make("chat"), evidence, firstName: null, lastName: "Ann", email: ANN, phone: PHONE },
  ...{ status: "New", source: null, owner, creator: by, creatorUser: null, viewer: all, note: "a note" },
  defaultRegion: null,
  ...more
})

/** The same person's lead from another chat, under another address. */
export const anotherChat = (name: string): Partial<NewLead> => ({
  chatId: Id.ChatId.make(name),
  email: `${name}@example.com`,
  phone: null,
  evidence: { email: EmailKey.make(`${name}@example.com`), phone: null }
})

export const note = (record: RecordRef.MatchableRef, text = "a note") => ({
  ...{ record, text, chatId: null, author: by, authorUser: null, viewer: all }
})

export const phone = (lead: RecordRef.RecordId, typed: string) => ({
  ...{ lead, phone: typed, by, viewer: all, defaultRegion: null }
})

export const page = (
  record: RecordRef.RecordRef,
  more: Partial<RecordActivitiesQuery> = {}
): RecordActivitiesQuery => ({
  ...{ record, types: null, byAny: null, after: null, from: null, until: null, limit: 100 },
  ...more
})

/** What matches Ann, once the search has caught up. */
export const matched = ({ crm, seed }: Ports, { account }: Pick<Accounts, "account">, viewer: Viewer = all) =>
  Effect.andThen(seed.catchUp, crm.match(account, viewer, evidence))
