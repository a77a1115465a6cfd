import { Effect } from "effect"
import type { AgentId, DeviceId } from "../../domain/account/Id.ts"
import * as Instant from "../../domain/account/Instant.ts"
import * as Desk from "../../domain/agent/Desk.ts"
import * as Presence from "../../domain/agent/Presence.ts"
import type { Caller } from "../execution/Caller.ts"
import { actingAgent, agentKey, allowed, deskKey, onDesk, presenceKey } from "../execution/DeskCommand.ts"
import { currentSettings } from "../execution/Rights.ts"
import { putPresence } from "./ReleaseChats.ts"

/** A sign of life of a console. */
export interface SignOfLife {
  readonly deviceId: DeviceId
  /** The person did something there since the last sign: the idle clock starts again (B3). */
  readonly isActive?: boolean
}

/**
 * Renews a console's lease (B4). One that ended, with its grace, is over: `LeaseEnded`, and the console signs in again.
 * Disturbs no desk. Refusals: `LeaseEnded`, `AccessDenied`. Cost: one read, one write.
 */
export const heartbeat = Effect.fn("heartbeat")(function* (caller: Caller, input: SignOfLife) {
  const agentId = yield* actingAgent(caller, "chat.serve")
  const { graceMillis, leaseMillis } = (yield* currentSettings(caller)).timeouts
  return yield* onLease(caller, "heartbeat", agentId, input, (held, now) => {
    const current = held?.leases.find(({ deviceId }) => deviceId === input.deviceId)
    if (held === null || current === undefined) return null
    if (now - current.until >= graceMillis) return null
    const seen = input.isActive === true ? Presence.active(held, now) : held
    return Presence.lease(seen, { ...current, until: Instant.plusMillis(now, leaseMillis) }, now, graceMillis)
  })
})

/**
 * Signs a console out: ends its lease only (B2). If it was the last, the agent is offline when the grace is over (B4).
 * No such lease: `LeaseEnded`. Refusals: `LeaseEnded`, `AccessDenied`.
 */
export const signOut = Effect.fn("signOut")(function* (caller: Caller, input: { readonly deviceId: DeviceId }) {
  const agentId = yield* actingAgent(caller, "chat.serve")
  const { graceMillis } = (yield* currentSettings(caller)).timeouts
  return yield* onLease(caller, "signOut", agentId, input, (held, now) =>
    held?.leases.some(({ deviceId }) => deviceId === input.deviceId) === true
      ? Presence.end(held, input.deviceId, now, graceMillis)
      : null
  )
})

const onLease = Effect.fnUntraced(function* (
  caller: Caller,
  name: string,
  agentId: AgentId,
  input: { readonly deviceId: DeviceId },
  change: (held: Presence.Presence | null, now: Instant.Instant) => Presence.Presence | null
) {
  const { graceMillis } = (yield* currentSettings(caller)).timeouts
  return yield* onDesk(caller, name, input, (transaction) =>
    Effect.gen(function* () {
      const { peeked, reads } = yield* transaction.getBeside(
        [presenceKey(agentId)],
        [deskKey(agentId), agentKey(agentId)]
      )
      const [held] = reads
      const [desk, agent] = peeked
      yield* allowed(caller, agent.value, { action: "chat.serve" })
      const changed = change(held.value, transaction.now)
      if (changed === null || agent.value === null) {
        return yield* Effect.fail<Presence.LeaseEnded>({ _tag: "LeaseEnded", deviceId: input.deviceId })
      }
      const at = desk.value ?? Desk.initial(agentId)
      putPresence(transaction, held, changed, { agent: agent.value, desk: at, graceMillis })
      const until = changed.leases.find(({ deviceId }) => deviceId === input.deviceId)?.until ?? transaction.now
      return { deviceId: input.deviceId, status: at.status, until }
    })
  )
})
