import { Context, type Effect } from "effect"
import type { Actor } from "../domain/account/Actor.ts"
import type { AccountId, ActivityId, ChatId, UserId } from "../domain/account/Id.ts"
import type { KeyRefusal } from "../domain/account/Idempotency.ts"
import type { Instant } from "../domain/account/Instant.ts"
import type { OwnerNotAllowed, OwnerRequired } from "../domain/assignment/LeadOwner.ts"
import type { NoticeRecipient } from "../domain/assignment/NoticeRecipient.ts"
import type { OwnerChoice } from "../domain/assignment/OwnerChoice.ts"
import type { NoActiveUser } from "../domain/assignment/TopmostManager.ts"
import type { ChatEntry } from "../domain/feed/ActivityEntry.ts"
import type { EmailKey } from "../domain/identity/EmailKey.ts"
import type { Evidence, Matched } from "../domain/identity/Matching.ts"
import type { PhoneKey } from "../domain/identity/PhoneKey.ts"
import type { Activity, ActivityType } from "../domain/record/Activity.ts"
import type { LeadRefusal, RecordHidden, RecordNotFound } from "../domain/record/CrmRefusal.ts"
import type { FieldDefinition } from "../domain/record/CustomField.ts"
import type { DistributionPool } from "../domain/record/DistributionPool.ts"
import type { OwnerDecision } from "../domain/record/OwnerDecision.ts"
import type { CrmRecord } from "../domain/record/Record.ts"
import type { MatchableRef, RecordId, RecordRef } from "../domain/record/RecordRef.ts"
import type { User } from "../domain/record/User.ts"
import type { CrmAccess } from "../domain/settings/Settings.ts"
import type { OlderThan } from "./DeskStore.ts"
import type { StoreError } from "./StoreError.ts"

/** What a CRM can do. The use cases choose their road by it; the laws are chosen by it. */
export interface CrmCapabilities {
  /** "No live record matches" and the creation are one atomic step (E3). */
  readonly atomicIdentity: boolean
  /**
   * `native`: a write repeated under its key happens once. `marker`: it does not; the library marks what it writes
   * and searches for the mark, after `stalenessMillis`, before any repeat.
   */
  readonly idempotentWrites: "native" | "marker"
  /**
   * Who has users told of leads and notes (F6, G1): the CRM itself, and its answers say whom; or the library, by its
   * own rules (G3) and through `Notifier`: what the answers say is not asked then.
   */
  readonly notices: "native" | "library"
  /** It has screens of its own, into which closed chats are copied (`putChatCopy`). */
  readonly chatCopies: boolean
  /** Who deals: the CRM, by the policy in the request; or the library, which then names the owner. */
  readonly pools: "native" | "library"
  readonly erase: boolean
  /**
   * How old what a search finds may be, and how late a write without an answer may still land, in milliseconds. 0:
   * reads see every write before them.
   */
  readonly stalenessMillis: number
}

/** With whose eyes the CRM is read (E2): all of it, or what a user may see. */
export type Viewer = { readonly _tag: "All" } | { readonly _tag: "User"; readonly userId: UserId }

/** All that matched, in A3's order, and which of it the viewer may see, in the same order. */
export interface MatchFound {
  readonly matched: ReadonlyArray<Matched>
  readonly visible: ReadonlyArray<MatchableRef>
}

/** Who is to own a new lead. */
export type OwnerWanted =
  /** For CRMs whose pools are native: the account's policy (F1) and the agent's pick. */
  | {
      readonly _tag: "ByPolicy"
      readonly anyOwnerAllowed: boolean
      readonly configured: ReadonlyArray<OwnerChoice>
      readonly access: CrmAccess
      readonly picked: OwnerChoice | null
    }
  /** For the others: decided already. */
  | { readonly _tag: "Decided"; readonly decision: OwnerDecision }

/** A lead to create from a chat (E3, E4). Texts are within the limits (D11). */
export interface NewLead {
  readonly chatId: ChatId
  readonly evidence: Evidence
  readonly firstName: string | null
  readonly lastName: string
  /** As typed (E4). */
  readonly email: string
  readonly phone: string | null
  readonly status: string
  readonly source: string | null
  readonly owner: OwnerWanted
  /** Who presses the button, and the user they are, if any. */
  readonly creator: Actor
  readonly creatorUser: UserId | null
  readonly viewer: Viewer
  /** A note for the owner (G2); `null`: none. */
  readonly note: string | null
  /** ISO 3166-1 alpha-2, to read phones without a country code (A2). */
  readonly defaultRegion: string | null
}

/** A lead that was made. `told`: who is told of it and why, one notice even with a note (F6, G2). */
export interface LeadMade {
  readonly lead: RecordId
  readonly owner: UserId
  readonly decision: OwnerDecision
  readonly noteStored: boolean
  readonly told: NoticeRecipient
}

