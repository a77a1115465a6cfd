import { Effect, Layer, Result } from "effect"
import type { Activity, Record, RecordRef } from "leadline"
import {
  type CrmPayload,
  type CrmRecords,
  CrmStore,
  type CrmStoreShape,
  type Key,
  type KeyQuery,
  type Read,
  type StoreError
} from "leadline/ports"
import { EventCodec, RecordCodec } from "leadline/wire"
import * as CrmPlaces from "./CrmPlaces.ts"
import * as CrmQueries from "./CrmQueries.ts"
import { type Database, PostgresDatabase } from "./Database.ts"
import * as Pages from "./Pages.ts"
import * as PostgresRecordStore from "./PostgresRecordStore.ts"
import { texts } from "./Statements.ts"
import { codecs, decodeRecord, kindOf, type RecordRow, unlisted, type World } from "./World.ts"

/** The CRM's world. */
export const world: World<CrmRecords, CrmPayload> = {
  ...unlisted,
  log: "crm",
  records: codecs<CrmRecords>(RecordCodec.crm),
  events: EventCodec.crmEvents,
  places: CrmPlaces.places
}

type Matchable = Record.Lead | Record.Person | Record.Company

/** A row of a statement that finds records of several kinds. */
interface Found extends RecordRow {
  readonly kind: string
  readonly id: string
}

const kindIn = (row: Found): keyof CrmRecords => row.kind.slice(world.log.length + 1) as keyof CrmRecords

const valueOf = (operation: string) => (row: Found) =>
  decodeRecord<CrmRecords, keyof CrmRecords>(world as never, kindIn(row), row, operation)

const all = <A>(
  results: ReadonlyArray<Result.Result<unknown, StoreError>>
): Effect.Effect<ReadonlyArray<A>, StoreError> =>
  Effect.map(Effect.fromResult(Result.all(results)), (values) => values as ReadonlyArray<A>)

/** A CRM of our own in PostgreSQL. Costs: one statement each; index rows read, as the port says. */
export const make = (database: Database): CrmStoreShape => {
  const { quoted, statements } = database
  const sql = CrmQueries.queries(quoted)
  const find = <A>(operation: string, text: string, parameters: ReadonlyArray<unknown>) =>
    Effect.flatMap(statements.read<Found>(operation, text, parameters), (rows) => all<A>(rows.map(valueOf(operation))))
  const listed = (prefix: string, query: KeyQuery) => texts(CrmPlaces.keyNames(query).map((key) => `${prefix}/${key}`))

  return {
    ...PostgresRecordStore.make<CrmRecords, CrmPayload>(database, world),
    byKeys: (account, query) => find<Matchable>("byKeys", sql.inLists, [account, listed("answers", query)]),
    holding: (account, query) => find<Matchable>("holding", sql.inLists, [account, listed("holds", query)]),
    peopleOf: (account, companyIds) =>
      find<Record.Person>("peopleOf", sql.inLists, [
        account,
        texts([...new Set(companyIds)].map(CrmPlaces.peopleList))
      ]),
    users: (account) => find("users", sql.ofKind, [account, kindOf(world, "user")]),
    pools: (account) =>
      Effect.map(find<CrmRecords["pool"]>("pools", sql.ofKind, [account, kindOf(world, "pool")]), (pools) =>
        pools.filter(({ isDeleted }) => !isDeleted)
      ),
    activities: (account, query) =>
      find<Activity.Activity>(
        "activities",
        sql.activities,
        Pages.parameters(account, CrmPlaces.historyLists(query), query)
      ),
    list: (account, kind, after, limit) =>
      Effect.map(
        statements.read<{ readonly id: RecordRef.RecordId }>("list", sql.list, [
          account,
          `live/${kind}`,
          after ?? "",
          String(limit)
        ]),
        (rows) => rows.map(({ id }) => ({ kind, id }))
      ),
    leadFacts: (account, query) => {
      const keys: ReadonlyArray<Key<CrmRecords>> = [
        ...query.emails.map((key) => ({ kind: "identityKey", id: `email/${key}` }) as const),
        ...query.phones.map((key) => ({ kind: "identityKey", id: `phone/${key}` }) as const),
        { kind: "chatLead", id: query.chatId },
        ...query.pools.map((id) => ({ kind: "pool", id }) as const),
        ...(query.commandId === null ? [] : [{ kind: "command", id: query.commandId } as const])
      ]
      return Effect.flatMap(
        statements.read<Found & { readonly n: number | null; readonly is_user: boolean }>("leadFacts", sql.leadFacts, [
          account,
          texts(keys.map(({ kind }) => kindOf(world, kind))),
          texts(keys.map(({ id }) => id)),
          listed("answers", query)
        ]),
        (rows) => Effect.fromResult(toFacts(keys, rows))
      )
    }
  }
}

type Facts = Effect.Success<ReturnType<CrmStoreShape["leadFacts"]>>

const toFacts = (
  keys: ReadonlyArray<Key<CrmRecords>>,
  rows: ReadonlyArray<Found & { readonly n: number | null; readonly is_user: boolean }>
): Result.Result<Facts, StoreError> =>
  Result.gen(function* () {
    const named = new Map<number, Read<CrmRecords>>()
    const candidates: Array<Matchable> = []
    const users: Array<Read<CrmRecords, "user">> = []
    for (const row of rows) {
      const value = yield* valueOf("leadFacts")(row)
      const read = { key: { kind: kindIn(row), id: row.id }, version: row.version, value }
      if (row.n !== null) named.set(row.n, read as Read<CrmRecords>)
      else if (row.is_user) users.push(read as Read<CrmRecords, "user">)
      else candidates.push(value as Matchable)
    }
    const reads = keys.map((key, at) => named.get(at + 1) ?? { key, version: 0, value: null })
    const of = <Kind extends keyof CrmRecords>(kind: Kind) =>
      reads.filter((read) => read.key.kind === kind) as unknown as ReadonlyArray<Read<CrmRecords, Kind>>
    const [chatLead] = of("chatLead")
    return {
      candidates,
      identityKeys: of("identityKey"),
      chatLead: chatLead as Read<CrmRecords, "chatLead">,
      pools: of("pool"),
      users,
      command: of("command")[0] ?? null
    }
  })

export const layer: Layer.Layer<CrmStore, never, PostgresDatabase> = Layer.effect(
  CrmStore,
  Effect.map(PostgresDatabase, (database) => CrmStore.of(make(database)))
)
