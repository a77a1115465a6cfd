import { Context, type Effect } from "effect"
import type { AccountId, ChatId, PoolId, UserId } from "../domain/account/Id.ts"
import type { Instant } from "../domain/account/Instant.ts"
import type { PoolEvent } from "../domain/assignment/PoolEvent.ts"
import type { EmailKey } from "../domain/identity/EmailKey.ts"
import type { PhoneKey } from "../domain/identity/PhoneKey.ts"
import type { Activity, ActivityType } from "../domain/record/Activity.ts"
import type { CrmEvent } from "../domain/record/CrmEvent.ts"
import type { FieldDefinition } from "../domain/record/CustomField.ts"
import type { DistributionPool } from "../domain/record/DistributionPool.ts"
import type { Company, Deal, Lead, Person } from "../domain/record/Record.ts"
import type { MatchableRef, RecordId, RecordRef } from "../domain/record/RecordRef.ts"
import type { User } from "../domain/record/User.ts"
import type { OlderThan } from "./DeskStore.ts"
import type { CommonRecords, Read, RecordStore } from "./RecordStore.ts"
import type { StoreError } from "./StoreError.ts"

/** The records of a CRM of our own, by kind. */
export interface CrmRecords extends CommonRecords {
  /** By record id. */
  readonly lead: Lead
  readonly person: Person
  readonly company: Company
  readonly deal: Deal
  /** By activity id. */
  readonly activity: Activity
  readonly user: User
  readonly pool: DistributionPool
  /**
   * By `email/KEY` or `phone/KEY`: moved by every write that gives a record this key or takes it away, so that "no
   * live record matches" can be expected in a commit (E3, E5).
   */
  readonly identityKey: { readonly movedBy: RecordRef }
  /** By chat id: the live lead made from it (E5). Removed when that lead is not live any more. */
  readonly chatLead: { readonly lead: RecordId; readonly owner: UserId }
  /** One, `all`: the registry of custom fields (I2). */
  readonly fields: { readonly definitions: ReadonlyArray<FieldDefinition> }
}

/** What the CRM's log carries. */
export type CrmPayload = CrmEvent | PoolEvent

/** Keys to look records up by. */
export interface KeyQuery {
  readonly emails: ReadonlyArray<EmailKey>
  readonly phones: ReadonlyArray<PhoneKey>
}

/** All that the creation of a lead is decided on, as of one moment. */
export interface LeadFacts {
  /** Live leads, persons and companies with one of the keys. */
  readonly candidates: ReadonlyArray<Lead | Person | Company>
  /** One read per key asked for, emails first, in the order asked. */
  readonly identityKeys: ReadonlyArray<Read<CrmRecords, "identityKey">>
  readonly chatLead: Read<CrmRecords, "chatLead">
  readonly pools: ReadonlyArray<Read<CrmRecords, "pool">>
  readonly users: ReadonlyArray<Read<CrmRecords, "user">>
  readonly command: Read<CrmRecords, "command"> | null
}

/** Which activities a feed page wants. */
export interface ActivitiesQuery {
  readonly records: ReadonlyArray<RecordRef>
  /** `null`: all types. */
  readonly types: ReadonlyArray<ActivityType> | null
  /** Only by one of these actors (`Actor.toKey`); `null`: any. */
  readonly byAny: ReadonlyArray<string> | null
  readonly after: OlderThan | null
  /** [inclusive, exclusive); `null`: open. */
  readonly from: Instant | null
  readonly until: Instant | null
  readonly limit: number
}

/**
 * The memory of a CRM of our own: the same thin store as the chat side's, with a CRM's reads. The library builds a
 * `Crm` from it (`OwnCrm`); whoever plugs in a foreign CRM implements `Crm` instead. Two accounts never see each other
 * (J2: laws `store.account.separate`, `crmStore.account.separate`).
 */
export interface CrmStoreShape extends RecordStore<CrmRecords, CrmPayload> {
  readonly capabilities: { readonly isDurable: boolean; readonly erase: boolean }

  /**
   * Live leads, persons and companies that answer to one of the keys (`keys` of the record, A5, A7), in any order, each
   * once. Reads only the matching rows. Laws: `crmStore.byKeys.live`, `crmStore.byKeys.once`,
   * `crmStore.byKeys.phones`, `crmStore.byKeys.normalised`.
   */
  readonly byKeys: (
    account: AccountId,
    query: KeyQuery
  ) => Effect.Effect<ReadonlyArray<Lead | Person | Company>, StoreError>

  /**
   * As {@link byKeys}, whatever became of the records: merged, converted and deleted ones still hold their values. For
   * erasure (J4). Law: `crmStore.holding.all`.
   */
  readonly holding: (
    account: AccountId,
    query: KeyQuery
  ) => Effect.Effect<ReadonlyArray<Lead | Person | Company>, StoreError>

  /** {@link LeadFacts}, in one statement. Laws: `crmStore.leadFacts.all`, `crmStore.leadFacts.together`. */
  readonly leadFacts: (
    account: AccountId,
    query: KeyQuery & {
      readonly chatId: ChatId
      readonly pools: ReadonlyArray<PoolId>
      readonly commandId: string | null
    }
  ) => Effect.Effect<LeadFacts, StoreError>

  /** All users. Law: `crmStore.users.all`. */
  readonly users: (account: AccountId) => Effect.Effect<ReadonlyArray<User>, StoreError>

  /** All pools that are not deleted, by id. Law: `crmStore.pools.all`. */
  readonly pools: (account: AccountId) => Effect.Effect<ReadonlyArray<DistributionPool>, StoreError>

  /** The live persons of these companies, each once, in one statement (H2). Law: `crmStore.peopleOf.live`. */
  readonly peopleOf: (
    account: AccountId,
    companyIds: ReadonlyArray<RecordId>
  ) => Effect.Effect<ReadonlyArray<Person>, StoreError>

  /**
   * Activities, newest first by (at, id), ids compared as strings.
   *
   * - Laws: `crmStore.activities.order`, `crmStore.activities.after`, `crmStore.activities.filter`.
   */
  readonly activities: (
    account: AccountId,
    query: ActivitiesQuery
  ) => Effect.Effect<ReadonlyArray<Activity>, StoreError>

  /**
   * References to live records of a kind, by id, after one, at most `limit`: for exports and repairs. Law:
   * `crmStore.list.live`.
   */
  readonly list: (
    account: AccountId,
    kind: MatchableRef["kind"] | "deal",
    after: RecordId | null,
    limit: number
  ) => Effect.Effect<ReadonlyArray<RecordRef>, StoreError>
}

/** Port: see {@link CrmStoreShape}. */
export class CrmStore extends Context.Service<CrmStore, CrmStoreShape>()("leadline/CrmStore") {}
