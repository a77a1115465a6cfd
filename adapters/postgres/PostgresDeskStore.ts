import { Effect, Layer, Result } from "effect"
import type { Chat, Content, Id, Transcript } from "leadline"
import {
  type DeskPayload,
  type DeskRecords,
  DeskStore,
  type DeskStoreShape,
  type Parked,
  type RosterEntry,
  type StoreError
} from "leadline/ports"
import { EventCodec, RecordCodec } from "leadline/wire"
import { type Database, PostgresDatabase } from "./Database.ts"
import * as DeskPlaces from "./DeskPlaces.ts"
import * as DeskQueries from "./DeskQueries.ts"
import * as PostgresRecordStore from "./PostgresRecordStore.ts"
import { texts } from "./Statements.ts"
import type * as StoredText from "./StoredText.ts"
import { codecs, corrupt, decodeRecord, type RecordRow, type World } from "./World.ts"

/** The chat side's world. */
export const world: World<DeskRecords, DeskPayload> = {
  log: "desk",
  records: codecs<DeskRecords>(RecordCodec.desk),
  events: EventCodec.deskEvents,
  places: DeskPlaces.places,
  queue: DeskPlaces.queue,
  messageNumber: DeskPlaces.messageNumber
}

const decoded =
  <Kind extends keyof DeskRecords>(kind: Kind, operation: string) =>
  (row: RecordRow): Result.Result<DeskRecords[Kind], StoreError> =>
    decodeRecord<DeskRecords, Kind>(world as never, kind, row, operation)

const all = <A>(results: ReadonlyArray<Result.Result<A, StoreError>>): Effect.Effect<ReadonlyArray<A>, StoreError> =>
  Effect.fromResult(Result.all(results))

interface Line {
  readonly value: unknown
  readonly texts: StoredText.TextRows | null
}

/** A message of the transcript, from its event. */
const toLine = ({ texts: found, value }: Line) =>
  Result.match(world.events.decode(value), {
    onFailure: (problem) => Result.fail(corrupt("transcript", problem)),
    onSuccess: ({ payload }) => {
      if (payload._tag !== "MessageSent") return Result.fail(corrupt("transcript", payload._tag))
      const message: Transcript.Message = payload.message
      const text = PostgresRecordStore.textsOf([{ texts: found }]).get(message.content.ref) ?? null
      return Result.succeed({ message, text })
    }
  })

interface RosterRow {
  readonly agent: unknown
  readonly id: string
  readonly desk_version: number | null
  readonly desk: unknown
  readonly presence: unknown
  readonly served: ReadonlyArray<RosterEntry["served"][number] | { readonly chat: unknown }> | null
}

const toEntry = (row: RosterRow): Result.Result<RosterEntry, StoreError> =>
  Result.gen(function* () {
    const of = <Kind extends "agent" | "desk" | "presence">(kind: Kind, value: unknown) =>
      decoded(kind, "roster")({ version: 0, value, number: null })
    return {
      agent: yield* of("agent", row.agent),
      desk: {
        key: { kind: "desk", id: row.id },
        version: row.desk_version ?? 0,
        value: row.desk_version === null ? null : yield* of("desk", row.desk)
      },
      presence: row.presence === null ? null : yield* of("presence", row.presence),
      served: yield* Result.map(Result.all((row.served ?? []).map(slotsOf(row.id))), (slots) => slots.flat())
    }
  })

/** What a slot depends on (B5), from the statement, or from a chat that the statement could not look into. */
const slotsOf =
  (agentId: string) =>
  (served: NonNullable<RosterRow["served"]>[number]): Result.Result<RosterEntry["served"], StoreError> =>
    "chat" in served
      ? Result.map(
          decoded("chat", "roster")({ version: 0, value: served.chat, number: null }),
          ({ lastPublicAt, serving }) =>
            serving.flatMap((one) => (one.agentId === agentId ? [{ joinedAt: one.joinedAt, lastPublicAt }] : []))
        )
      : Result.succeed([served])

/** The chat side in PostgreSQL. Costs: one statement each; index rows read, as the port says. */
export const make = (database: Database): DeskStoreShape => {
  const { quoted, statements } = database
  const sql = DeskQueries.queries(quoted)
  const store = PostgresRecordStore.make<DeskRecords, DeskPayload>(database, world)
  const itemsIn = (list: "givenUp" | "parked", account: Id.AccountId, bridge: string, limit: number) =>
    Effect.flatMap(
      statements.read<RecordRow>(list, sql.parked, [account, `${list}/${bridge}`, String(limit)]),
      (rows): Effect.Effect<ReadonlyArray<Parked>, StoreError> => all(rows.map(decoded("parked", list)))
    )
  return {
    ...store,
    waiting: (account, limit) =>
      Effect.flatMap(statements.read<RecordRow>("waiting", sql.waiting, [account, String(limit)]), (rows) =>
        all(rows.map(decoded("chat", "waiting")))
      ),
    roster: (account) =>
      Effect.flatMap(statements.read<RosterRow>("roster", sql.roster, [account]), (rows) => all(rows.map(toEntry))),
    closedChats: (account, query) =>
      Effect.flatMap(
        statements.read<RecordRow & { readonly texts: StoredText.TextRows | null }>(
          "closedChats",
          sql.closedChats,
          DeskQueries.closedChatsParameters(account, query)
        ),
        (rows) =>
          Effect.map(
            all(rows.map((row) => Result.map(decoded("chat", "closedChats")(row), (chat) => ({ chat, row })))),
            (found) => {
              const fitting = newestFirst(found.filter(({ chat }) => DeskPlaces.fits(query, chat))).slice(
                0,
                query.limit
              )
              return {
                chats: fitting.map(({ chat }) => chat),
                texts: PostgresRecordStore.textsOf(fitting.map(({ row }) => row)) as Content.Texts
              }
            }
          )
      ),
    transcript: (account, chatId, after, limit) =>
      Effect.flatMap(
        statements.read<Line>("transcript", sql.transcript, [
          account,
          `chat/${chatId}`,
          String(Math.max(0, Math.trunc(after))),
          String(limit)
        ]),
        (rows) => all(rows.map(toLine))
      ),
    personChats: (account, query) =>
      Effect.flatMap(
        statements.read<RecordRow>("personChats", sql.personChats, [
          account,
          texts(DeskPlaces.personLists(query)),
          query.after ?? "",
          String(query.limit)
        ]),
        (rows) => all(rows.map(decoded("chat", "personChats")))
      ),
    givenUp: (account, bridge, limit) => itemsIn("givenUp", account, bridge, limit),
    parked: (account, bridge, limit) => itemsIn("parked", account, bridge, limit)
  }
}

/** The statement sorts by name as bytes do; the port by code units (they differ beyond the Basic Multilingual Plane). */
const newestFirst = <Row extends { readonly chat: Chat.Chat }>(rows: ReadonlyArray<Row>): ReadonlyArray<Row> =>
  rows.toSorted((a, b) => b.chat.requestedAt - a.chat.requestedAt || (a.chat.id < b.chat.id ? 1 : -1))

export const layer: Layer.Layer<DeskStore, never, PostgresDatabase> = Layer.effect(
  DeskStore,
  Effect.map(PostgresDatabase, (database) => DeskStore.of(make(database)))
)
