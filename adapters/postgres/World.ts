import { Result } from "effect"
import type { Event } from "leadline"
import type { CommonRecords, Key, Put } from "leadline/ports"
import { StoreError } from "leadline/ports"
import { type EventCodec, RecordCodec } from "leadline/wire"

/** A row of `place`: where a record stands, in which list. */
export type Place = readonly [list: string, rank: number]

/** A chat's relation to the queue (C2). */
export interface QueuePlace {
  /** `null`: none; -1: the commit gives one. */
  readonly number: number | null
  readonly waits: boolean
}

/** What sets one world's records apart from another's: their codecs, and what they are found by beside their keys. */
export interface World<Records extends CommonRecords, Payload> {
  /** `desk`, `crm`, `settings`: the log's name, and the first part of kinds. */
  readonly log: string
  readonly records: { readonly [Kind in keyof Records]: RecordCodec.RecordCodec<Records[Kind]> }
  readonly events: EventCodec.EventCodec<Payload>
  readonly places: (put: Put<Records>) => ReadonlyArray<Place>
  readonly queue: (put: Put<Records>) => QueuePlace
  /** Of an event that is a message: its number in the chat. */
  readonly messageNumber: (event: Event.Event<Payload>) => number | null
}

/** Nothing is found but by its key. */
export const unlisted = { places: () => [], queue: () => ({ number: null, waits: false }), messageNumber: () => null }

/** The codecs of all kinds, by kind. */
export const codecs = <Records>(
  schemas: {
    readonly [Kind in keyof Records]: unknown
  }
): { readonly [Kind in keyof Records]: RecordCodec.RecordCodec<Records[Kind]> } =>
  Object.fromEntries(
    Object.entries(schemas).map(([kind, schema]) => [kind, RecordCodec.of(kind, schema as never)])
  ) as never

/** A kind as the database knows it. */
export const kindOf = ({ log }: { readonly log: string }, kind: PropertyKey): string => `${log}.${String(kind)}`

/** What a row of `record` says. */
export interface RecordRow {
  readonly version: number
  readonly value: unknown
  readonly number: number | null
}

/** A stored value; what does not decode is `corrupt` (K5). */
export const decodeRecord = <Records extends CommonRecords, Kind extends keyof Records>(
  world: Pick<World<Records, never>, "records">,
  kind: Kind,
  { number, value }: Pick<RecordRow, "value" | "number">,
  operation: string
): Result.Result<Records[Kind], StoreError> =>
  Result.map(
    Result.mapError(world.records[kind].decode(value), (problem) => corrupt(operation, problem)),
    (decoded) => (number === null ? decoded : { ...decoded, queueNumber: number })
  )

export const corrupt = (operation: string, cause: unknown): StoreError =>
  new StoreError({ reason: "corrupt", isRetryable: false, operation, cause })

/** A key as arrays name it. */
export const nameOf = <Records>(key: Key<Records>): string => `${String(key.kind)}/${key.id}`
