import { Effect } from "effect"
import type { Caller } from "../execution/Caller.ts"
import { commandId } from "../execution/Transact.ts"
import { Ids } from "../Ids.ts"

/**
 * The idempotency key of a write to the CRM that a command causes: derived from the caller's, so that a repeated
 * command repeats the write under its key; else a fresh one, the same on every attempt of this command.
 */
export const writeKey = Effect.fnUntraced(function* (caller: Caller, command: string) {
  return caller.idempotencyKey === undefined
    ? (yield* Ids).next()
    : `${command}/${commandId(caller, caller.idempotencyKey)}`
})
