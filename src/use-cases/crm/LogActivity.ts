import { Effect, Result } from "effect"
import * as Limits from "../../domain/account/Limits.ts"
import { type CrmRecord, isLive } from "../../domain/record/Record.ts"
import type { RecordRef } from "../../domain/record/RecordRef.ts"
import type { Caller } from "../execution/Caller.ts"
import { administer } from "./CrmCommand.ts"
import { addActivity, recordKey, writeRecord } from "./RecordWriting.ts"

/**
 * Adds a call, a task or a note to a record's history, for a CRM's own screens and for imports (H3). Nobody is told.
 * By CRM administrators and services. Refusals: `RecordNotFound`, `Blank`, `TooLong`, `AccessDenied`.
 */
export const logActivity = Effect.fn("logActivity")(function* (
  caller: Caller,
  input: { readonly record: RecordRef; readonly type: "Note" | "Call" | "Task"; readonly text: string }
) {
  const text = Limits.meaningful("note", input.text)
  if (Result.isFailure(text)) return yield* Effect.fail(text.failure)
  return yield* administer(caller, "logActivity", input, (transaction) =>
    Effect.gen(function* () {
      const { record: ref, type } = input
      const [read] = yield* transaction.get(recordKey(ref))
      const record = read.value as CrmRecord | null
      if (record === null || !isLive(record)) {
        return yield* Effect.fail({ _tag: "RecordNotFound" as const, record: ref })
      }
      const { id } = addActivity(transaction, (common) =>
        type === "Note"
          ? { _tag: type, ...common, record: ref, text: text.success, chatId: null }
          : { _tag: type, ...common, record: ref, text: text.success }
      )
      yield* writeRecord(transaction, read, record, [{ _tag: "ActivityLogged", record: ref, activityId: id }])
      return { activityId: id }
    })
  )
})
