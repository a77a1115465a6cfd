import { Chat, type Desk } from "leadline"
import type { DeskPayload, LogEntry } from "leadline/ports"

/** What happened, in numbers. Waits are in seconds. */
export interface Figures {
  readonly asked: number
  readonly served: number
  readonly missed: number
  readonly offlineMessages: number
  readonly waits: { readonly median: number; readonly p90: number; readonly longest: number }
  readonly offers: {
    readonly made: number
    readonly missed: number
    readonly declined: number
    readonly withdrawn: number
  }
  readonly transfers: number
  readonly messages: number
  readonly chatsPerAgent: { readonly least: number; readonly median: number; readonly most: number }
  readonly events: number
}

export const figuresOf = (
  log: ReadonlyArray<LogEntry<DeskPayload>>,
  chats: Iterable<Chat.Chat>,
  desks: Iterable<Desk.Desk>
): Figures => {
  const all = [...chats]
  const count = (...tags: ReadonlyArray<DeskPayload["_tag"]>) =>
    log.reduce((sum, { event }) => sum + (tags.includes(event.payload._tag) ? 1 : 0), 0)
  const of = (outcome: ReturnType<typeof Chat.outcomeOf>) =>
    all.filter((chat) => Chat.outcomeOf(chat) === outcome).length
  const waits = all.flatMap(({ answered, requestedAt }) =>
    answered === null ? [] : [Math.round((answered.at - requestedAt) / 1_000)]
  )
  const taken = new Map([...desks].map(({ agentId }) => [agentId as string, 0]))
  for (const { event } of log) {
    if (event.payload._tag === "ChatTaken")
      taken.set(event.payload.agentId, (taken.get(event.payload.agentId) ?? 0) + 1)
  }
  const loads = [...taken.values()]
  return {
    asked: all.length,
    served: of("served"),
    missed: of("missed"),
    offlineMessages: of("offlineMessage"),
    waits: { median: at(waits, 0.5), p90: at(waits, 0.9), longest: at(waits, 1) },
    offers: {
      made: count("ChatOffered"),
      missed: count("OfferMissed"),
      declined: count("OfferDeclined"),
      withdrawn: count("OfferWithdrawn")
    },
    transfers: count("TransferredToAgent", "TransferredToDepartment"),
    messages: count("MessageSent"),
    chatsPerAgent: { least: at(loads, 0), median: at(loads, 0.5), most: at(loads, 1) },
    events: log.length
  }
}

/** The value below which that part of all lies. */
const at = (values: ReadonlyArray<number>, part: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(part * values.length))] ?? 0

/** The figures as people read them. */
export const table = (figures: Figures, seconds: number): string => {
  const { chatsPerAgent, offers, waits } = figures
  const rows: ReadonlyArray<readonly [string, string]> = [
    ["chats asked for", `${figures.asked}`],
    ["  served / missed / offline", `${figures.served} / ${figures.missed} / ${figures.offlineMessages}`],
    ["wait: median / 90 % / longest", `${waits.median} s / ${waits.p90} s / ${waits.longest} s`],
    ["offers made", `${offers.made}`],
    ["  missed / declined / withdrawn", `${offers.missed} / ${offers.declined} / ${offers.withdrawn}`],
    ["transfers", `${figures.transfers}`],
    ["messages", `${figures.messages}`],
    ["chats per agent", `${chatsPerAgent.least} to ${chatsPerAgent.most}, median ${chatsPerAgent.median}`],
    ["events in the log", `${figures.events}`],
    ["played in", `${seconds.toFixed(1)} s`]
  ]
  return rows.map(([name, value]) => `  ${name.padEnd(34)}${value}`).join("\n")
}
