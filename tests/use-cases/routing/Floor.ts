import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { ChatLimit, type Settings } from "leadline"
import { DeskStore } from "leadline/ports"
import { requestChat } from "leadline/use-cases"
import { account, chatId } from "../crm/World.ts"
import { visitorAt, visitorId } from "../panel/Chats.ts"

export const assigned: Partial<Settings.Settings> = { routing: "assigned" }

export const atOnce = { concurrency: "unbounded" } as const

/** A visitor of its own asks for each chat. */
export const ask = (id: string, more: object = {}) =>
  requestChat(visitorAt(`v-${id}`), { visitorId: visitorId(`v-${id}`), chatId: chatId(id), ...more })

export const chatOf = Effect.fnUntraced(function* (id: string) {
  const [{ value }] = yield* (yield* DeskStore).get(account, [{ kind: "chat", id }])
  if (value === null) throw new Error(`no chat ${id}`)
  return value
})

export const deskOf = Effect.fnUntraced(function* (id: string) {
  const [{ value }] = yield* (yield* DeskStore).get(account, [{ kind: "desk", id }])
  return value
})

export const events = Effect.gen(function* () {
  return (yield* (yield* DeskStore).log(account, 0, 100_000)).entries.map(({ event }) => event)
})

/** The events of one kind. */
export const told = (tag: string) => Effect.map(events, (all) => all.filter(({ payload }) => payload._tag === tag))

/** Every chat that was ever asked for. */
export const chats = Effect.gen(function* () {
  const store = yield* DeskStore
  const asked = (yield* told("ChatRequested")).map(({ stream }) => ({ kind: "chat" as const, id: stream.slice(5) }))
  return (yield* store.get(account, asked)).flatMap(({ value }) => value ?? [])
})

/** What does not fit between chats and desks: offers and serving must agree, both ways (C4, B6). */
export const disagreements = Effect.gen(function* () {
  const roster = yield* (yield* DeskStore).roster(account)
  const found: Array<string> = []
  const all = yield* chats
  const desks = new Map(roster.flatMap(({ agent, desk }) => (desk.value === null ? [] : [[agent.id, desk.value]])))
  for (const chat of all) {
    const held = chat.offer === null ? undefined : desks.get(chat.offer.to)?.offer
    if (chat.offer !== null && (held?.chatId !== chat.id || held.until !== chat.offer.until)) {
      found.push(`${chat.id} is offered to ${chat.offer.to}, who does not hold it`)
    }
    if ((chat.state._tag === "Offered") !== (chat.offer !== null && chat.serving.length === 0)) {
      found.push(`${chat.id} is ${chat.state._tag} with offer ${chat.offer?.to}`)
    }
    for (const { agentId } of chat.serving) {
      if (desks.get(agentId)?.serving.includes(chat.id) !== true) found.push(`${agentId} does not know of ${chat.id}`)
    }
  }
  const byId = new Map(all.map((chat) => [chat.id, chat]))
  for (const [id, desk] of desks) {
    if (desk.offer !== null && byId.get(desk.offer.chatId)?.offer?.to !== id) found.push(`${id} holds a stale offer`)
    if (new Set(desk.serving).size !== desk.serving.length) found.push(`${id} serves a chat twice`)
    for (const served of desk.serving) {
      if (byId.get(served)?.serving.some(({ agentId }) => agentId === id) !== true) found.push(`${id}: ${served} stale`)
    }
  }
  return found
})

/** Slots in use of each agent at `now`, an open offer's among them (B5). */
export const slots = Effect.fnUntraced(function* (now: number) {
  const roster = yield* (yield* DeskStore).roster(account)
  return roster.map(({ agent, desk, served }) => ({
    agentId: agent.id,
    limit: agent.chatLimit,
    used: ChatLimit.slotsInUse(served, now as never) + (desk.value?.offer == null ? 0 : 1)
  }))
})

/** Lets fibers that keep time run until they sleep. Each call of a store is a turn, a round some dozens. */
export const settled = Effect.repeat(Effect.yieldNow, { times: 400 })

/** Time passes in steps of so many milliseconds, and who wakes does their work before the next. */
export const pass = Effect.fnUntraced(function* (millis: number, step: number = millis) {
  yield* settled
  for (let passed = 0; passed < millis; passed += step) {
    yield* TestClock.adjust(Math.min(step, millis - passed))
    yield* settled
  }
})
