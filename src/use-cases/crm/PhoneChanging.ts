import { Effect } from "effect"
import type { AccountId } from "../../domain/account/Id.ts"
import * as PhoneKey from "../../domain/identity/PhoneKey.ts"
import * as Merging from "../../domain/record/Merging.ts"
import type { Lead } from "../../domain/record/Record.ts"
import type { CrmShape } from "../../ports/Crm.ts"
import type { CrmStoreShape } from "../../ports/CrmStore.ts"
import { directoryOf, onCrm } from "./CrmCommand.ts"
import { liveRecord } from "./RecordReading.ts"
import { addActivity, recordKey, writeRecord } from "./RecordWriting.ts"

type PhoneToSet = Parameters<CrmShape["changePhone"]>[1]

/**
 * Sets the main phone of a live lead (E6); one it has already as another moves to the front. Two statements; one more
 * where not all may be seen, one more where its key moves.
 */
export const changePhone = (store: CrmStoreShape) => (account: AccountId, change: PhoneToSet, idempotencyKey: string) =>
  onCrm(
    store,
    account,
    change.by,
    { name: "changePhone", input: { lead: change.lead, phone: change.phone }, idempotencyKey },
    (transaction) =>
      Effect.gen(function* () {
        const ref = { kind: "lead", id: change.lead } as const
        const [read] = yield* transaction.get(recordKey(ref))
        const directory = directoryOf(change.viewer._tag === "All" ? [] : yield* store.users(account))
        const lead = (yield* liveRecord(read.value, ref, change.viewer, directory)) as Lead
        const from = lead.phones[0] ?? null
        if (from !== null && isSamePhone(from, change.phone, change.defaultRegion)) return { isChanged: false }
        const { id } = addActivity(transaction, (common) => ({
          _tag: "PhoneChanged",
          ...common,
          record: ref,
          from,
          to: change.phone
        }))
        const others = lead.phones.slice(1)
        const phones = [
          change.phone,
          ...others.filter((phone) => !isSamePhone(phone, change.phone, change.defaultRegion))
        ]
        const changed = Merging.withAddresses(
          lead,
          { emails: lead.emails, phones },
          change.defaultRegion,
          transaction.now
        )
        yield* writeRecord(transaction, read, changed, [{ _tag: "LeadPhoneChanged", record: ref, activityId: id }])
        return { isChanged: true }
      })
  )

/** Equal as phones where both can be read, else as typed but for outer blanks (A2, E6). */
const isSamePhone = (a: string, b: string, region: string | null): boolean => {
  const [left, right] = [PhoneKey.make(a, region), PhoneKey.make(b, region)]
  return left !== null && right !== null ? left === right : a.trim() === b.trim()
}
