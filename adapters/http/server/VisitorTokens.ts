import { Context, type Effect } from "effect"
import type { Id, Instant } from "leadline"

/** Makes visitors' tokens: short-lived, good for one chat, or for requesting one. */
export class VisitorTokens extends Context.Service<
  VisitorTokens,
  {
    readonly issue: (
      account: Id.AccountId,
      visitorId: Id.VisitorId,
      chatId: Id.ChatId | null
    ) => Effect.Effect<{ readonly token: string; readonly expiresAt: Instant.Instant }>
  }
>()("leadline/http/VisitorTokens") {}
