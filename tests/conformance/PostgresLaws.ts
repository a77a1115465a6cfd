import { PgClient } from "@effect/sql-pg"
import { Context, Effect, Layer, ManagedRuntime, type Scope } from "effect"
import { Id, Layout } from "leadline"
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
import { Grants, layerClient, type PostgresOptions } from "leadline/postgres"
import { afterAll } from "vitest"
import { crmStoreLaws } from "./CrmStoreLaws.ts"
import { deskStoreLaws } from "./DeskStoreLaws.ts"
import { recordStoreLaws } from "./RecordStoreLaws.ts"

/** Where the stores are, and who may wipe their tables; `null`: whoever uses them. */
export interface Ground {
  readonly client: Layer.Layer<PgClient.PgClient>
  readonly owner: Layer.Layer<PgClient.PgClient> | null
  readonly options: PostgresOptions & { readonly schema: string }
}

class Owner extends Context.Service<Owner, PgClient.PgClient>()("tests/Owner") {}
class SchemaName extends Context.Service<SchemaName, string>()("tests/SchemaName") {}

/** All laws of the stores, on a ground in PostgreSQL. Each begins with empty tables. */
export const postgresLaws = (where: string, ground: Effect.Effect<Ground, never, Scope.Scope>): void => {
  const runtime = ManagedRuntime.make(
    Layer.unwrap(
      Effect.map(ground, ({ client, options, owner }) => {
        const wiping = Layer.effect(Owner, PgClient.PgClient)
        return Layer.merge(
          layerClient({ pollMillis: 300, ...options }),
          owner === null ? wiping : Layer.provide(wiping, Layer.fresh(owner))
        ).pipe(Layer.provide(client), Layer.merge(Layer.succeed(SchemaName, options.schema)))
      })
    )
  )
  const context = runtime.contextEffect
  const fresh = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
    Effect.flatMap(context, (services) =>
      Effect.gen(function* () {
        const [sql, schema] = [yield* Owner, yield* SchemaName]
        for (const table of Grants.WALLED) yield* Effect.orDie(sql.unsafe(`delete from ${schema}.${table}`))
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
