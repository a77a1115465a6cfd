/**
 * What must be true when a history is over, faults have stopped, and all that waits has been done. Looks through the
 * adapters themselves, past hosts and faults.
 *
 * @module
 */
import { Clock, Effect } from "effect"
import { fromMillis } from "../../domain/account/Instant.ts"
import { servesDepartment } from "../../domain/agent/Agent.ts"
import * as AgentStatus from "../../domain/agent/AgentStatus.ts"
import { isOpen } from "../../domain/agent/OperatingHours.ts"
import { DeskStore } from "../../ports/DeskStore.ts"
import { rankedOf } from "../../use-cases/execution/Candidates.ts"
import { currentSettings } from "../../use-cases/execution/Rights.ts"
import { account, type Fact } from "./Company.ts"
import type { Breach, Replayed } from "./Replayed.ts"

/** Assigned mode: no chat waits while an agent who may be offered it has a free slot and holds no offer (C2, C7). */
export const nobodyWaitsInVain = Effect.fnUntraced(function* (breach: Breach) {
  const desk = yield* DeskStore
  const settings = yield* currentSettings({ account })
  const now = fromMillis(yield* Clock.currentTimeMillis)
  const waiting = yield* desk.waiting(account, 1_000)
  const isClosed = !isOpen(settings.hours, now)
  if (isClosed) for (const { id } of waiting) breach("nobody waits while the account is closed (B8)", id)
  if (isClosed || settings.routing !== "assigned") return
  const roster = (yield* desk.roster(account)).map((entry) => rankedOf(entry, settings, now))
  const free = roster.filter(
    ({ agent, holdsOffer, limit, status, used }) =>
      agent.isEnabled && AgentStatus.mayHold(status, "routing") && !holdsOffer && (limit === null || used < limit)
  )
  for (const chat of waiting) {
    const who = free.find(
      ({ agent }) =>
        servesDepartment(agent, chat.department) && chat.exclusions.every(({ agentId }) => agentId !== agent.id)
    )
    if (who !== undefined)
      breach("no chat waits while an agent is free (C7)", `${chat.id} waits, ${who.agent.id} is free`)
  }
})

/** The records say what the log says (K2), and what was said is there once, in its chat (D7). */
export const nothingSaidIsLost = Effect.fnUntraced(function* (
  replayed: Replayed,
  facts: ReadonlyArray<Fact>,
  breach: Breach
) {
  const desk = yield* DeskStore
  const where = new Map<string, Array<string>>()
  for (const [id, chat] of replayed.chats) {
    const [read] = yield* desk.get(account, [{ kind: "chat", id }])
    if (read.value?.state._tag !== chat.state._tag || read.value.eventCount !== chat.eventCount) {
      breach("records and log agree (K2)", `${id} is ${read.value?.state._tag}, by the log ${chat.state._tag}`)
    }
    for (const { text } of yield* desk.transcript(account, chat.id, 0, 1_000)) {
      if (text !== null) where.set(text, [...(where.get(text) ?? []), id])
    }
  }
  for (const [text, chats] of where) {
    if (chats.length > 1) breach("nothing is said twice (K1)", `"${text}" in ${chats.join(" and ")}`)
  }
  for (const fact of facts) {
    if (fact._tag === "Said" && where.get(fact.text)?.includes(fact.chatId) !== true) {
      breach("nothing acknowledged is lost (K2)", `"${fact.text}" in ${fact.chatId}`)
    }
  }
})

/** What people were told about chats is so (K2). */
export const whatWasToldIsSo = (
  replayed: Replayed,
  tags: ReadonlySet<string>,
  facts: ReadonlyArray<Fact>,
  breach: Breach
): void => {
  const lost = (what: string) => breach("nothing acknowledged is lost (K2)", what)
  for (const fact of facts) {
    const chat = "chatId" in fact ? replayed.chats.get(fact.chatId) : undefined
    switch (fact._tag) {
      case "Asked":
        if (chat === undefined) lost(`${fact.chatId}, which visitor ${fact.visitor} asked for`)
        break
      case "Answered":
        if (chat?.servedBy.some((id) => id === `agent-${fact.agent}`) !== true)
          lost(`agent ${fact.agent} answered ${fact.chatId}`)
        break
      case "Ended":
        if (chat?.state._tag !== "Closed") lost(`${fact.chatId} was ended, and is ${chat?.state._tag}`)
        break
      case "Banned":
        if (!tags.has(`VisitorBanned visitor/visitor-${fact.visitor}`)) lost(`visitor ${fact.visitor} was banned`)
        break
      case "LeadMade":
        if (chat?.lead?.id !== fact.lead) lost(`${fact.chatId} does not know its lead ${fact.lead} (E3)`)
        break
      default:
        break
    }
  }
}
