import { Effect } from "effect"
import * as Commitment from "../../domain/chat/Commitment.ts"
import type { CrmShape } from "../../ports/Crm.ts"
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
 * Whether a write goes straight to the CRM: one whose own commit checks identity, repeats nothing under a key, deals
 * and has users told. The road to any other is a request of the desk's.
 */
export const isDirect = ({ capabilities }: CrmShape): boolean => {
  const { atomicIdentity, idempotentWrites, notices, pools } = capabilities
  return atomicIdentity && idempotentWrites === "native" && pools === "native" && notices === "native"
}
