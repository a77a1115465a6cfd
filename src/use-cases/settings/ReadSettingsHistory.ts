import { Effect } from "effect"
import { can } from "../../domain/account/Access.ts"
import type { Actor, Surface } from "../../domain/account/Actor.ts"
import type { EventId } from "../../domain/account/Id.ts"
import type { Instant } from "../../domain/account/Instant.ts"
import type { Settings } from "../../domain/settings/Settings.ts"
import type { Position } from "../../ports/RecordStore.ts"
import { SettingsStore } from "../../ports/SettingsStore.ts"
import type { Caller } from "../execution/Caller.ts"
import { rightsOf } from "../execution/Rights.ts"

/** Which part of the trail. */
export interface SettingsHistoryQuery {
  /** The `next` of the page before; default 0: from the first change. */
  readonly after?: Position
  /** 1 to 200; default 50. */
  readonly limit?: number
}

/** A change of settings: who, when, from where, and the fields that differ. */
export interface SettingsChange {
  readonly id: EventId
  readonly position: Position
  readonly at: Instant
  readonly by: Actor
  readonly surface: Surface
  readonly before: Partial<Settings>
  readonly after: Partial<Settings>
}

/** decision: a screenful or two; the largest is what one answer should weigh. */
const DEFAULT_LIMIT = 50
const LARGEST_LIMIT = 200

/** decision: layouts are edited far more often than settings change, so a page of the log is larger than an answer. */
const LOG_PAGE = 500

/**
 * The audit trail of settings, oldest first: every change since the account began, exactly as the log tells it. For CRM
 * and Chat administrators. `next` is where to read on, also for what is yet to come; `isLast`: nothing is there now.
 *
 * Refusals: `AccessDenied`. Cost: the part of the settings log that the page spans.
 */
export const readSettingsHistory = Effect.fn("readSettingsHistory")(function* (
  caller: Caller,
  query: SettingsHistoryQuery = {}
) {
  const denied = can(yield* rightsOf(caller), { action: "settings.audit" })
  if (denied !== null) return yield* Effect.fail(denied)
  const store = yield* SettingsStore
  const limit = Math.min(Math.max(1, Math.trunc(query.limit ?? DEFAULT_LIMIT) || 1), LARGEST_LIMIT)
  const changes: Array<SettingsChange> = []
  let position = Math.max(0, Math.trunc(query.after ?? 0) || 0)
  for (;;) {
    const { entries, next } = yield* store.log(caller.account, position, LOG_PAGE)
    for (const entry of entries) {
      const { actor: by, at, id, payload, surface } = entry.event
      if (payload._tag !== "SettingsChanged") continue
      if (changes.length === limit) return { changes, next: position, isLast: false }
      const { after, before } = payload
      changes.push({ id, position: entry.position, at, by, surface, before, after })
      position = entry.position
    }
    position = next
    if (entries.length === 0) return { changes, next: position, isLast: true }
  }
})
