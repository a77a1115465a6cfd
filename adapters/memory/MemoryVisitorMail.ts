import { Context, Effect, Layer } from "effect"
import type { Id } from "leadline"
import { type TranscriptMail, VisitorMail } from "leadline/ports"
import { frozen } from "./Frozen.ts"

/** The mails that visitors got, in order: what lies in their letter boxes, where no erasure reaches (J4). */
export class MemoryMails extends Context.Service<
  MemoryMails,
  { readonly sent: (account: Id.AccountId) => Effect.Effect<ReadonlyArray<TranscriptMail>> }
>()("leadline/MemoryMails") {}

/** A post that keeps what it sends; a mail sent again arrives once (D9). */
export const layer: Layer.Layer<VisitorMail | MemoryMails> = Layer.effectContext(
  Effect.sync(() => {
    const sent = new Map<Id.AccountId, Map<Id.MailId, TranscriptMail>>()
    const of = (account: Id.AccountId) => sent.get(account) ?? new Map<Id.MailId, TranscriptMail>()
    const mail = VisitorMail.of({
      capabilities: { idempotent: true },
      send: (account, letter) =>
        Effect.sync(() => {
          const letters = of(account)
          sent.set(account, letters)
          if (!letters.has(letter.id)) letters.set(letter.id, frozen(letter))
        })
    })
    const mails = MemoryMails.of({ sent: (account) => Effect.sync(() => [...of(account).values()]) })
    return Context.make(VisitorMail, mail).pipe(Context.add(MemoryMails, mails))
  })
)
