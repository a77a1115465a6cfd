import { Effect } from "effect"
import type { AccountId, ErasureId, VisitorId } from "../../domain/account/Id.ts"
import type { Chat } from "../../domain/chat/Chat.ts"
import * as RecordRef from "../../domain/record/RecordRef.ts"
import { DeskStore } from "../../ports/DeskStore.ts"
import { closeChat } from "../execution/ClosingChat.ts"
import { chatKey, type DeskTransaction, decideChat } from "../execution/DeskCommand.ts"
import { eraseClaims } from "./EraseClaims.ts"
import { subjectsOf } from "./EraseContents.ts"
import { type At, onStep, putErasure, visitorErasureKey } from "./ErasureRecord.ts"

/** decision: an open chat among them is busy, and whoever writes in it makes the whole batch decide again. */
const BATCH = 20

/**
 * Closes a person's chats and takes their keys, a batch (J4). A visitor who comes to light by a key is theirs from here
 * on, and the list starts again, because it grew at its front, too. When it is done, what is left to erase is counted: no
 * text can come any more.
 */
export const eraseChats = (account: AccountId, id: ErasureId) =>
  onStep(account, id, "chats", (transaction, read, erasure) =>
    Effect.gen(function* () {
      const store = yield* DeskStore
      const { emails, phones } = erasure.wanted
      const { visitors } = erasure
      const { after } = erasure.step
      const chats = yield* store.personChats(account, { visitors, emails, phones, after, limit: BATCH })
      yield* eraseClaims(transaction, chats)
      const done = yield* eraseAll(transaction, id, chats)
      const added = [...new Set(chats.map(({ visitor }) => visitor.id))].filter((each) => !visitors.includes(each))
      yield* mark(transaction, id, added)
      const last = added.length > 0 ? null : (chats.at(-1)?.id ?? after)
      const next = {
        ...erasure,
        visitors: [...visitors, ...added],
        records: withLeads(erasure, chats),
        step: { _tag: "chats", after: last } as const,
        counts: { ...erasure.counts, chats: erasure.counts.chats + done }
      }
      const isDone = added.length === 0 && chats.length < BATCH
      if (!isDone) return putErasure(transaction, read, next)
      const left = yield* Effect.forEach(subjectsOf(next), (subject) => store.contentCount(account, subject))
      const contents = left.reduce((sum, count) => sum + count, 0)
      putErasure(transaction, read, {
        ...next,
        step: { _tag: "contents", next: 0 },
        counts: { ...next.counts, contents }
      })
    })
  )

const eraseAll = Effect.fnUntraced(function* (
  transaction: DeskTransaction,
  erasureId: ErasureId,
  chats: ReadonlyArray<Chat>
) {
  let done = 0
  for (const read of yield* transaction.get(...chats.map(({ id }) => chatKey(id)))) {
    const chat = read.value
    if (chat === null) continue
    yield* closeChat(transaction, { ...read, value: chat }, "system", null)
    const { events } = yield* decideChat(transaction, read, { _tag: "EraseVisitor", chatId: chat.id, erasureId })
    if (events.length > 0) done++
  }
  return done
})

/** Visitors who came to light begin no chats either. */
const mark = Effect.fnUntraced(function* (
  transaction: DeskTransaction,
  erasureId: ErasureId,
  visitors: ReadonlyArray<VisitorId>
) {
  if (visitors.length === 0) return
  for (const marker of yield* transaction.get(...visitors.map(visitorErasureKey)))
    transaction.put(marker, { erasureId })
})

/** A lead made from a chat of theirs holds what they gave in it (E3). */
const withLeads = ({ records }: At<"chats">, chats: ReadonlyArray<Chat>): ReadonlyArray<RecordRef.RecordRef> => {
  const all = new Map(records.map((ref) => [RecordRef.toKey(ref), ref]))
  for (const { lead } of chats) {
    if (lead !== null) all.set(`lead/${lead.id}`, { kind: "lead", id: lead.id })
  }
  return [...all.values()]
}
