import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { type Agent, Id } from "leadline"
import { type DeskPayload, DeskStore, type LogEntry } from "leadline/ports"
import { drainTimers } from "leadline/use-cases"
import type { Act } from "./Act.ts"
import { Agenda } from "./Agenda.ts"
import { chance } from "./Chance.ts"
import { account, agentsOf, at, open, type Size } from "./Company.ts"
import { ignoringRefusals, People } from "./People.ts"

/** What the day left behind. */
export interface DayLog {
  readonly agents: ReadonlyArray<Agent.Agent>
  readonly log: ReadonlyArray<LogEntry<DeskPayload>>
  readonly acts: number
}

/**
 * Plays a day on a virtual clock: whatever comes next, a person or a deadline, moves the clock there. After everything
 * that happens Leadline's timers run, and whoever it concerns reacts to what the log says.
 */
export const playDay = Effect.fnUntraced(function* (size: Size, seed: number, advance: (closed: number) => void) {
  const store = yield* DeskStore
  const dice = chance(seed)
  const agenda = new Agenda<Act>()
  const agents = agentsOf(size, dice)
  const people = new People(size, agents, dice, (moment, act) => agenda.note(moment, ignoringRefusals(act)))
  yield* TestClock.setTime(at(8))
  yield* open(agents)
  people.comeToWork()

  const log: Array<LogEntry<DeskPayload>> = []
  const visitors = new Map<string, Id.VisitorId>()
  let closed = 0
  const react = ({ event: { at: now, payload, stream } }: LogEntry<DeskPayload>) => {
    const chatId = Id.ChatId.make(stream.slice(stream.indexOf("/") + 1))
    const visitorId = visitors.get(chatId)
    switch (payload._tag) {
      case "ChatRequested":
        visitors.set(chatId, payload.visitorId)
        return people.waits(now, chatId, payload.visitorId)
      case "ChatOffered":
        return people.offered(now, chatId, payload.agentId)
      case "ChatAnswered":
      case "AgentReturned":
        return visitorId === undefined ? null : people.answered(now, chatId, payload.agentId, visitorId)
      case "StatusChanged":
        if (payload.reason === "idle" || payload.reason === "missedOffers")
          people.awayWithoutWanting(now, payload.agentId)
        return null
      case "ChatClosed":
        return advance(++closed)
      default:
        return null
    }
  }

  let acts = 0
  let timersAt: number | null = at(8)
  for (;;) {
    const next: number = Math.min(agenda.nextAt ?? Number.POSITIVE_INFINITY, timersAt ?? Number.POSITIVE_INFINITY)
    if (next === Number.POSITIVE_INFINITY || next > at(24)) break
    yield* TestClock.setTime(next)
    while (agenda.nextAt === next) {
      yield* agenda.take() ?? Effect.void
      acts++
    }
    let isNew = yield* read(store.log(account, log.at(-1)?.position ?? 0, 10_000), log, react)
    if (isNew || timersAt === null || timersAt <= next) {
      timersAt = (yield* drainTimers(account)).nextAt
      isNew = yield* read(store.log(account, log.at(-1)?.position ?? 0, 10_000), log, react)
    }
  }
  return { agents, log, acts } satisfies DayLog
})

/** Reads what is new in the log; whether anything of it could matter to routing or timers: plain messages do not. */
const read = <E>(
  page: Effect.Effect<{ readonly entries: ReadonlyArray<LogEntry<DeskPayload>> }, E>,
  log: Array<LogEntry<DeskPayload>>,
  react: (entry: LogEntry<DeskPayload>) => unknown
) =>
  Effect.map(page, ({ entries }) => {
    for (const entry of entries) {
      log.push(entry)
      react(entry)
    }
    return entries.some(({ event }) => event.payload._tag !== "MessageSent" && event.payload._tag !== "ChatRated")
  })
