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
import * as ChatTimeouts from "../../domain/chat/ChatTimeouts.ts"
import { type DeskPayload, type DeskRecords, DeskStore } from "../../ports/DeskStore.ts"
import type { Key, Read } from "../../ports/RecordStore.ts"
import type { Caller } from "./Caller.ts"
import { deskRights, recentSettings } from "./Rights.ts"
import { transact } from "./Transact.ts"
import { type AnsweredBefore, NOBODY, type Transaction } from "./Transaction.ts"

/** A transaction on the chat side. */
export type DeskTransaction = Transaction<DeskRecords, DeskPayload>

/** Runs a command on the chat side. Settings are read only where an answer is to be remembered (K1). */
export const onDesk = <A, E, R>(
  caller: Caller,
  name: string,
  input: unknown,
  attempt: (transaction: DeskTransaction) => Effect.Effect<A, E | AnsweredBefore, R>
) =>
  Effect.flatMap(DeskStore, (store) => {
    const carried = (rememberMillis: number) =>
      transact<DeskRecords, DeskPayload, A, E, R>(store, caller, { name, input, rememberMillis, attempt })
    return caller.idempotencyKey === undefined
      ? carried(0)
      : Effect.flatMap(recentSettings(caller), ({ rememberMillis }) => carried(rememberMillis))
  })

export const chatKey = (id: ChatId): Key<DeskRecords, "chat"> => ({ kind: "chat", id })
export const deskKey = (id: AgentId): Key<DeskRecords, "desk"> => ({ kind: "desk", id })
export const presenceKey = (id: AgentId): Key<DeskRecords, "presence"> => ({ kind: "presence", id })
export const routingKey: Key<DeskRecords, "routing"> = { kind: "routing", id: "all" }
export const agentKey = (id: AgentId): Key<DeskRecords, "agent"> => ({ kind: "agent", id })

/** The key of the acting agent's entry; a key that never exists where no agent acts, so that one read fits all. */
export const actingAgentKey = (caller: Caller): Key<DeskRecords, "agent"> => ({
  kind: "agent",
  id: caller.actor._tag === "Agent" ? caller.actor.agentId : NOBODY
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

/**
 * Decides a chat's command and lets what happens grow into the change: the chat's new state with its next wake-up, its
 * events, and the desk whose offer ended. One more read where an offer ends or a chat comes back with its old number.
 */
export const decideChat = Effect.fnUntraced(function* (
  transaction: DeskTransaction,
  read: Read<DeskRecords, "chat">,
  command: ChatCommand,
  options: { readonly by?: Actor; readonly finish?: (chat: Chat.Chat) => Chat.Chat } = {}
) {
  const before = transaction.latest(read)
  const decision: Result.Result<ReadonlyArray<ChatEvent.ChatEvent>, ChatRefusal> = ChatDecide.decide(
    command,
    before,
    transaction.now
  )
  if (Result.isFailure(decision)) return yield* Effect.fail(decision.failure)
  const events = decision.success
  let chat = before
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
    chat = { ...chat, wakeAt: ChatTimeouts.wakeAt(chat) }
    transaction.put(read, chat, Chat.contentsOf(chat), chat.wakeAt)
    if (events.some(endsOffer)) yield* endOffers(transaction, command.chatId, events)
    if (comesBack(before, chat)) yield* moveRouting(transaction)
  }
  return { chat, events }
})

const offerEnds = { OfferMissed: "missed", OfferDeclined: "declined", OfferWithdrawn: "withdrawn" } as const

type OfferEnd = Extract<ChatEvent.ChatEvent, { readonly _tag: keyof typeof offerEnds }>

const endsOffer = (event: ChatEvent.ChatEvent): event is OfferEnd => Object.hasOwn(offerEnds, event._tag)

/** An offer that ended frees the slot it held at its agent's desk (B5, C4). */
const endOffers = Effect.fnUntraced(function* (
  transaction: DeskTransaction,
  chatId: ChatId,
  events: ReadonlyArray<ChatEvent.ChatEvent>
) {
  for (const event of events.filter(endsOffer)) {
    const { agentId } = event
    const [desk] = yield* transaction.get(deskKey(agentId))
    const held = transaction.latest(desk)?.offer
    if (held?.chatId !== chatId) continue
    changeDesk(transaction, desk, agentId, [{ _tag: "OfferEnded", agentId, chatId, how: offerEnds[event._tag] }])
  }
})

/** In the queue again, before others that came later (C2). */
const comesBack = (before: Chat.Chat | null, after: Chat.Chat): boolean =>
  before !== null && before.state._tag !== "Waiting" && after.state._tag === "Waiting" && after.queueNumber !== null

/** Routing that decided without this chat decides again (C2). */
const moveRouting = Effect.fnUntraced(function* (transaction: DeskTransaction) {
  const [routing] = yield* transaction.get(routingKey)
  const { nextAt, passes } = transaction.latest(routing) ?? { nextAt: null, passes: 0 }
  transaction.put(routing, { passes: passes + 1, nextAt }, [], nextAt)
})

/** Lets a desk's events grow into the change. A desk that never was starts as {@link Desk.initial}. */
export const changeDesk = (
  transaction: DeskTransaction,
  read: Read<DeskRecords, "desk">,
  agentId: AgentId,
  events: ReadonlyArray<Desk.DeskEvent>,
  by: Actor = transaction.caller.actor
): void => {
  if (events.length === 0) return
  let desk = transaction.latest(read) ?? Desk.initial(agentId)
  for (const event of events) {
    desk = Desk.evolve(desk, event, transaction.now)
    transaction.event(`desk/${agentId}`, desk.eventCount, event, [], by)
  }
  transaction.put(read, desk)
}
