import { Effect, Layer } from "effect"
import { pool } from "leadline/postgres"
import * as Schema from "../adapters/postgres/Schema.ts"
import { url } from "../adapters/postgres/Stores.ts"
import { postgresLaws } from "./PostgresLaws.ts"

// a host's role owns nothing: the second wall stands between it and all accounts but the one that it names (J2)
postgresLaws(
  "a server, as a host",
  Effect.map(
    Effect.acquireRelease(
      Effect.promise(() => Schema.make()),
      ({ drop }) => Effect.promise(drop)
    ),
    ({ hostUrl, schema }) => ({
      client: Layer.orDie(pool({ url: hostUrl })),
      owner: Layer.orDie(pool({ url: url(), connections: 1 })),
      options: { schema, migrates: false }
    })
  )
)
