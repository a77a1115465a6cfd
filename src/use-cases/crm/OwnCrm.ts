import { Effect, Layer } from "effect"
import { absorbedBy } from "../../domain/record/Record.ts"
import { Crm, type CrmShape } from "../../ports/Crm.ts"
import { CrmStore, type CrmStoreShape } from "../../ports/CrmStore.ts"
import { StoreError } from "../../ports/StoreError.ts"
import { erase } from "./ErasingRecords.ts"
import { createLead } from "./LeadCreation.ts"
import { addNote } from "./NoteTaking.ts"
import { changePhone } from "./PhoneChanging.ts"
import { feedScope, match, read } from "./RecordReading.ts"
import { findWritten } from "./WriteFinding.ts"

/** The `Crm` port over a CRM of our own: everything atomic, nothing stale, pools dealt in the lead's own commit. */
export const make = (store: CrmStoreShape): CrmShape => ({
  capabilities: {
    atomicIdentity: true,
    idempotentWrites: "native",
    notices: "native",
    chatCopies: false,
    pools: "native",
    erase: store.capabilities.erase,
    stalenessMillis: 0
  },
  match: match(store),
  read: read(store),
  createLead: createLead(store),
  addNote: addNote(store),
  changePhone: changePhone(store),
  findWritten: findWritten(store),
  putChatCopy: () =>
    Effect.fail(new StoreError({ reason: "unsupported", isRetryable: false, operation: "Crm.putChatCopy" })),
  chatCopies: () => Effect.succeed([]),
  erase: erase(store),
  feedScope: feedScope(store),
  activities: Effect.fnUntraced(function* (account, viewer, { record, ...query }) {
    const found = yield* read(store)(account, viewer, record)
    const records = [record, ...absorbedBy(found).records]
    const activities = yield* store.activities(account, { ...query, records })
    return { activities, limitReached: null }
  }),
  user: (account, userId) => Effect.map(store.get(account, [{ kind: "user", id: userId }]), ([user]) => user.value),
  users: store.users,
  pools: store.pools,
  fields: (account) =>
    Effect.map(store.get(account, [{ kind: "fields", id: "all" }]), ([fields]) => fields.value?.definitions ?? [])
})

export const layer: Layer.Layer<Crm, never, CrmStore> =
  // fresh: a layer that is the same value is built once per program, and this program may have two CRM stores
  Layer.fresh(Layer.effect(Crm, Effect.map(CrmStore, make)))
