import { Context, Effect, Layer } from "effect"
import type { Id, Notice } from "leadline"
import { Notifier } from "leadline/ports"
import { frozen } from "./Frozen.ts"

/** The notices that users were shown, in order: what a host's screen would show. */
export class MemoryNotices extends Context.Service<
  MemoryNotices,
  { readonly shown: (account: Id.AccountId) => Effect.Effect<ReadonlyArray<Notice.Notice>> }
>()("leadline/MemoryNotices") {}

/** A notifier that keeps what it tells; a notice told again is shown once (G4). */
export const layer: Layer.Layer<Notifier | MemoryNotices> = Layer.effectContext(
  Effect.sync(() => {
    const shown = new Map<Id.AccountId, Map<Id.NoticeId, Notice.Notice>>()
    const of = (account: Id.AccountId) => shown.get(account) ?? new Map<Id.NoticeId, Notice.Notice>()
    const notifier = Notifier.of({
      capabilities: { idempotent: true },
      notify: (account, notice) =>
        Effect.sync(() => {
          const notices = of(account)
          shown.set(account, notices)
          if (!notices.has(notice.id)) notices.set(notice.id, frozen(notice))
        })
    })
    const notices = MemoryNotices.of({ shown: (account) => Effect.sync(() => [...of(account).values()]) })
    return Context.make(Notifier, notifier).pipe(Context.add(MemoryNotices, notices))
  })
)
