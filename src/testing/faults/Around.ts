/**
 * A way to stand around any adapter: every call of a port goes through a visit, which may let it pass, delay it, fail it
 * or do it twice. The adapter below is the caller's own; nothing of it is known but that its members return effects, and
 * `changes` and `follow` streams.
 *
 * @module
 */
import { Effect, Stream } from "effect"
import { StoreError } from "../../ports/StoreError.ts"

/** One call of a port. */
export interface Call {
  /** `desk`, `crm` …: as the double was told. */
  readonly port: string
  /** The member: `commit`, `notify` … */
  readonly operation: string
  readonly given: ReadonlyArray<unknown>
}

/**
 * What happens around a call. The error stays the port's own: a visit may fail with `StoreError` only, which every
 * member of every port has among its errors.
 */
export type Visit = <A, E>(call: Call, does: Effect.Effect<A, E>) => Effect.Effect<A, E | StoreError>

/** What happens around the wake-ups of `changes`, and the signals of `follow`. */
export type StreamVisit = <A, E>(call: Call, does: Stream.Stream<A, E>) => Stream.Stream<A, E | StoreError>

const untouched: StreamVisit = (_, does) => does

/**
 * The same port with a visit around every member; capabilities and other data stay as they are. Made without a proxy:
 * the members are listed once, so a port whose members are not its own properties is none that can be wrapped.
 */
export const around = <Port extends object>(
  port: Port,
  name: string,
  visit: Visit,
  streamVisit: StreamVisit = untouched
): Port => {
  const members = Object.entries(port).map(([operation, member]: [string, unknown]) => [
    operation,
    typeof member === "function"
      ? (...given: ReadonlyArray<unknown>): unknown => {
          const call: Call = { port: name, operation, given }
          const done: unknown = member(...given)
          if (Effect.isEffect(done)) return visit(call, done as Effect.Effect<unknown, unknown>)
          return Stream.isStream(done) ? streamVisit(call, done as Stream.Stream<unknown, unknown>) : done
        }
      : member
  ])
  return Object.fromEntries(members) as Port
}

/** One visit inside another: the outer one is asked first, and sees what the inner one makes of the call. */
export const inside =
  (outer: Visit, inner: Visit): Visit =>
  (call, does) =>
    outer(call, inner(call, does))

/** Operations that write. An answer of these can be lost after the write has happened. */
const writing: ReadonlySet<string> = new Set([
  ...["commit", "erase", "createLead", "addNote", "changePhone", "putChatCopy", "notify", "send"]
])

export const isWrite = ({ operation }: Call): boolean => writing.has(operation)

/** Writes that the ports' contracts allow to be sent twice: under versions, or under an id that is the same each time. */
export const isRepeatable = ({ operation, port }: Call): boolean =>
  operation === "commit" || operation === "notify" || (operation === "send" && port !== "signals")

/** A failure that passes. */
export const passing = (call: Call, reason: "unavailable" | "timeout"): StoreError =>
  new StoreError({ reason, isRetryable: true, operation: `${call.port}.${call.operation}` })
