import { Effect } from "effect"
import * as Erasure from "../../domain/account/Erasure.ts"
import type { ErasureId } from "../../domain/account/Id.ts"
import { DeskStore } from "../../ports/DeskStore.ts"
import type { Caller } from "../execution/Caller.ts"
import { actingAgentKey, allowed } from "../execution/DeskCommand.ts"
import { erasureKey } from "./ErasureRecord.ts"

/**
 * The certificate of an erasure (J4): what became of each place, also while it runs, and for ever after. Mails that were
 * sent are with their readers, and no place of ours. Refusals: `ErasureNotFound`, `AccessDenied`.
 */
export const readErasure = Effect.fn("readErasure")(function* (
  caller: Caller,
  input: { readonly erasureId: ErasureId }
) {
  const store = yield* DeskStore
  const [read, agent] = yield* store.get(caller.account, [erasureKey(input.erasureId), actingAgentKey(caller)])
  yield* allowed(caller, agent.value, { action: "account.operate" })
  if (read.value === null) {
    return yield* Effect.fail<Erasure.ErasureNotFound>({ _tag: "ErasureNotFound", erasureId: input.erasureId })
  }
  return Erasure.certificate(read.value, store.capabilities.erase)
})
