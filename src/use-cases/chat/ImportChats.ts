import { Effect, Result } from "effect"
import type { Subject } from "../../domain/account/Content.ts"
import type { BeingErased } from "../../domain/account/Erasure.ts"
import type { ChatId } from "../../domain/account/Id.ts"
import * as Chat from "../../domain/chat/Chat.ts"
import * as ChatEvent from "../../domain/chat/ChatEvent.ts"
import { evolve } from "../../domain/chat/ChatEvolve.ts"
import type { ChatIdTaken } from "../../domain/chat/ChatRefusal.ts"
import { sha256Hex } from "../../domain/chat/Commitment.ts"
import * as PastChat from "../../domain/chat/PastChat.ts"
import * as EmailKey from "../../domain/identity/EmailKey.ts"
import { StoreError } from "../../ports/StoreError.ts"
import { visitorErasureKey } from "../erasure/ErasureRecord.ts"
import type { Caller } from "../execution/Caller.ts"
import { agentKey, allowed, chatKey, type DeskTransaction, onDesk } from "../execution/DeskCommand.ts"
import { currentSettings } from "../execution/Rights.ts"
import { stableJson } from "../execution/Transact.ts"
import type { AgentNotFound } from "./TransferChat.ts"
import { detach, keysOf } from "./VisitorDetails.ts"

/** Why a chat of the past was not imported. `BeingErased`: its visitor is (J4). `ChatIdTaken`: a live chat has its id, or one imported with other content. */
export type ImportRefusal = PastChat.PastChatRefusal | AgentNotFound | ChatIdTaken | BeingErased

/** What became of one chat of a batch. */
export type ImportedChat =
  | { readonly _tag: "Imported"; readonly chatId: ChatId }
  /** The same chat was imported before, or it was and its visitor has been erased since: nothing happens. */
  | { readonly _tag: "AlreadyThere"; readonly chatId: ChatId }
  | { readonly _tag: "Refused"; readonly chatId: ChatId; readonly refusal: ImportRefusal }

/**
 * Puts closed chats of the past into feeds (A7, H2): nothing rings, waits, is routed or told to anybody, no desk and no
 * open chat of the visitor is touched. Answers for each chat, in their order; a refused one stops no other. May be
 * repeated, in whole or in part, also after a crash: a chat that is there already stays as it is, with its later rating
 * and tags. So an idempotency key has nothing to do here, and is not looked at. Every agent who served must have an
 * entry, a disabled one will do, because feeds show their names (H1).
 *
 * By services and Leadline itself (`account.operate`). Refusals: `AccessDenied`; those of single chats are in the
 * answers. A `StoreError` ends the batch: what came before it is there. Cost: the settings once; for each chat one read
 * and one commit, as large as the chat.
 */
export const importChats = Effect.fn("importChats")(function* (
  caller: Caller,
  batch: ReadonlyArray<PastChat.PastChat>
) {
  yield* allowed(caller, null, { action: "account.operate" })
  const { defaultRegion } = yield* currentSettings(caller)
  const { account, actor, surface } = caller
  return yield* Effect.forEach(batch, (past) => importChat({ account, actor, surface }, past, defaultRegion))
})

const importChat = (caller: Caller, past: PastChat.PastChat, defaultRegion: string | null) =>
  onDesk(caller, "importChats", past.id, (transaction) => attempt(transaction, past, defaultRegion)).pipe(
    // No key was given.
    Effect.catchTags({ BadIdempotencyKey: Effect.die, IdempotencyKeyReused: Effect.die }),
    Effect.catchIf(
      (error): error is ImportRefusal => !(error instanceof StoreError),
      (refusal) => Effect.succeed<ImportedChat>({ _tag: "Refused", chatId: past.id, refusal })
    )
  )

const attempt = Effect.fnUntraced(function* (
  transaction: DeskTransaction,
  past: PastChat.PastChat,
  defaultRegion: string | null
) {
  const { id: chatId, visitor } = past
  const agentIds = [...new Set(past.servedBy)]
  const { reads, texts } = yield* transaction.getWithTexts(
    chatKey(chatId),
    visitorErasureKey(visitor.id),
    ...agentIds.map(agentKey)
  )
  const [read, erasure, ...agents] = reads
  if (erasure.value !== null) return yield* Effect.fail<ImportRefusal>({ _tag: "BeingErased" })
  const digest = sha256Hex(stableJson(past))
  if (read.value !== null) {
    const before = read.value.imported
    const isSame = before !== undefined && (texts.get(before.ref) ?? digest) === digest
    if (isSame) return { _tag: "AlreadyThere", chatId } satisfies ImportedChat
    return yield* Effect.fail<ImportRefusal>({ _tag: "ChatIdTaken", chatId })
  }
  const unknown = agentIds.find((_, at) => agents[at]?.value == null)
  if (unknown !== undefined) return yield* Effect.fail<ImportRefusal>({ _tag: "AgentNotFound", agentId: unknown })
  const decision = PastChat.decide(past, seal(transaction, past, digest), transaction.now)
  if (Result.isFailure(decision)) return yield* Effect.fail<ImportRefusal>(decision.failure)
  let chat: Chat.Chat | null = null
  for (const event of decision.success) {
    chat = evolve(chat, event, transaction.now)
    transaction.event(`chat/${chatId}`, chat?.eventCount ?? 0, event, ChatEvent.contentsOf(event))
  }
  if (chat !== null) {
    const known: Chat.Chat = { ...chat, visitor: { ...chat.visitor, ...keysOf(visitor, defaultRegion) } }
    transaction.put(read, known, Chat.contentsOf(known))
  }
  return { _tag: "Imported", chatId } satisfies ImportedChat
})

/** Every personal value of the chat, under its visitor (J4). The digest is one too: it could be guessed from. */
const seal = (transaction: DeskTransaction, past: PastChat.PastChat, digest: string): PastChat.Sealed => {
  const subject: Subject = { _tag: "Visitor", visitorId: past.visitor.id }
  const comment = past.rating?.comment
  return {
    details: detach(transaction, past.visitor.id, past.visitor),
    texts: past.messages.map(({ text }) => transaction.text(subject, text)),
    comment: EmailKey.isGiven(comment) ? transaction.text(subject, comment) : null,
    original: transaction.text(subject, digest).content
  }
}
