import { Effect, Result } from "effect"
import { type AccessDenied, type Ask, can } from "../../domain/account/Access.ts"
import type { Actor } from "../../domain/account/Actor.ts"
import type { AgentId, ChatId } from "../../domain/account/Id.ts"
import type { Agent } from "../../domain/agent/Agent.ts"
import * as Desk from "../../domain/agent/Desk.ts"
import * as Chat from "../../domain/chat/Chat.ts"
import type { ChatCommand, ChatRefusal } from "../../domain/chat/ChatCommand.ts"
import * as ChatDecide from "../../domain/chat/ChatDecide.ts"
import * as ChatEvent from "../../domain/chat/ChatEvent.ts"
import { evolve } from "../../domain/chat/ChatEvolve.ts"
import { type DeskPayload, type DeskRecords, DeskStore } from "../../ports/DeskStore.ts"
import type { Key, Read } from "../../ports/RecordStore.ts"
import type { Caller } from "./Caller.ts"
import { currentSettings, deskRights } from "./Rights.ts"
import { transact } from "./Transact.ts"
import type { AnsweredBefore, Transaction } from "./Transaction.ts"

/** A transaction on the chat side. */
export type DeskTransaction = Transaction<DeskRecords, DeskPayload>

/** Runs a command on the chat side. Settings are read only where an answer is to be remembered (K1). */
export const onDesk = Effect.fnUntraced(function* <A, E, R>(
  caller: Caller,
  name: string,
  input: unknown,
  attempt: (transaction: DeskTransaction) => Effect.Effect<A, E | AnsweredBefore, R>
) {
  const store = yield* DeskStore
  const rememberMillis = caller.idempotencyKey === undefined ? 0 : (yield* currentSettings(caller)).rememberMillis
  return yield* transact<DeskRecords, DeskPayload, A, E, R>(store, caller, { name, input, rememberMillis, attempt })
})

export const chatKey = (id: ChatId): Key<DeskRecords, "chat"> => ({ kind: "chat", id })
export const deskKey = (id: AgentId): Key<DeskRecords, "desk"> => ({ kind: "desk", id })
export const agentKey = (id: AgentId): Key<DeskRecords, "agent"> => ({ kind: "agent", id })

/** The key of the acting agent's entry; a key that never exists where no agent acts, so that one read fits all. */
export const actingAgentKey = (caller: Caller): Key<DeskRecords, "agent"> => ({
  kind: "agent",
  id: caller.actor._tag === "Agent" ? caller.actor.agentId : "-"
})

/** The acting agent, or refused: only agents do this. */
export const actingAgent = (caller: Caller, action: string): Effect.Effect<AgentId, AccessDenied> =>
  caller.actor._tag === "Agent"
    ? Effect.succeed(caller.actor.agentId)
    : Effect.fail({ _tag: "AccessDenied", action, reason: "notAnAgent" })

/** Asks `can` with the agent's entry that was read (J1). */
export const allowed = (caller: Caller, agent: Agent | null, ask: Ask): Effect.Effect<void, AccessDenied> => {
  const denied = can(deskRights(caller, agent), ask)
  return denied === null ? Effect.void : Effect.fail(denied)
}

/** Decides a chat's command and lets what happens grow into the change: the chat's new state, its events. */
export const decideChat = Effect.fnUntraced(function* (
  transaction: DeskTransaction,
  read: Read<DeskRecords, "chat">,
  command: ChatCommand,
  options: { readonly by?: Actor; readonly finish?: (chat: Chat.Chat) => Chat.Chat } = {}
) {
  const decision: Result.Result<ReadonlyArray<ChatEvent.ChatEvent>, ChatRefusal> = ChatDecide.decide(
    command,
    read.value,
    transaction.now
  )
  if (Result.isFailure(decision)) return yield* Effect.fail(decision.failure)
  const events = decision.success
  let chat = read.value
  for (const event of events) {
    chat = evolve(chat, event, transaction.now)
    transaction.event(
      `chat/${command.chatId}`,
      chat?.eventCount ?? 0,
      event,
      ChatEvent.contentsOf(event),
      options.by ?? transaction.caller.actor
    )
  }
  if (chat !== null && events.length > 0) {
    chat = options.finish === undefined ? chat : options.finish(chat)
    transaction.put(read, chat, Chat.contentsOf(chat))
  }
  return { chat, events }
})

/** Lets a desk's events grow into the change. A desk that never was starts as {@link Desk.initial}. */
export const changeDesk = (
  transaction: DeskTransaction,
  read: Read<DeskRecords, "desk">,
  agentId: AgentId,
  events: ReadonlyArray<Desk.DeskEvent>
): void => {
  if (events.length === 0) return
  let desk = read.value ?? Desk.initial(agentId)
  for (const event of events) {
    desk = Desk.evolve(desk, event, transaction.now)
    transaction.event(`desk/${agentId}`, desk.eventCount, event)
  }
  transaction.put(read, desk)
}
