import { Context, type Effect } from "effect"
import type { AccountId, MailId } from "../domain/account/Id.ts"
import type { Conversation } from "../domain/chat/Conversation.ts"
import type { StoreError } from "./StoreError.ts"

/** A transcript on its way to a visitor (D9): what they may see of it (D8), and nothing else. */
export interface TranscriptMail {
  /** The same on every try. */
  readonly id: MailId
  /** As typed. */
  readonly to: string
  readonly conversation: Conversation
}

/** Mails visitors their transcripts, outside any commit: may fail, may be slow; a bridge retries (D9). */
export interface VisitorMailShape {
  /** `idempotent`: a mail id sent again arrives once. Else a lost acknowledgement may repeat it. */
  readonly capabilities: { readonly idempotent: boolean }
  /**
   * Returns when the mail is accepted. A `StoreError` with `isRetryable: false` gives it up at once, visibly.
   * Laws: `mail.send.posted`, `mail.send.idempotent`.
   */
  readonly send: (account: AccountId, mail: TranscriptMail) => Effect.Effect<void, StoreError>
}

/** Port: see {@link VisitorMailShape}. */
export class VisitorMail extends Context.Service<VisitorMail, VisitorMailShape>()("leadline/VisitorMail") {}
