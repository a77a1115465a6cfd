import { Clock, Effect } from "effect"
import type { Actor } from "../../domain/account/Actor.ts"
import type { AccountId } from "../../domain/account/Id.ts"
import type { CrmShape, LeadMade, Written } from "../../ports/Crm.ts"
import type { CrmStoreShape } from "../../ports/CrmStore.ts"
import { commandId } from "../execution/Transact.ts"

type Answer = LeadMade | Effect.Success<ReturnType<CrmShape["addNote"] | CrmShape["changePhone"]>>

/** What a write left, from its remembered answer (K1): for as long as that is remembered. One statement. */
export const findWritten = (store: CrmStoreShape) =>
  Effect.fnUntraced(function* (account: AccountId, by: Actor, idempotencyKey: string) {
    const id = commandId({ account, actor: by, surface: "api" }, idempotencyKey)
    const [command] = yield* store.get(account, [{ kind: "command", id }])
    const now = yield* Clock.currentTimeMillis
    return command.value === null || command.value.until <= now ? null : written(command.value.answer as Answer)
  })

/** Only the port's own writes are remembered under keys that a caller of the port can name. */
const written = (answer: Answer): Written => {
  if ("lead" in answer) return { _tag: "Lead", ...answer }
  return "activityId" in answer ? { _tag: "Note", ...answer } : { _tag: "Phone", ...answer }
}
