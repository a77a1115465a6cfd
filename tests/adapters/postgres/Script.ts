import { Clock, Effect, Schedule } from "effect"
import { Actor, Id } from "leadline"
import type { StoreError } from "leadline/ports"
import { answerChat, createLead, endChat, notifySales, requestChat, sendMessage } from "leadline/use-cases"
import { agentId, by } from "./Company.ts"

/** One command of a generated chat, under a key of its own (K1). */
export interface Step {
  readonly key: string
  readonly chatId: Id.ChatId
  readonly visitorId: Id.VisitorId
  readonly agent: number
  readonly what:
    | { readonly _tag: "Request"; readonly email: string }
    | { readonly _tag: "Answer" }
    | { readonly _tag: "Say"; readonly from: "visitor" | "agent"; readonly text: string }
    | { readonly _tag: "Lead"; readonly note: string | null }
    | { readonly _tag: "Note"; readonly text: string }
    | { readonly _tag: "End"; readonly from: "visitor" | "agent" }
}

/** How far a lane of chats has come: the next step is the `step`-th of its `chat`-th chat. */
export interface Progress {
  readonly chat: number
  readonly step: number
}

export const emailOf = (lane: number, chat: number): string => `v-${lane}-${chat}@home.example`

/** The steps of one chat; lanes are worked off side by side, each by an agent of its own, a lane's chats in turn. */
export const stepsOf = (seed: number, lane: number, chat: number): ReadonlyArray<Step> => {
  const roll = rolls(seed * 1_000_003 + lane * 1009 + chat)
  const name = `${lane}-${chat}`
  const says = Array.from({ length: 2 + Math.floor(roll() * 4) }, (_, n): Step["what"] => ({
    _tag: "Say",
    from: roll() < 0.5 ? "visitor" : "agent",
    text: `said ${name} ${n}`
  }))
  const whats: ReadonlyArray<Step["what"]> = [
    { _tag: "Request", email: emailOf(lane, chat) },
    { _tag: "Say", from: "visitor", text: `hello ${name}` },
    { _tag: "Answer" },
    ...says,
    { _tag: "Lead", note: roll() < 0.5 ? `made of ${name}` : null },
    ...(roll() < 0.5 ? [{ _tag: "Note" as const, text: `noted ${name}` }] : []),
    { _tag: "End", from: roll() < 0.5 ? "visitor" : "agent" }
  ]
  return whats.map((what, n) => ({
    key: `${name}-${n}`,
    chatId: Id.ChatId.make(`chat-${name}`),
    visitorId: Id.VisitorId.make(`visitor-${name}`),
    agent: lane,
    what
  }))
}

/** Carries out a step once; what it answers is the same each time, for a key is (K1). */
export const perform = ({ agent, chatId, key, visitorId, what }: Step) => {
  const visitor = by(Actor.visitor(visitorId), key)
  const serving = by(Actor.agent(agentId(agent)), key)
  switch (what._tag) {
    case "Request":
      return requestChat(visitor, { visitorId, chatId, name: "Vi", email: what.email })
    case "Answer":
      return answerChat(serving, { chatId })
    case "Say":
      return sendMessage(what.from === "visitor" ? visitor : serving, { chatId, text: what.text })
    case "Lead":
      return createLead(serving, { chatId, note: what.note })
    case "Note":
      return notifySales(serving, { chatId, text: what.text })
    case "End":
      return endChat(what.from === "visitor" ? visitor : serving, { chatId })
  }
}

/** decision: longer than a server takes to come up again on a slow machine. */
const GIVES_UP_AFTER = "30 seconds"

/** As a console does: while the world fails, the same command again, under the same key. */
export const insist = <A, E, R>(command: Effect.Effect<A, E | StoreError, R>) =>
  Effect.retry(command, {
    while: isRetryable,
    schedule: Schedule.spaced("30 millis").pipe(Schedule.jittered, Schedule.upTo({ duration: GIVES_UP_AFTER }))
  })

const isRetryable = (error: unknown): boolean =>
  typeof error === "object" && error !== null && "isRetryable" in error && error.isRetryable === true

/** Runs at a later time of day. */
export const ahead =
  (millis: number) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.flatMap(Clock.Clock, (clock) => {
      const now = () => clock.currentTimeMillisUnsafe() + millis
      const later: Clock.Clock = {
        currentTimeMillisUnsafe: now,
        currentTimeMillis: Effect.sync(now),
        currentTimeNanosUnsafe: () => clock.currentTimeNanosUnsafe(),
        currentTimeNanos: clock.currentTimeNanos,
        monotonicTimeNanosUnsafe: () => clock.monotonicTimeNanosUnsafe(),
        monotonicTimeNanos: clock.monotonicTimeNanos,
        sleep: (duration) => clock.sleep(duration)
      }
      return Effect.provideService(effect, Clock.Clock, later)
    })

/** Goes on with lanes where they stopped, up to `chats` chats each; `acknowledge` hears of each step that succeeded. */
export const play = (
  given: { readonly seed: number; readonly lanes: ReadonlyArray<readonly [lane: number, from: Progress]> },
  chats: () => number,
  acknowledge: (lane: number, next: Progress, answer: unknown) => void
) =>
  Effect.forEach(
    given.lanes,
    ([lane, from]) =>
      Effect.gen(function* () {
        let first = from.step
        for (let chat = from.chat; chat < chats(); chat++) {
          const steps = stepsOf(given.seed, lane, chat)
          for (let step = first; step < steps.length; step++) {
            const one = steps[step]
            if (one === undefined) break
            const answer = yield* insist(perform(one) as Effect.Effect<unknown, StoreError, Performs>)
            acknowledge(lane, step + 1 < steps.length ? { chat, step: step + 1 } : { chat: chat + 1, step: 0 }, answer)
          }
          first = 0
        }
      }),
    { concurrency: "unbounded", discard: true }
  )

type Performs = Effect.Services<ReturnType<typeof perform>>

/** Numbers in [0, 1) from a seed. Source: mulberry32, public domain (T. Ettinger). */
const rolls = (seed: number) => {
  let state = seed >>> 0
  return (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
