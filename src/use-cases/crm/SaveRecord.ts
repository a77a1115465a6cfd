import { Effect } from "effect"
import type { Instant } from "../../domain/account/Instant.ts"
import * as Merging from "../../domain/record/Merging.ts"
import {
  type Company,
  type CrmRecord,
  type Deal,
  isLive,
  type Lead,
  type Person,
  refOf
} from "../../domain/record/Record.ts"
import type { Caller } from "../execution/Caller.ts"
import { currentSettings } from "../execution/Rights.ts"
import { administer } from "./CrmCommand.ts"
import { recordKey, writeRecord } from "./RecordWriting.ts"

/** What the library keeps itself: keys, times of its own, what became of the record. */
type Kept = "keys" | "aliases" | "absorbed" | "lifecycle" | "createdAt" | "updatedAt" | "eventCount"

/** A record as an administrator or an import gives it. */
export type RecordToSave = (
  | Omit<Lead, Kept | "assignment" | "earlierAssignments">
  | Omit<Person, Kept>
  | Omit<Company, Kept>
  | Omit<Deal, Kept>
) & {
  /** For imports; default: now. */
  readonly updatedAt?: Instant
}

/**
 * Adds a record, or changes one: its fields and addresses; the keys follow (A7). Several live records with one email
 * are normal (A4, E5). By CRM administrators, services, imports. Refusals: `NotLive` for a record that was merged,
 * converted or deleted; `AccessDenied`.
 */
export const saveRecord = Effect.fn("saveRecord")(function* (caller: Caller, input: RecordToSave) {
  const { defaultRegion } = yield* currentSettings(caller)
  return yield* administer(caller, "saveRecord", input, (transaction) =>
    Effect.gen(function* () {
      const ref = refOf(input as CrmRecord)
      const [read] = yield* transaction.get(recordKey(ref))
      const before = read.value as CrmRecord | null
      if (before !== null && !isLive(before)) {
        return yield* Effect.fail<Merging.NotLive>({ _tag: "NotLive", record: ref, lifecycle: before.lifecycle })
      }
      const updatedAt = input.updatedAt ?? transaction.now
      const unaddressed = {
        ...input,
        ...(input._tag === "Lead" ? originOf(input, before) : {}),
        emails: [],
        phones: [],
        keys: { emails: [], phones: [] },
        aliases: before?.aliases ?? { emails: [], phones: [] },
        ...(before?.absorbed === undefined ? {} : { absorbed: before.absorbed }),
        lifecycle: { _tag: "Live" },
        createdAt: before?.createdAt ?? transaction.now,
        updatedAt,
        eventCount: 0
      } as CrmRecord
      const addressed = Merging.withAddresses(unaddressed, input, defaultRegion, updatedAt)
      yield* writeRecord(transaction, read, addressed, [
        { _tag: before === null ? "RecordAdded" : "RecordChanged", record: ref }
      ])
      return { record: ref }
    })
  )
})

/** How a lead came to be, and to its owner, is kept with it: a change does not rewrite it (E3, F4). */
const originOf = (
  input: Pick<Lead, "addedFrom">,
  before: CrmRecord | null
): Pick<Lead, "addedFrom" | "assignment" | "earlierAssignments"> =>
  before?._tag === "Lead"
    ? {
        addedFrom: before.addedFrom,
        assignment: before.assignment,
        ...(before.earlierAssignments === undefined ? {} : { earlierAssignments: before.earlierAssignments })
      }
    : { addedFrom: input.addedFrom, assignment: null }
