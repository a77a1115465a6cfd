import { Context, type Effect } from "effect"
import type { AccountId } from "../domain/account/Id.ts"
import type { Notice } from "../domain/record/Notice.ts"
import type { StoreError } from "./StoreError.ts"

/** Tells a user something, outside any commit: may fail, may be slow; the bridge retries (G4). */
export interface NotifierShape {
  /** `idempotent`: a notice id told again is shown once. Else a lost acknowledgement may repeat it (G4). */
  readonly capabilities: { readonly idempotent: boolean }
  /**
   * Returns when the notice is accepted. A `StoreError` with `isRetryable: false` gives it up at once, visibly.
   * Laws: `notifier.notify.shown`, `notifier.notify.idempotent`.
   */
  readonly notify: (account: AccountId, notice: Notice) => Effect.Effect<void, StoreError>
}

/** Port: see {@link NotifierShape}. */
export class Notifier extends Context.Service<Notifier, NotifierShape>()("leadline/Notifier") {}
