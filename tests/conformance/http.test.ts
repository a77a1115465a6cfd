import { Layer } from "effect"
import { layer as memory } from "leadline/memory"
import { Laws } from "leadline/testing"
import { lawsOf } from "leadline/testing/vitest"
import { OwnCrm } from "leadline/use-cases"
import { remoteCrmOver, remoteOver } from "../adapters/http/RemoteStores.ts"
import { onServer } from "../adapters/postgres/Stores.ts"
import { ownCrmSeed } from "./OwnCrmSeed.ts"

const grounds = {
  "over HTTP, of a server in memory": remoteOver(memory()),
  "over HTTP, of a server on PostgreSQL": remoteOver(onServer())
}

for (const [where, layer] of Object.entries(grounds)) {
  lawsOf(where, Laws.deskStore, layer)
  lawsOf(where, Laws.crmStore, layer)
  lawsOf(where, Laws.settingsStore, layer)
}

lawsOf(
  "our own over HTTP",
  Laws.crm,
  Layer.provideMerge(ownCrmSeed, Layer.provideMerge(OwnCrm.layer, remoteOver(memory())))
)

lawsOf("a CRM over HTTP", Laws.crm, Layer.provideMerge(ownCrmSeed, remoteCrmOver(memory())))
