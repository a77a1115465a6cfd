import { Effect, Layer } from "effect"
import { layer as postgres } from "leadline/postgres"
import { Laws } from "leadline/testing"
import { lawsOf } from "leadline/testing/vitest"
import { OwnCrm } from "leadline/use-cases"
import * as Schema from "../adapters/postgres/Schema.ts"
import { onPglite, onServer } from "../adapters/postgres/Stores.ts"
import { ownCrmSeed } from "./OwnCrmSeed.ts"

/** A host's role owns nothing: the second wall stands between it and all accounts but the one that it names (J2). */
const asHost = Layer.unwrap(
  Effect.map(
    Effect.acquireRelease(
      Effect.promise(() => Schema.make()),
      ({ drop }) => Effect.promise(drop)
    ),
    ({ hostUrl, schema }) => postgres({ url: hostUrl, schema, migrates: false, pollMillis: 300 })
  )
)

const grounds = {
  "on a server": onServer(),
  "on a server, as a role that owns nothing": asHost,
  "on PGlite": onPglite()
}

for (const [where, layer] of Object.entries(grounds)) {
  lawsOf(where, Laws.deskStore, layer)
  lawsOf(where, Laws.crmStore, layer)
  lawsOf(where, Laws.settingsStore, layer)
}

lawsOf("our own on a server", Laws.crm, Layer.provideMerge(ownCrmSeed, Layer.provideMerge(OwnCrm.layer, onServer())))
