import { Effect } from "effect"
import * as Instant from "../../domain/account/Instant.ts"
import * as ChatLimit from "../../domain/agent/ChatLimit.ts"
import * as OperatingHours from "../../domain/agent/OperatingHours.ts"
import type { Chat } from "../../domain/chat/Chat.ts"
import * as Route from "../../domain/routing/Route.ts"
import type { Decision } from "../../domain/routing/RoutingDecision.ts"
import type { Settings } from "../../domain/settings/Settings.ts"
import { DeskStore, type RosterEntry } from "../../ports/DeskStore.ts"
import { QUEUE_WINDOW } from "../chat/AnswerNext.ts"
import type { Caller } from "../execution/Caller.ts"
import { rankedOf } from "../execution/Candidates.ts"
import { changeDesk, chatKey, type DeskTransaction, decideChat, onDesk, routingKey } from "../execution/DeskCommand.ts"
import { keepDecisions } from "./KeepDecisions.ts"

/** Most chats that one pass offers. decision: what the commit expects stays small; the rest comes in the next pass. */
export const OFFERS_PER_PASS = 50

/** What a pass of routing did. */
export interface RoutingPass {
  /** Chats offered, or rung at somebody for the first time. */
  readonly routed: number
  /** There may be more to do at once. */
  readonly isDone: boolean
}

/**
 * One pass of routing over the queue, as a command of Leadline's own (C7): in assigned mode offers what can be offered,
 * in the others notes at whom each waiting chat rings. One snapshot, one decision, one commit; who raced with it (an
 * agent who went away, a chat that was answered, an older chat that came back) makes it decide again. Cost: four
 * statements and one for the chats it offers, whatever the queue.
 */
export const routeQueue = Effect.fn("routeQueue")(function* (caller: Caller, settings: Settings) {
  const store = yield* DeskStore
  const [oldest] = yield* store.waiting(caller.account, 1)
  if (oldest === undefined && !(yield* hasDeadline(caller))) return { routed: 0, isDone: true } satisfies RoutingPass
  return yield* onDesk(caller, "routeQueue", {}, (transaction) =>
    Effect.gen(function* () {
      const [routing] = yield* transaction.get(routingKey)
      const waiting = yield* store.waiting(caller.account, QUEUE_WINDOW)
      const roster = yield* store.roster(caller.account)
      const { now } = transaction
      const snapshot = snapshotOf(waiting, roster, settings, now)
      const state = routing.value ?? { passes: 0, nextAt: null }
      if (settings.routing !== "assigned") {
        if (state.nextAt !== null) transaction.put(routing, { passes: state.passes + 1, nextAt: null })
        return yield* noteRinging(transaction, waiting, snapshot, settings)
      }
      const wanted = Route.offers(snapshot, settings, now, state.passes, OFFERS_PER_PASS)
      const made: Array<Decision> = []
      for (const decision of wanted) {
        if (yield* offer(transaction, settings, decision, snapshot, roster)) made.push(decision)
      }
      yield* keepDecisions(transaction, made)
      const nextAt = waiting.length === 0 ? null : nextChange(snapshot, roster, settings, now)
      if (made.length > 0 || nextAt !== state.nextAt) {
        transaction.put(routing, { passes: state.passes + 1, nextAt }, [], nextAt)
      }
      // who accepted at once may be offered the next chat at once
      const isDone = settings.offers.autoAccept ? wanted.length === 0 : wanted.length < OFFERS_PER_PASS
      return { routed: made.length, isDone } satisfies RoutingPass
    })
  )
})

/** A deadline that outlived the queue it was for: a pass takes it back, or whoever waits for it wakes for ever. */
const hasDeadline = Effect.fnUntraced(function* (caller: Caller) {
  const store = yield* DeskStore
  const [routing] = yield* store.get(caller.account, [routingKey])
  return routing.value !== null && routing.value.nextAt !== null
})

