import { Layer } from "effect"
import { layer } from "leadline/memory"
import { Laws } from "leadline/testing"
import { lawsOf } from "leadline/testing/vitest"
import { posted, shown } from "./Delivered.ts"

/** Between whose operations other fibers run. */
const memory = layer({ yieldsBeforeEach: true })

lawsOf("in memory", Laws.deskStore, memory)
lawsOf("in memory", Laws.crmStore, memory)
lawsOf("in memory", Laws.settingsStore, memory)
lawsOf("in memory", Laws.chatSearch, memory)
lawsOf("in memory", Laws.signals, memory)
lawsOf("in memory", Laws.notifier, Layer.provideMerge(shown, memory))
lawsOf("in memory", Laws.visitorMail, Layer.provideMerge(posted, memory))
