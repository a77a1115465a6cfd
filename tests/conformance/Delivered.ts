import { Effect, Layer } from "effect"
import { MemoryMails, MemoryNotices } from "leadline/memory"
import { DeliveryLaws } from "leadline/testing"

/** What users were shown by the notifier in memory. */
export const shown = Layer.effect(
  DeliveryLaws.Shown,
  Effect.map(MemoryNotices, (notices) => notices.shown)
)

/** What left for visitors by the post in memory. */
export const posted = Layer.effect(
  DeliveryLaws.Posted,
  Effect.map(MemoryMails, (mails) => mails.sent)
)
