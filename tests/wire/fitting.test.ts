import { Arbitrary, Effect, Result, Schema } from "effect"
import fc from "fast-check"
import { Event } from "leadline"
import { EventCodec, RecordCodec } from "leadline/wire"
import { describe, expect, it } from "vitest"

const kinds = Object.entries({ ...RecordCodec.desk, ...RecordCodec.crm, ...RecordCodec.settings }).map(
  ([kind, schema]) => ({ kind, schema: schema as unknown as Schema.Codec<unknown, unknown> })
)

/** Stored snapshots of a kind, as JSON text has them. */
const storedOf = (kind: string, schema: Schema.Codec<unknown, unknown>): ReadonlyArray<{ readonly value: unknown }> => {
  const codec = RecordCodec.of(kind, schema)
  const drawn = Arbitrary.sampleEffect(Arbitrary.schema(schema), { count: 15, seed: 1, maxDiscards: 100_000 })
  return Effect.runSync(drawn).map((value) => JSON.parse(JSON.stringify(codec.encode(value))))
}

type Place = { readonly holder: Record<string, unknown>; readonly name: string }

const places = (json: unknown): ReadonlyArray<Place> =>
  typeof json !== "object" || json === null
    ? []
    : Object.entries(json).flatMap(([name, part]) => [
        { holder: json as Record<string, unknown>, name },
        ...places(part)
      ])

/** One thing changed somewhere in it: a part missing, another one there, one of another kind. */
const spoilt = (json: object, at: number, how: number, by: unknown): object => {
  const copy = structuredClone(json)
  const all = places(copy)
  const place = all[at % all.length]
  if (place === undefined) return copy
  const { holder, name } = place
  const changes = [
    () => Reflect.deleteProperty(holder, name),
    () => Object.assign(holder, { [name]: by }),
    () => Object.defineProperty(holder, "__proto__", { value: by, enumerable: true, configurable: true }),
    () => Object.assign(holder, { more: by })
  ]
  changes[how]?.()
  return JSON.parse(JSON.stringify(copy))
}

const outcome = (result: Result.Result<unknown, unknown>) => (Result.isSuccess(result) ? result.success : "refused")

describe("what this release stored", () => {
  it.each(kinds)("of $kind is read as its schema reads it, whatever became of it (K5)", ({ kind, schema }) => {
    const { decode } = RecordCodec.of(kind, schema)
    const snapshot = Schema.Struct({ schemaVersion: Schema.Literal(Event.SCHEMA_VERSION), value: schema })
    const plainly = Schema.decodeUnknownResult(Schema.toCodecJson(snapshot))
    const stored = storedOf(kind, schema)
    const part = fc.oneof(fc.jsonValue(), fc.constantFrom(-1, 1.5, "", null, 1e300, "\u0000"))
    for (const json of stored) expect(outcome(decode(json))).toEqual(outcome(Result.map(plainly(json), (s) => s.value)))
    fc.assert(
      fc.property(fc.constantFrom(...stored), fc.nat(), fc.nat(3), part, (json, at, how, by) => {
        const changed = spoilt(json, at, how, by)
        fc.pre((changed as { readonly schemaVersion?: unknown }).schemaVersion === Event.SCHEMA_VERSION)
        expect(outcome(decode(changed))).toEqual(outcome(Result.map(plainly(changed), ({ value }) => value)))
      })
    )
  })

  it("is taken as it is, not copied part by part (cost law)", () => {
    const copied = kinds.filter(({ kind, schema }) => {
      const { decode } = RecordCodec.of(kind, schema)
      return storedOf(kind, schema).some((json) => Result.getOrThrow(decode(json)) !== json.value)
    })
    // an answer is anything at all, so its schema is asked
    expect([...new Set(copied.map(({ kind }) => kind))]).toEqual(["command"])
  })

  it("as an event is taken as it is, too (cost law)", () => {
    for (const [codec, envelope] of [
      [EventCodec.deskEvents, EventCodec.DeskEnvelope],
      [EventCodec.crmEvents, EventCodec.CrmEnvelope],
      [EventCodec.settingsEvents, EventCodec.SettingsEnvelope]
    ] as const) {
      const schema = envelope as unknown as Schema.Codec<never, unknown>
      const drawn = Effect.runSync(Arbitrary.sampleEffect(Arbitrary.schema(schema), { count: 50, seed: 1 }))
      for (const event of drawn) {
        const json = JSON.parse(JSON.stringify(codec.encode(event)))
        const read: Result.Result<unknown, unknown> = codec.decode(json)
        expect(Result.getOrThrow(read)).toBe(json)
      }
    }
  })
})
