import type { Actor, Surface } from "../../domain/account/Actor.ts"
import type { AccountId } from "../../domain/account/Id.ts"

/** On whose behalf a command or query runs (K1, J2, C10). */
export interface Caller {
  readonly account: AccountId
  readonly actor: Actor
  readonly surface: Surface
  /**
   * The same key with the same command gives the same answer and no second effect, for as long as the account's
   * settings say (K1). Scoped to account and actor; 1 to 255 characters.
   */
  readonly idempotencyKey?: string
}
