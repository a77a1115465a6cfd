import { layer } from "leadline/memory"
import { Laws } from "leadline/testing"
import { lawsOf } from "leadline/testing/vitest"

/** Between whose operations other fibers run. */
const memory = layer({ yieldsBeforeEach: true })

lawsOf("in memory", Laws.deskStore, memory)
lawsOf("in memory", Laws.crmStore, memory)
lawsOf("in memory", Laws.settingsStore, memory)