/** The queue and the roster as routing sees them. */
export const snapshotOf = (
  waiting: ReadonlyArray<Chat>,
  roster: ReadonlyArray<RosterEntry>,
  settings: Settings,
  now: Instant.Instant
): Route.Snapshot => ({
  agents: roster.map((entry) => rankedOf(entry, settings, now)),
  queue: waiting.map(queuedOf),
  isOpen: OperatingHours.isOpen(settings.hours, now)
})

export const queuedOf = ({ department, exclusions, id, queuedAt, skills }: Chat): Route.Queued => ({
  chatId: id,
  department,
  exclusions,
  queuedAt,
  skills
})

/**
 * Holds a chat out to the chosen agent; with auto-accept they serve it at once (C5). `false`: it does not wait any more
 * as it did in the snapshot.
 */
const offer = Effect.fnUntraced(function* (
  transaction: DeskTransaction,
  settings: Settings,
  { chatId, chosen, clearsExclusions }: Decision,
  snapshot: Route.Snapshot,
  roster: ReadonlyArray<RosterEntry>
) {
  const [chat] = yield* transaction.get(chatKey(chatId))
  const seen = snapshot.queue.find((queued) => queued.chatId === chatId)
  if (chat.value?.state._tag !== "Waiting" || chat.value.queuedAt !== seen?.queuedAt) return false
  if (chosen === null) {
    yield* decideChat(transaction, chat, { _tag: "ClearExclusions", chatId })
    return true
  }
  const { agentId } = chosen
  const desk = roster.find(({ agent }) => agent.id === agentId)?.desk
  if (desk === undefined) return false
  const until = Instant.plusMillis(transaction.now, settings.offers.reassignAfterMillis)
  const held = { to: agentId, until, kind: "routing" } as const
  yield* decideChat(transaction, chat, { _tag: "OfferChat", chatId, offer: held, clearsExclusions })
  if (settings.offers.autoAccept) {
    yield* decideChat(transaction, chat, { _tag: "AnswerChat", chatId, agentId, isAssigned: true })
    changeDesk(transaction, desk, agentId, [{ _tag: "ChatTaken", agentId, chatId }])
  } else changeDesk(transaction, desk, agentId, [{ _tag: "OfferHeld", agentId, chatId, until, kind: "routing" }])
  return true
})

/** Broadcast and hybrid: keeps at whom each chat rang when routing first saw it wait (C7). */
const noteRinging = Effect.fnUntraced(function* (
  transaction: DeskTransaction,
  waiting: ReadonlyArray<Chat>,
  snapshot: Route.Snapshot,
  settings: Settings
) {
  const known = yield* transaction.peek(...waiting.map(({ id }) => ({ kind: "routingHistory", id }) as const))
  const isNew = new Set(
    waiting.filter(({ queuedAt }, at) => (known[at]?.value?.decisions.at(-1)?.at ?? -1) < queuedAt).map(({ id }) => id)
  )
  const queue = snapshot.queue.filter(({ chatId }) => isNew.has(chatId)).slice(0, OFFERS_PER_PASS)
  const made = Route.route({ ...snapshot, queue }, settings, transaction.now, 0)
  yield* keepDecisions(transaction, made)
  return { routed: made.length, isDone: made.length < OFFERS_PER_PASS } satisfies RoutingPass
})

/** When time alone may change what routing decides: also a quiet chat frees its slot (B5). */
const nextChange = (
  snapshot: Route.Snapshot,
  roster: ReadonlyArray<RosterEntry>,
  settings: Settings,
  now: Instant.Instant
): Instant.Instant | null => {
  const times = [Route.nextChange(snapshot.queue, settings, now)]
  for (const [at, { served }] of roster.entries()) {
    const candidate = snapshot.agents[at]
    if (candidate !== undefined && ChatLimit.isAtLimit(candidate.used, candidate.limit)) {
      times.push(...served.map((chat) => ChatLimit.slotEndsAt(chat)))
    }
  }
  const later = times.filter((time): time is Instant.Instant => time !== null && time > now)
  return later.length === 0 ? null : later.reduce((first, time) => (time < first ? time : first))
}
