import { Duration } from "effect"
import * as Instant from "../../domain/account/Instant.ts"

/** How often something that fails is tried, and how long it waits in between. */
export interface Patience {
  readonly maxTries: number
  /** The wait after so many tries. */
  readonly waitMillis: (tries: number) => number
}

/** decision: a hiccup is over in a second; a broken receiver is not asked more than once an hour. */
const FIRST_WAIT_MILLIS = Duration.toMillis("1 second")
const LONGEST_WAIT_MILLIS = Duration.toMillis("1 hour")

/** Doubling from a second to an hour; twelve tries. decision: together 34 minutes. */
export const usual: Patience = {
  maxTries: 12,
  waitMillis: (tries) => Math.min(FIRST_WAIT_MILLIS * 2 ** Math.max(0, tries - 1), LONGEST_WAIT_MILLIS)
}

/** Longest wait that a receiver may ask for. decision: one that wants more is down, and is tried once a day. */
const LONGEST_ASKED_MILLIS = Duration.toMillis("1 day")

/** When to try again after a failure: later and later; never after the last try, or where no try can help (G4). */
export const nextTry = (triesBefore: number, error: unknown, now: Instant.Instant, patience: Patience = usual) => {
  const tries = triesBefore + 1
  const isFinal = tries >= patience.maxTries || !isRetryable(error)
  const wait = Math.max(patience.waitMillis(tries), askedMillis(error))
  return { tries, nextTryAt: isFinal ? null : Instant.plusMillis(now, wait), lastError: describe(error) }
}

const isRetryable = (error: unknown): boolean =>
  typeof error === "object" && error !== null && "isRetryable" in error && error.isRetryable === true

/** How long the receiver asked to be left alone. */
const askedMillis = (error: unknown): number => {
  const isAsking = typeof error === "object" && error !== null && "retryAfterMillis" in error
  const millis = isAsking && typeof error.retryAfterMillis === "number" ? error.retryAfterMillis : 0
  return Math.min(Math.max(0, millis), LONGEST_ASKED_MILLIS)
}

const describe = (error: unknown): string => {
  if (typeof error !== "object" || error === null) return String(error)
  const tag = "_tag" in error ? String(error._tag) : "Error"
  const reason = "reason" in error ? `: ${String(error.reason)}` : ""
  const status = "status" in error && typeof error.status === "number" ? ` ${error.status}` : ""
  return `${tag}${reason}${status}`
}
