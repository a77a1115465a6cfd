import { PgClient } from "@effect/sql-pg"
import { PGlite } from "@electric-sql/pglite"
import { Effect, Layer, ManagedRuntime } from "effect"
import { Id, Layout } from "leadline"
import * as Pglite from "leadline/pglite"
import {
  type CrmPayload,
  type CrmRecords,
  CrmStore,
  type DeskPayload,
  type DeskRecords,
  DeskStore,
  type SettingsPayload,
  type SettingsRecords,
  SettingsStore
} from "leadline/ports"
import { layerClient, pool } from "leadline/postgres"
import { afterAll } from "vitest"
import { url } from "../adapters/postgres/Stores.ts"
import { crmStoreLaws } from "./CrmStoreLaws.ts"
import { deskStoreLaws } from "./DeskStoreLaws.ts"
import { recordStoreLaws } from "./RecordStoreLaws.ts"

const clients = {
  server: Layer.unwrap(Effect.sync(() => Layer.orDie(pool({ url: url() })))),
  pglite: Layer.unwrap(
    Effect.map(
      Effect.promise(() => PGlite.create()),
      (db) => Layer.orDie(Pglite.client(db))
    )
  )
}
for (const where of ["server", "pglite"] as const) {
  const client = clients[where]
  const runtime = ManagedRuntime.make(
    layerClient({ schema: "laws", pollMillis: 300, isShared: where === "server" }).pipe(Layer.provideMerge(client))
  )
  const context = runtime.contextEffect
  const fresh = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
    Effect.flatMap(context, (services) =>
      Effect.gen(function* () {
        const sql = yield* PgClient.PgClient
        for (const table of ["record", "place", "event", "text", "queue"])
          yield* Effect.orDie(sql.unsafe(`delete from laws.${table}`))
        return yield* effect
      }).pipe(Effect.provideContext(services as never))
    ) as Effect.Effect<A, E>
  afterAll(() => runtime.dispose())

  recordStoreLaws<DeskRecords, DeskPayload>(`the desk store on ${where}`, {
    store: (use) => fresh(DeskStore.use(use)),
    kind: "openChat",
    value: (id, n) => ({ chatId: Id.ChatId.make(`${id}-${n}`) }),
    payload: (n) => ({ _tag: "VisitorBanned", visitorId: Id.VisitorId.make(`v${n}`) })
  })

  recordStoreLaws<CrmRecords, CrmPayload>(`the CRM store on ${where}`, {
    store: (use) => fresh(CrmStore.use(use)),
    kind: "fields",
    value: (id, n) => ({
      definitions: [
        {
          id: Id.FieldId.make(id),
          label: `${n}`,
          type: "text",
          choices: [],
          recordKinds: ["lead"],
          isCustom: true,
          isDeleted: false
        }
      ]
    }),
    payload: (n) => ({ _tag: "UserChanged", userId: Id.UserId.make(`u${n}`), isActive: true })
  })

  recordStoreLaws<SettingsRecords, SettingsPayload>(`the settings store on ${where}`, {
    store: (use) => fresh(SettingsStore.use(use)),
    kind: "layoutVersion",
    value: (id, n) => ({ ...Layout.defaults.lead, version: n, fields: [Id.FieldId.make(id)] }),
    payload: (n) => ({ _tag: "LayoutDraftChanged", recordKind: "lead", fields: [Id.FieldId.make(`f${n}`)] })
  })

  deskStoreLaws(`the desk store on ${where}`, (use) => fresh(DeskStore.use(use)))
  crmStoreLaws(`the CRM store on ${where}`, (use) => fresh(CrmStore.use(use)))
}
