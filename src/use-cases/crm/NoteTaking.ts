import { Effect } from "effect"
import type { AccountId } from "../../domain/account/Id.ts"
import * as NoticeRecipient from "../../domain/assignment/NoticeRecipient.ts"
import type { CrmEvent } from "../../domain/record/CrmEvent.ts"
import type { CrmRecord } from "../../domain/record/Record.ts"
import type { CrmShape } from "../../ports/Crm.ts"
import type { CrmStoreShape } from "../../ports/CrmStore.ts"
import { directoryOf, noticeFor, onCrm } from "./CrmCommand.ts"
import { liveRecord } from "./RecordReading.ts"
import { addNote as addNoteTo, recordKey, writeRecord } from "./RecordWriting.ts"

type NoteToAdd = Parameters<CrmShape["addNote"]>[1]

/** Stores a note on a live record and has the owner told (G1, G3). Three statements: record, users, write. */
export const addNote = (store: CrmStoreShape) => (account: AccountId, note: NoteToAdd, idempotencyKey: string) =>
  onCrm(
    store,
    account,
    note.author,
    { name: "addNote", input: { record: note.record, text: note.text, chatId: note.chatId }, idempotencyKey },
    (transaction) =>
      Effect.gen(function* () {
        const { chatId, record: ref } = note
        const [read] = yield* transaction.get(recordKey(ref))
        const directory = directoryOf(yield* store.users(account))
        const record = yield* liveRecord(read.value as CrmRecord | null, ref, note.viewer, directory)
        const { id } = addNoteTo(transaction, ref, note.text, chatId)
        const told = NoticeRecipient.forNote({ owner: record.ownerId, author: note.authorUser, directory })
        const notice = noticeFor(transaction, told.told, {
          about: ref,
          reason: "noteLeft",
          activityId: id,
          chatId,
          from: note.author
        })
        const noted: CrmEvent = { _tag: "NoteAdded", record: ref, activityId: id, chatId }
        yield* writeRecord(transaction, read, record, notice === null ? [noted] : [noted, notice])
        return { activityId: id, told }
      })
  )
