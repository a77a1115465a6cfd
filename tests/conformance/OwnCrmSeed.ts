import { Effect, Layer } from "effect"
import { Actor, type Id, RecordRef } from "leadline"
import type { Crm, CrmStore, DeskStore, SettingsStore } from "leadline/ports"
import { CrmKit } from "leadline/testing"
import {
  type Caller,
  createPool,
  deleteRecord,
  mergeRecords,
  type RecordToSave,
  saveRecord,
  saveUser
} from "leadline/use-cases"

const caller = (account: Id.AccountId): Caller => ({ account, actor: Actor.service("laws"), surface: "api" })

type Stores = Crm | CrmStore | DeskStore | SettingsStore

const recordOf = (
  id: RecordRef.RecordId,
  { company, firstName, kind, name, owner, ...rest }: CrmKit.RecordToSeed
): RecordToSave => {
  const common = { ...rest, id, ownerId: owner }
  if (kind === "company") return { _tag: "Company", name, ...common }
  if (kind === "person") return { _tag: "Person", firstName, lastName: name, companyId: company, ...common }
  const lead = { firstName, lastName: name, organisation: null, status: "New", source: null }
  return { _tag: "Lead", ...lead, addedFrom: { _tag: "Import" }, ...common }
}

/** How the data of a CRM of our own comes about: by its own use cases. */
export const ownCrmSeed: Layer.Layer<CrmKit.CrmSeed, never, Stores> = Layer.effect(
  CrmKit.CrmSeed,
  Effect.map(Effect.context<Stores>(), (stores) => {
    let records = 0
    return CrmKit.CrmSeed.of({
      user: (account, user) => Effect.provide(Effect.as(saveUser(caller(account), user), user.id), stores),
      // an id that says nothing of the person: it stays when they are erased (J4)
      record: (account, record) =>
        Effect.suspend(() => {
          const id = RecordRef.RecordId.make(`r${++records}`)
          return Effect.provide(Effect.as(saveRecord(caller(account), recordOf(id, record)), id), stores)
        }),
      pool: (account, id, members) =>
        Effect.provide(
          Effect.as(createPool(caller(account), { id, name: id, recordKind: "lead", members }), id),
          stores
        ),
      delete: (account, record) => Effect.provide(deleteRecord(caller(account), { record }), stores),
      merge: (account, kind, survivor, loser) =>
        Effect.provide(mergeRecords(caller(account), { kind, survivor, loser }), stores),
      catchUp: Effect.void
    })
  })
)
