import { Effect } from "effect"
import * as Content from "../../domain/account/Content.ts"
import type { AgentId, ChatId } from "../../domain/account/Id.ts"
import type { Chat } from "../../domain/chat/Chat.ts"
import type { Conversation, SpokenLine } from "../../domain/chat/Conversation.ts"
import type { Author, Message } from "../../domain/chat/Transcript.ts"
import { DeskStore, type DeskStoreShape } from "../../ports/DeskStore.ts"
import type { Caller } from "../execution/Caller.ts"
import { actingAgentKey, allowed, chatKey } from "../execution/DeskCommand.ts"

export type { SpokenLine }

/** A line as agents see it: with who wrote it, and what only agents see (D8). */
export interface ConsoleLine {
  readonly message: Message
  readonly text: Content.Readable
}

/** Which lines of which chat. */
export interface TranscriptQuery {
  readonly chatId: ChatId
  /** Lines after this number; default 0: from the first. */
  readonly after?: number
  /** At most this many, 1 to 1,000; default 200. */
  readonly limit?: number
}

/** decision: a screenful or two; the next page is one read away. */
export const TRANSCRIPT_PAGE = 200

/** The most that a store is asked for at once. */
const LARGEST_TRANSCRIPT_PAGE = 1_000

const limitOf = ({ limit = TRANSCRIPT_PAGE }: TranscriptQuery): number =>
  Math.min(Math.max(1, Math.trunc(limit) || 1), LARGEST_TRANSCRIPT_PAGE)

/**
 * A chat's lines as an agent's console shows them, internal notes included, with the texts that the chat itself refers
 * to. Refusals: `ChatNotFound`, `AccessDenied`.
 */
export const readTranscript = Effect.fn("readTranscript")(function* (caller: Caller, query: TranscriptQuery) {
  const store = yield* DeskStore
  const { reads, texts } = yield* store.getWithTexts(caller.account, [chatKey(query.chatId), actingAgentKey(caller)])
  const [chat, agent] = reads
  yield* allowed(caller, agent.value, { action: "chat.serve" })
  if (chat.value === null) return yield* Effect.fail({ _tag: "ChatNotFound" as const, chatId: query.chatId })
  return { chat: chat.value, texts, lines: yield* linesOf(store, caller, query) }
})

/**
 * A chat as its visitor sees it: public messages, agents by the name they show (D8). Refusals: `ChatNotFound`,
 * `AccessDenied`.
 */
export const readConversation = Effect.fn("readConversation")(function* (caller: Caller, query: TranscriptQuery) {
  const store = yield* DeskStore
  const { reads, texts } = yield* store.getWithTexts(caller.account, [chatKey(query.chatId), actingAgentKey(caller)])
  const [read, agent] = reads
  const chat = read.value
  if (chat === null) return yield* Effect.fail({ _tag: "ChatNotFound" as const, chatId: query.chatId })
  yield* allowed(caller, agent.value, { action: "chat.takePart", visitorId: chat.visitor.id })
  return yield* conversationOf(store, caller, chat, texts, query)
})

/** The public lines of a chat whose reading was allowed, with its times and names (H1). */
export const conversationOf = Effect.fnUntraced(function* (
  store: DeskStoreShape,
  caller: Pick<Caller, "account">,
  chat: Chat,
  texts: Content.Texts,
  query: TranscriptQuery
) {
  const names = yield* namesOf(store, caller, chat.servedBy)
  const lines = yield* linesOf(store, caller, query)
  return {
    chatId: chat.id,
    startedAt: chat.requestedAt,
    endedAt: chat.state._tag === "Closed" ? chat.state.at : null,
    visitorName: Content.read(texts, chat.visitor.name),
    agentNames: chat.servedBy.map((id) => names.get(id) ?? ""),
    lines: lines.flatMap(({ message, text }): ReadonlyArray<SpokenLine> => {
      if (message.visibility !== "public") return []
      return [{ number: message.number, at: message.at, from: speaker(message.author, names), text }]
    }),
    /** The number to read on after; `null`: that was all. */
    next: lines.length < limitOf(query) ? null : (lines.at(-1)?.message.number ?? null)
  } satisfies Conversation & { readonly next: number | null }
})

/** The names that agents show. */
export const namesOf = (store: DeskStoreShape, caller: Pick<Caller, "account">, ids: ReadonlyArray<AgentId>) =>
  ids.length === 0
    ? Effect.succeed(new Map<AgentId, string>())
    : Effect.map(
        store.get(
          caller.account,
          ids.map((id) => ({ kind: "agent" as const, id }))
        ),
        (reads) => new Map(ids.map((id, at) => [id, reads[at]?.value?.displayName ?? ""]))
      )

const linesOf = (store: DeskStoreShape, caller: Pick<Caller, "account">, query: TranscriptQuery) =>
  Effect.map(store.transcript(caller.account, query.chatId, query.after ?? 0, limitOf(query)), (lines) =>
    lines.map(({ message, text }): ConsoleLine => ({ message, text: text ?? Content.erased }))
  )

const speaker = (author: Author, names: ReadonlyMap<AgentId, string>): SpokenLine["from"] =>
  author._tag === "Agent" ? { _tag: "Agent", name: names.get(author.agentId) ?? "" } : { _tag: author._tag }
