import { Effect, Layer } from "effect"
import { Actor, Id } from "leadline"
import * as Memory from "leadline/memory"
import { Crm, CrmStore, type DeskStore, type SettingsStore } from "leadline/ports"
import { type Caller, createPool, deleteRecord, mergeRecords, OwnCrm, saveRecord, saveUser } from "leadline/use-cases"
import { expect, it } from "vitest"
import { lead, recordId, user } from "../use-cases/crm/World.ts"
import { crmErasureLaws } from "./CrmErasureLaws.ts"
import { type CrmUnderTest, crmLaws } from "./CrmLaws.ts"
import { crmMarkLaws } from "./CrmMarkLaws.ts"

const layer = () => Layer.provideMerge(OwnCrm.layer, Memory.layer({ yieldsBeforeEach: true }))

const caller = (account: Id.AccountId): Caller => ({ account, actor: Actor.service("laws"), surface: "api" })

const seed: CrmUnderTest<CrmStore | DeskStore | SettingsStore>["seed"] = {
  user: (account, user) => saveUser(caller(account), user),
  record: (account, record) => saveRecord(caller(account), record),
  pool: (account, id, members) => createPool(caller(account), { id, name: id, recordKind: "lead", members }),
  delete: (account, record) => deleteRecord(caller(account), { record }),
  merge: (account, kind, survivor, loser) => mergeRecords(caller(account), { kind, survivor, loser })
}

crmLaws("a CRM of our own in memory", { layer, atomicIdentity: true, seed })
crmErasureLaws("a CRM of our own in memory", { layer, seed }, true)

/** The same CRM over a store that cannot delete. */
const keeping = () =>
  Layer.effect(
    Crm,
    Effect.map(CrmStore, (store) => OwnCrm.make({ ...store, capabilities: { ...store.capabilities, erase: false } }))
  ).pipe(Layer.provideMerge(Memory.layer()))

crmErasureLaws("a CRM of our own that keeps everything", { layer: keeping, seed }, false)

const laws = caller(Id.AccountId.make("laws"))

crmMarkLaws("a CRM of our own in memory", {
  layer,
  seed: Effect.gen(function* () {
    yield* saveUser(laws, user("owner"))
    yield* saveRecord(laws, lead("l", ["ann@example.com"], { phones: ["555"] }))
    return recordId("l")
  }),
  catchUp: Effect.void
})

it("a CRM of our own declares what it keeps: atomic, native, never stale (E3, F2, K1)", () =>
  Effect.runPromise(
    Effect.gen(function* () {
      const { capabilities } = yield* Crm
      expect(capabilities).toEqual({
        atomicIdentity: true,
        idempotentWrites: "native",
        notices: "native",
        chatCopies: false,
        pools: "native",
        erase: true,
        stalenessMillis: 0
      })
    }).pipe(Effect.provide(layer()))
  ))