/** What a write left in the CRM, found by its mark. */
export type Written =
  /** `decision`: `null` where the CRM keeps none, because it was told the owner. */
  | ({ readonly _tag: "Lead"; readonly decision: OwnerDecision | null } & Omit<LeadMade, "decision">)
  | { readonly _tag: "Note"; readonly activityId: ActivityId; readonly told: NoticeRecipient }
  | { readonly _tag: "Phone"; readonly isChanged: boolean }

/** A closed chat as a record's own screen shows it (H1); marked with the record and the chat's id. */
export interface ChatCopy {
  readonly record: RecordRef
  readonly entry: ChatEntry
}

/** What the feed of a record is made of (H2, A7). */
export interface FeedScope {
  readonly record: RecordRef
  readonly name: string
  /** Chats that closed with one of these … */
  readonly keys: ReadonlyArray<EmailKey>
  /** … and these (E7). */
  readonly chatIds: ReadonlyArray<ChatId>
}

/** Whose values a CRM is to erase (J4): these records, and all that hold one of these keys, live or not. */
export interface PersonToErase {
  readonly records: ReadonlyArray<RecordRef>
  readonly emails: ReadonlyArray<EmailKey>
  readonly phones: ReadonlyArray<PhoneKey>
}

/** Which activities a feed page wants; as in `CrmStore`, for one record. */
export interface RecordActivitiesQuery {
  readonly record: RecordRef
  readonly types: ReadonlyArray<ActivityType> | null
  readonly byAny: ReadonlyArray<string> | null
  readonly after: OlderThan | null
  readonly from: Instant | null
  readonly until: Instant | null
  readonly limit: number
}

/**
 * What callers need of a CRM, ours or somebody else's. Fails only with `StoreError` or the refusals named. Every write
 * takes an idempotency key: the same key and input again has no second effect and gives the same answer (unless
 * `idempotentWrites` says otherwise); with another input it is refused, `IdempotencyKeyReused`. Input is what was asked
 * (chat, pick and note; record and text; lead and phone), not what was looked up for it. Two accounts never see each
 * other (J2: law `crm.account.separate`). Nothing here changes the keys of a record because of what a visitor typed (A8).
 */
export interface CrmShape {
  readonly capabilities: CrmCapabilities

  /**
   * The live records that match (A2–A5). No evidence: nothing matches. Sees every write before it, but for
   * `stalenessMillis`. Laws: `crm.match.order`, `crm.match.live`, `crm.match.visible`,
   * `crm.match.normalised`; without staleness `crm.match.fresh`.
   */
  readonly match: (account: AccountId, viewer: Viewer, evidence: Evidence) => Effect.Effect<MatchFound, StoreError>

  /** One record, whatever its lifecycle. Laws: `crm.read.missing`, `crm.read.hidden`. */
  readonly read: (
    account: AccountId,
    viewer: Viewer,
    ref: RecordRef
  ) => Effect.Effect<CrmRecord, RecordNotFound | RecordHidden | StoreError>

  /**
   * Creates a lead from a chat, with its note and its owner, exactly once (E3, E5). With `atomicIdentity` the checks
   * "no live record matches" and "no live lead was made from this chat" are part of the write: refused, no turn is
   * taken, no note is stored, nobody is told.
   *
   * - Laws: `crm.createLead.made`; with `atomicIdentity` `crm.createLead.matched`, `crm.createLead.once`,
   *   `crm.createLead.onceByChat`, without it `crm.createLead.afterwards`; with native idempotency
   *   `crm.createLead.repeat`, `crm.createLead.repeatAtOnce`; with native pools `crm.createLead.turn`, without them
   *   `crm.createLead.decided`; with native notices `crm.createLead.told`.
   */
  readonly createLead: (
    account: AccountId,
    lead: NewLead,
    idempotencyKey: string
  ) => Effect.Effect<LeadMade, LeadRefusal | OwnerNotAllowed | OwnerRequired | NoActiveUser | KeyRefusal | StoreError>

  /**
   * Stores a note on a record, with its author and a link to the chat, and has the owner told (G1, G3).
   * Laws: `crm.addNote.once`, `crm.addNote.missing`, `crm.addNote.told`.
   */
  readonly addNote: (
    account: AccountId,
    note: {
      readonly record: MatchableRef
      readonly text: string
      readonly chatId: ChatId | null
      readonly author: Actor
      readonly authorUser: UserId | null
      readonly viewer: Viewer
    },
    idempotencyKey: string
  ) => Effect.Effect<
    { readonly activityId: ActivityId; readonly told: NoticeRecipient },
    RecordNotFound | RecordHidden | KeyRefusal | StoreError
  >

