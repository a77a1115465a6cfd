import { Effect, Result, Schema, SchemaIssue, SchemaTransformation } from "effect"
import { Content, type Event, Instant } from "leadline"
import type { Commit, Committed, CommonRecords, Due, Key, LogPage, Read } from "leadline/ports"
import { type EventCodec, RecordCodec } from "leadline/wire"

/**
 * The stores' types as they travel: records and events under the versioned codecs of `wire`, so that hosts of different
 * releases understand each other as far as `wire` does (K5).
 *
 * @module
 */

/** The codecs of a world's kinds. */
export interface Kinds<Records extends CommonRecords> {
  readonly records: { readonly [Kind in keyof Records]: RecordCodec.RecordCodec<Records[Kind]> }
}

/** A world's codecs. */
export interface World<Records extends CommonRecords, Payload> extends Kinds<Records> {
  readonly events: EventCodec.EventCodec<Payload>
}

/** The codecs of all kinds, by kind. */
export const codecs = <Records>(
  schemas: {
    readonly [Kind in keyof Records]: unknown
  }
): { readonly [Kind in keyof Records]: RecordCodec.RecordCodec<Records[Kind]> } =>
  Object.fromEntries(
    Object.entries(schemas).map(([kind, schema]) => [kind, RecordCodec.of(kind, schema as never)])
  ) as never

const invalid = (message: string) => new SchemaIssue.InvalidValue({ message })

/** A value that a codec of `wire` reads and writes. */
const through = <Value>(codec: {
  readonly encode: (value: Value) => unknown
  readonly decode: (json: unknown) => Result.Result<Value, { readonly problem: string }>
}) =>
  Schema.Unknown.pipe(
    Schema.decodeTo(
      Schema.declare((value): value is Value => value !== null),
      SchemaTransformation.transformEffect<Value, unknown>({
        decode: (json) =>
          Result.match(codec.decode(json), {
            onSuccess: (value) => Effect.succeed(value),
            onFailure: ({ problem }) => Effect.fail(invalid(problem))
          }),
        encode: (value) => Effect.succeed(codec.encode(value))
      })
    )
  )

/** A snapshot of a kind: its value under its schema version. */
export const snapshot = <Records extends CommonRecords, Kind extends keyof Records>(
  world: Kinds<Records>,
  kind: Kind
) => through(world.records[kind])

interface Cell<Records> {
  readonly kind: keyof Records
  readonly snapshot: unknown
}

/** A value of one of a world's kinds. Another kind is a newer release's, and refused. */
const valueOf = <Records extends CommonRecords>({ records }: Kinds<Records>, { kind, snapshot }: Cell<Records>) =>
  Object.hasOwn(records, kind)
    ? Result.mapError(records[kind].decode(snapshot), ({ problem }) => problem)
    : Result.fail(`no kind ${String(kind)} here`)

const key = Schema.Struct({ kind: Schema.String, id: Schema.String })

/** Names a record. */
export const keyOf = <Records>() => key as unknown as Schema.Codec<Key<Records>, typeof key.Encoded>

const cell = { ...key.fields, version: Schema.Int, snapshot: Schema.Unknown }

/** A record as it was read; without one, version 0 and `snapshot: null`. */
export const readOf = <Records extends CommonRecords>(world: Kinds<Records>) =>
  Schema.Struct(cell).pipe(
    Schema.decodeTo(
      Schema.declare((read): read is Read<Records> => read !== null),
      SchemaTransformation.transformEffect<
        Read<Records>,
        { readonly [K in keyof typeof cell]: (typeof cell)[K]["Type"] }
      >({
        decode: (row) => {
          const at = { key: { kind: row.kind, id: row.id } as Key<Records>, version: row.version }
          if (row.snapshot === null) return Effect.succeed({ ...at, value: null })
          const value = valueOf(world, { kind: row.kind as keyof Records, snapshot: row.snapshot })
          return Result.isSuccess(value)
            ? Effect.succeed({ ...at, value: value.success })
            : Effect.fail(invalid(value.failure))
        },
        encode: ({ key: { id, kind }, value, version }) =>
          Effect.succeed({
            ...{ kind: String(kind), id, version },
            snapshot: value === null ? null : world.records[kind].encode(value)
          })
      })
    )
  )

/** A record whose deadline was asked for. */
export const dueOf = <Records extends CommonRecords>(world: Kinds<Records>) =>
  Schema.Struct({ read: readOf(world), due: Instant.Instant }).pipe(
    Schema.decodeTo(
      Schema.declare((_): _ is Due<Records> => true),
      SchemaTransformation.transform<Due<Records>, { readonly read: Read<Records>; readonly due: Instant.Instant }>({
        decode: ({ due, read }) => ({ ...read, due }),
        encode: ({ due, ...read }) => ({ due, read })
      })
    )
  )

