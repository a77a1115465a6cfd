/**
 * Given events, when a command, then events or a refusal: tests of a decider (K4) that read like its rules.
 *
 * Needs no test runner: what does not hold throws an `Error` whose message is a diff.
 *
 * @example
 * ```ts
 * import { ChatDecide, type ChatEvent, ChatEvolve } from "leadline"
 * import { ChatCommands, DeciderSpecification } from "leadline/testing"
 *
 * const chat = DeciderSpecification.of({ initial: null, decide: ChatDecide.decide, evolve: ChatEvolve.evolve })
 * const { agentIds: [first, second], chatId, visitorId } = ChatCommands
 * const requested: ChatEvent.ChatEvent = {
 *   _tag: "ChatRequested", chatId, visitorId, department: null, name: null, email: null, phone: null
 * }
 *
 * chat
 *   .given(requested, { _tag: "ChatAnswered", agentId: first })
 *   .when({ _tag: "AnswerChat", chatId, agentId: second })
 *   .thenRefuses({ _tag: "ChatAlreadyAnswered", by: first, at: DeciderSpecification.at(1) })
 * ```
 *
 * @module
 */
import { Result } from "effect"
import * as Instant from "../domain/account/Instant.ts"

/** A decider: two pure functions and what is there before the first event (K4). */
export interface Decider<State, Command, Event, Refusal> {
  readonly initial: State
  /** What happens, or why not. No events: nothing to do. */
  readonly decide: (
    command: Command,
    state: State,
    now: Instant.Instant
  ) => Result.Result<ReadonlyArray<Event>, Refusal>
  /** Total: any event on any state gives a state. */
  readonly evolve: (state: State, event: Event, at: Instant.Instant) => State
}

/** When the first given event happens. decision: a small number, because it is easy to reckon with in a test. */
export const START: Instant.Instant = Instant.fromMillis(0)

/** How much later the next event or command comes, where nothing else is said. decision: as for {@link START}. */
export const STEP_MILLIS = 1_000

/** A decider, ready for its tests. */
export interface Specification<State, Command, Event, Refusal> {
  /** The past: the events happened at `at(0)`, `at(1)`, … No events: the beginning. */
  readonly given: (...events: ReadonlyArray<Event>) => Given<State, Command, Event, Refusal>
}

/** A past. */
export interface Given<State, Command, Event, Refusal> {
  /** What the past made. */
  readonly state: State
  /** Decides a command, one step after the past's last event unless `now` says otherwise. */
  readonly when: (command: Command, now?: Instant.Instant) => When<State, Event, Refusal>
}

/**
 * A decision, to be compared. There is no `then`: an object with one is a promise to `await`, and a test that returned
 * it would compare nothing.
 */
export interface When<State, Event, Refusal> {
  /** The decision itself, for what the comparisons below cannot say. */
  readonly result: Result.Result<ReadonlyArray<Event>, Refusal>
  /** The state with what happened, at the time of the command; after a refusal the state as it was. */
  readonly state: State
  /** Exactly these events, in this order. */
  readonly thenHappens: (...events: ReadonlyArray<Event>) => void
  /** Exactly this refusal, its data included (K3). */
  readonly thenRefuses: (refusal: Refusal) => void
  /** Neither an event nor a refusal (K4). */
  readonly thenNothing: () => void
}

/** Tests of a decider. */
export const of = <State, Command, Event, Refusal>(
  decider: Decider<State, Command, Event, Refusal>
): Specification<State, Command, Event, Refusal> => ({
  given: (...events) => {
    const state = events.reduce((state, event, index) => decider.evolve(state, event, at(index)), decider.initial)
    return { state, when: (command, now = at(events.length)) => decided(decider, state, command, now) }
  }
})

/** `steps` after the start: when the given event of that index, from 0, happened. */
export const at = (steps: number): Instant.Instant => Instant.plusMillis(START, steps * STEP_MILLIS)

const decided = <State, Command, Event, Refusal>(
  decider: Decider<State, Command, Event, Refusal>,
  state: State,
  command: Command,
  now: Instant.Instant
): When<State, Event, Refusal> => {
  const result = decider.decide(command, state, now)
  const happened: ReadonlyArray<Event> = Result.isSuccess(result) ? result.success : []
  const outcome: Outcome = Result.isSuccess(result) ? { events: result.success } : { refuses: result.failure }
  const then = (expected: Outcome) => same(command, expected, outcome)
  return {
    result,
    state: happened.reduce((state, event) => decider.evolve(state, event, now), state),
    thenHappens: (...events) => then({ events }),
    thenRefuses: (refusal) => then({ refuses: refusal }),
    thenNothing: () => then({ events: [] })
  }
}

type Outcome = { readonly events: ReadonlyArray<unknown> } | { readonly refuses: unknown }

/** Throws where two outcomes differ as data; the order of fields does not count. */
const same = (command: unknown, expected: Outcome, found: Outcome): void => {
  const [wanted, got] = [lines(expected), lines(found)]
  if (wanted.join("\n") === got.join("\n")) return
  throw new Error(`${lines(command).join("\n")}\ndecided otherwise (- expected, + found):\n${diff(wanted, got)}`)
}

/** Indented JSON with sorted fields, so that equal data has equal lines. An absent field differs from `null`. */
const lines = (value: unknown): ReadonlyArray<string> => {
  const sorted = (_: string, field: unknown): unknown =>
    typeof field === "object" && field !== null && !Array.isArray(field)
      ? Object.fromEntries(Object.entries(field).sort(([a], [b]) => (a < b ? -1 : 1)))
      : field
  return JSON.stringify(value, sorted, 2).split("\n")
}

/** What is before and after the difference stays as it is. */
const diff = (expected: ReadonlyArray<string>, found: ReadonlyArray<string>): string => {
  const shorter = Math.min(expected.length, found.length)
  let head = 0
  while (head < shorter && expected[head] === found[head]) head++
  let tail = 0
  while (tail < shorter - head && expected.at(-1 - tail) === found.at(-1 - tail)) tail++
  const middle = (all: ReadonlyArray<string>) => all.slice(head, all.length - tail)
  return [
    ...expected.slice(0, head).map((line) => `  ${line}`),
    ...middle(expected).map((line) => `- ${line}`),
    ...middle(found).map((line) => `+ ${line}`),
    ...expected.slice(expected.length - tail).map((line) => `  ${line}`)
  ].join("\n")
}
