import { Effect } from "effect"
import type { Instant } from "../../domain/account/Instant.ts"
import * as PastLog from "../../domain/routing/PastLog.ts"
import * as ReplayRouting from "../../domain/routing/ReplayRouting.ts"
import { DeskStore } from "../../ports/DeskStore.ts"
import { LOG_PAGE } from "../chat/FollowLog.ts"
import type { Caller } from "../execution/Caller.ts"
import { actingAgentKey, allowed } from "../execution/DeskCommand.ts"
import { currentSettings } from "../execution/Rights.ts"

/** What to try, on which chats. */
export interface WhatIf {
  /** What it leaves out is as the settings are now. */
  readonly policy: Partial<ReplayRouting.ReplayPolicy>
  /** Chats asked for in [from, until); absent: open. */
  readonly from?: Instant
  readonly until?: Instant
  /** Default 0. The same seed, the same answer. */
  readonly seed?: number
}

/**
 * What would have happened under another routing policy (C1–C7), beside what did; changes nothing. The agents are as they
 * are now. Cost: the log once, by pages, from its beginning, because statuses and chats of the period may have begun
 * before it; the events are not kept. Refusals: `AccessDenied`.
 */
export const whatIf = Effect.fn("whatIf")(function* (caller: Caller, { from, policy, seed, until }: WhatIf) {
  const store = yield* DeskStore
  const [acting] = yield* store.get(caller.account, [actingAgentKey(caller)])
  yield* allowed(caller, acting.value, { action: "account.operate" })
  const settings = yield* currentSettings(caller)
  const roster = yield* store.roster(caller.account)
  const reader = new PastLog.Reader({ from: from ?? null, until: until ?? null })
  let position = 0
  for (;;) {
    const { entries, next } = yield* store.log(caller.account, position, LOG_PAGE)
    if (entries.length === 0) break
    for (const { event } of entries) reader.add(event)
    position = next
  }
  return ReplayRouting.replayPast(
    reader.end(),
    { ...settings, ...policy },
    { agents: roster.map(({ agent }) => agent), seed: seed ?? 0 }
  )
})