export const Texts = Schema.ReadonlyMap(Content.ContentRef, Schema.String)

const remembered = Schema.Struct({
  id: Schema.String,
  digest: Schema.String,
  answer: Schema.Unknown,
  until: Instant.Instant
})
const put = {
  ...key.fields,
  snapshot: Schema.Unknown,
  contents: Schema.Array(Content.ContentRef),
  due: Schema.NullOr(Instant.Instant)
}
type PutRow = { readonly [K in keyof typeof put]: (typeof put)[K]["Type"] }
const stored = Schema.Struct({
  ref: Content.ContentRef,
  subject: Content.Subject,
  salt: Schema.String,
  value: Schema.String
})

const commit = Schema.Struct({
  expect: Schema.Array(Schema.Struct({ ...key.fields, version: Schema.Int })),
  put: Schema.Array(Schema.Struct(put)),
  remove: Schema.Array(key),
  contents: Schema.Array(stored),
  events: Schema.Array(Schema.Unknown),
  remember: Schema.NullOr(remembered)
})

/** What the port calls a programmer's mistake, and a server somebody else's: every written key once, and expected. */
const mistake = ({ expect, put, remember, remove }: typeof commit.Type): string | null => {
  const name = ({ id, kind }: typeof key.Type) => `${kind} ${id}`
  const written = [...put, ...remove, ...(remember === null ? [] : [{ kind: "command", id: remember.id }])].map(name)
  const expected = new Set(expect.map(name))
  if (expected.size < expect.length) return "a key is expected twice"
  if (new Set(written).size < written.length) return "a key is written twice"
  return written.every((one) => expected.has(one)) ? null : "a key is written that is not expected"
}

/** One atomic change. */
export const commitOf = <Records extends CommonRecords, Payload>(world: World<Records, Payload>) => {
  const decoded = (row: typeof commit.Type): Result.Result<Commit<Records, Payload>, string> =>
    Result.gen(function* () {
      const wrong = mistake(row)
      if (wrong !== null) return yield* Result.fail(wrong)
      const puts: Array<unknown> = []
      for (const { contents, due, id, kind, snapshot } of row.put) {
        const value = yield* valueOf(world, { kind: kind as keyof Records, snapshot })
        puts.push({ key: { kind, id }, value, contents, due })
      }
      const events: Array<Event.Event<Payload>> = []
      for (const json of row.events) {
        events.push(yield* Result.mapError(world.events.decode(json), ({ problem }) => problem))
      }
      const expect = row.expect.map(({ id, kind, version }) => ({ key: { kind, id } as Key<Records>, version }))
      const remove = row.remove as ReadonlyArray<Key<Records>>
      return { expect, remove, events, put: puts as Commit<Records, Payload>["put"], ...rest(row) }
    })
  return commit.pipe(
    Schema.decodeTo(
      Schema.declare((_): _ is Commit<Records, Payload> => true),
      SchemaTransformation.transformEffect<Commit<Records, Payload>, typeof commit.Type>({
        decode: (row) =>
          Result.match(decoded(row), {
            onSuccess: (change) => Effect.succeed(change),
            onFailure: (problem) => Effect.fail(invalid(problem))
          }),
        encode: (change) =>
          Effect.succeed({
            expect: change.expect.map(({ key: { id, kind }, version }) => ({ kind: String(kind), id, version })),
            put: change.put.map(
              ({ contents, due, key: { id, kind }, value }): PutRow => ({
                ...{ kind: String(kind), id, contents, due },
                snapshot: world.records[kind].encode(value)
              })
            ),
            remove: change.remove.map(({ id, kind }) => ({ kind: String(kind), id })),
            events: change.events.map(world.events.encode),
            ...rest(change)
          })
      })
    )
  )
}

const rest = <A extends Pick<Commit<never, never>, "contents" | "remember">>({ contents, remember }: A) => ({
  contents,
  remember
})

/** The versions and positions that a commit gave. */
export const committed: Schema.Codec<Committed, Committed> = Schema.Struct({
  versions: Schema.Array(Schema.Int),
  positions: Schema.Array(Schema.Int)
})

/** A page of a log. */
export const logPageOf = <Payload>(world: { readonly events: EventCodec.EventCodec<Payload> }) =>
  Schema.Struct({
    entries: Schema.Array(Schema.Struct({ position: Schema.Int, event: through(world.events) })),
    next: Schema.Int,
    texts: Texts
  }) satisfies Schema.Codec<LogPage<Payload>, unknown>