  /**
   * Sets the main phone of a lead; its feed says who did (E6). An equal phone changes nothing.
   * Laws: `crm.changePhone.equal`, `crm.changePhone.feed`.
   */
  readonly changePhone: (
    account: AccountId,
    change: {
      readonly lead: RecordId
      readonly phone: string
      readonly by: Actor
      readonly viewer: Viewer
      readonly defaultRegion: string | null
    },
    idempotencyKey: string
  ) => Effect.Effect<{ readonly isChanged: boolean }, RecordNotFound | RecordHidden | KeyRefusal | StoreError>

  /**
   * What the write under this key by this actor left: a lead (with its note, where `createLead` was asked for one), a
   * note, a phone change; `null`: nothing that can be found by now. What was deleted since may still be found. With
   * `marker` it is how the library asks before it repeats: not before `stalenessMillis` after the last attempt.
   * Laws: `crm.findWritten.missing`, `crm.findWritten.made`, `crm.findWritten.separate`.
   */
  readonly findWritten: (
    account: AccountId,
    by: Actor,
    idempotencyKey: string
  ) => Effect.Effect<Written | null, StoreError>

  /**
   * Shows a closed chat on a record's own screen. Not idempotent: the library looks with `chatCopies` first. Without
   * the capability: `StoreError`, `unsupported`. Laws: `crm.putChatCopy.found`, `crm.putChatCopy.unsupported`.
   */
  readonly putChatCopy: (account: AccountId, copy: ChatCopy) => Effect.Effect<void, RecordNotFound | StoreError>

  /**
   * Which of these chats have a copy on the record, in any order, each once; at most 200 are asked for at a time. Sees
   * every copy but for `stalenessMillis`. Without the capability: none. Law: `crm.chatCopies.asked`.
   */
  readonly chatCopies: (
    account: AccountId,
    record: RecordRef,
    chatIds: ReadonlyArray<ChatId>
  ) => Effect.Effect<ReadonlyArray<ChatId>, StoreError>

  /**
   * Erases a person (J4): of each record its names, addresses, keys and custom values, and the texts of its history,
   * also where it was merged or converted, and what it was merged with. The records stay as shells with their ids, owners
   * and counts; they match nothing, and their chats and addresses are free (A5, E5).
   *
   * One bounded batch, at most `limit` records and entries. `after`: `null` first, then the `next` of the batch before;
   * `next: null`: all is erased. `erased` counts records and entries that held something. Without the capability:
   * `StoreError`, `unsupported`. Laws: `crm.erase.values`, `crm.erase.merged`, `crm.erase.others`, `crm.erase.batches`, `crm.erase.repeat`,
   * `crm.erase.unsupported`.
   */
  readonly erase: (
    account: AccountId,
    batch: { readonly person: PersonToErase; readonly after: string | null; readonly limit: number },
    idempotencyKey: string
  ) => Effect.Effect<{ readonly erased: number; readonly next: string | null }, KeyRefusal | StoreError>

  /**
   * What the feed of a record shows chats by. Of what was merged or converted into it, too: its addresses, and the chats
   * it was made from (A5, E7). A deleted record has no feed (A5). Law: `crm.feedScope.keys`.
   */
  readonly feedScope: (
    account: AccountId,
    viewer: Viewer,
    ref: RecordRef
  ) => Effect.Effect<FeedScope, RecordNotFound | RecordHidden | StoreError>

  /**
   * A record's activities, and those of what was merged or converted into it, newest first by (at, id).
   * `limitReached`: the CRM shows no more than that many, and there may be more (H5).
   * Laws: `crm.activities.order`, `crm.activities.after`.
   */
  readonly activities: (
    account: AccountId,
    viewer: Viewer,
    query: RecordActivitiesQuery
  ) => Effect.Effect<
    { readonly activities: ReadonlyArray<Activity>; readonly limitReached: number | null },
    RecordNotFound | RecordHidden | StoreError
  >

  /** One user, or `null`. Law: `crm.user.missing`. */
  readonly user: (account: AccountId, userId: UserId) => Effect.Effect<User | null, StoreError>

  /** All users, with their teams and managers. */
  readonly users: (account: AccountId) => Effect.Effect<ReadonlyArray<User>, StoreError>

  /** The pools to pick from (F1). */
  readonly pools: (account: AccountId) => Effect.Effect<ReadonlyArray<DistributionPool>, StoreError>

  /** The registry of custom fields (I2). */
  readonly fields: (account: AccountId) => Effect.Effect<ReadonlyArray<FieldDefinition>, StoreError>
}

/** Port: see {@link CrmShape}. */
export class Crm extends Context.Service<Crm, CrmShape>()("leadline/Crm") {}
