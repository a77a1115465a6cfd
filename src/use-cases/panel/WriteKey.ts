import { Effect } from "effect"
import * as Commitment from "../../domain/chat/Commitment.ts"
import { Crm } from "../../ports/Crm.ts"
import { StoreError } from "../../ports/StoreError.ts"
import type { Caller } from "../execution/Caller.ts"
import { commandId } from "../execution/Transact.ts"
import { Ids } from "../Ids.ts"

/**
 * The idempotency key of a write to the CRM that a command causes: derived from the caller's, so that a repeated
 * command repeats the write under its key, and hashed, so that it is never too long; else a fresh one, the same on every attempt of this command.
 */
export const writeKey = Effect.fnUntraced(function* (caller: Caller, command: string) {
  return caller.idempotencyKey === undefined
    ? (yield* Ids).next()
    : Commitment.sha256Hex(`${command}/${commandId(caller, caller.idempotencyKey)}`)
})

/**
 * The CRM, for a write that goes straight to it: one whose own commit checks identity, repeats nothing under a key, and
 * deals. The road to any other CRM is a saga of the desk's, which this release does not have: `StoreError`,
 * `unsupported`, before anything is written.
 */
export const directCrm = Effect.fnUntraced(function* (operation: string) {
  const crm = yield* Crm
  const { atomicIdentity, idempotentWrites, pools } = crm.capabilities
  return atomicIdentity && idempotentWrites === "native" && pools === "native"
    ? crm
    : yield* new StoreError({ reason: "unsupported", isRetryable: false, operation })
})
