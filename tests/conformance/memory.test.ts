import { Effect, Layer } from "effect"
import { layer, MemoryMails, MemoryNotices } from "leadline/memory"
import { DeliveryLaws, Laws } from "leadline/testing"
import { lawsOf } from "leadline/testing/vitest"

/** Between whose operations other fibers run. */
const memory = layer({ yieldsBeforeEach: true })

const shown = Layer.effect(
  DeliveryLaws.Shown,
  Effect.map(MemoryNotices, (notices) => notices.shown)
)
const posted = Layer.effect(
  DeliveryLaws.Posted,
  Effect.map(MemoryMails, (mails) => mails.sent)
)

lawsOf("in memory", Laws.deskStore, memory)
lawsOf("in memory", Laws.crmStore, memory)
lawsOf("in memory", Laws.settingsStore, memory)
lawsOf("in memory", Laws.chatSearch, memory)
lawsOf("in memory", Laws.signals, memory)
lawsOf("in memory", Laws.notifier, Layer.provideMerge(shown, memory))
lawsOf("in memory", Laws.visitorMail, Layer.provideMerge(posted, memory))
