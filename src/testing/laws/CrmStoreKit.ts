/** What the laws of a CRM's store are written with. */
import { Effect } from "effect"
import type { Actor } from "../../domain/account/Actor.ts"
import * as Actors from "../../domain/account/Actor.ts"
import * as Id from "../../domain/account/Id.ts"
import * as EmailKey from "../../domain/identity/EmailKey.ts"
import type * as PhoneKey from "../../domain/identity/PhoneKey.ts"
import type * as Activity from "../../domain/record/Activity.ts"
import type * as DistributionPool from "../../domain/record/DistributionPool.ts"
import type * as Record from "../../domain/record/Record.ts"
import * as RecordRef from "../../domain/record/RecordRef.ts"
import type * as User from "../../domain/record/User.ts"
import { type CrmRecords, CrmStore, type CrmStoreShape, type KeyQuery } from "../../ports/CrmStore.ts"
import type { Put } from "../../ports/RecordStore.ts"
import { lawsOn } from "./Law.ts"
import { at } from "./StoreKit.ts"

export const law = lawsOn(CrmStore)

export const recordId = (text: string): RecordRef.RecordId => RecordRef.RecordId.make(text)
export const userId = (text: string): Id.UserId => Id.UserId.make(text)

/** Keys to answer to, or to look up by. */
export const keys = (emails: ReadonlyArray<string>, phones: ReadonlyArray<PhoneKey.PhoneKey> = []): KeyQuery => ({
  emails: emails.map((email) => EmailKey.EmailKey.make(email)),
  phones
})

export const person = (id: string, answersTo: KeyQuery, more: Partial<Record.Person> = {}): Record.Person => ({
  _tag: "Person",
  id: recordId(id),
  ownerId: userId("u1"),
  emails: [],
  phones: [],
  keys: answersTo,
  aliases: keys([]),
  custom: {},
  lifecycle: { _tag: "Live" },
  createdAt: at(0),
  updatedAt: at(0),
  eventCount: 1,
  firstName: null,
  lastName: id,
  companyId: null,
  ...more
})

export const user = (id: string, more: Partial<User.User> = {}): User.User => ({
  id: userId(id),
  name: id,
  email: `${id}@example.com`,
  isActive: true,
  reportsTo: null,
  isAccountOwner: false,
  isCrmAdministrator: false,
  teams: [],
  groups: [],
  visibility: "all",
  ...more
})

export const pool = (
  id: string,
  more: Partial<DistributionPool.DistributionPool> = {}
): DistributionPool.DistributionPool => ({
  id: Id.PoolId.make(id),
  name: "a pool",
  recordKind: "lead",
  members: [],
  isDeleted: false,
  eventCount: 1,
  ...more
})

export const note = (id: string, millis: number, on = "p1", by: Actor = Actors.system): Activity.Activity => ({
  _tag: "Note",
  id: Id.ActivityId.make(id),
  record: { kind: "person", id: recordId(on) },
  at: at(millis),
  by,
  text: id,
  chatId: null
})

/** A record to write: nothing of a CRM has deadlines or detached texts here. */
export type Bare = Omit<Put<CrmRecords>, "contents" | "due">

export const putPerson = (value: Record.Person): Bare => ({ key: { kind: "person", id: value.id }, value })
export const putNote = (value: Activity.Activity): Bare => ({ key: { kind: "activity", id: value.id }, value })
export const putUser = (value: User.User): Bare => ({ key: { kind: "user", id: value.id }, value })
export const putPool = (value: DistributionPool.DistributionPool): Bare => ({
  key: { kind: "pool", id: value.id },
  value
})

const nothing = { put: [], remove: [], contents: [], events: [], remember: null }

/** Writes records as they come, reading what is there. */
export const write = (store: CrmStoreShape, account: Id.AccountId, puts: ReadonlyArray<Bare>) =>
  Effect.gen(function* () {
    const reads = yield* store.get(
      account,
      puts.map(({ key }) => key)
    )
    const expected = reads.map(({ key, version }) => ({ key, version }))
    const put = puts.map((one) => ({ ...one, contents: [], due: null }) as Put<CrmRecords>)
    yield* store.commit(account, { ...nothing, expect: expected, put })
  })

/** Removes a record that is there. */
export const remove = (store: CrmStoreShape, account: Id.AccountId, key: Bare["key"]) =>
  Effect.gen(function* () {
    const [read] = yield* store.get(account, [key])
    if (read === undefined) return
    yield* store.commit(account, { ...nothing, expect: [{ key, version: read.version }], remove: [key] })
  })

/** The ids, in any order. */
export const ids = (records: ReadonlyArray<{ readonly id: string }>): ReadonlyArray<string> =>
  records.map(({ id }) => id).sort()
