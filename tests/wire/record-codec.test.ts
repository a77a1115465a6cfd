import { readFileSync } from "node:fs"
import { Arbitrary, Effect, Result, type Schema } from "effect"
import { Event } from "leadline"
import type { CrmRecords, DeskRecords, SettingsRecords } from "leadline/ports"
import { RecordCodec } from "leadline/wire"
import { describe, expect, expectTypeOf, it } from "vitest"

type Values<Schemas> = { readonly [K in keyof Schemas]: Schemas[K] extends { readonly Type: infer A } ? A : never }

const worlds = { desk: RecordCodec.desk, crm: RecordCodec.crm, settings: RecordCodec.settings }

const kinds = Object.entries(worlds).flatMap(([world, schemas]) =>
  Object.entries(schemas).map(([kind, schema]) => ({
    name: `${world}.${kind}`,
    kind,
    schema: schema as unknown as Schema.Codec<unknown, unknown>
  }))
)

/** Snapshots as version 1 stored them, by world and kind; never edited after it. */
const storedRecords: Readonly<Record<string, ReadonlyArray<{ readonly value: object }>>> = JSON.parse(
  readFileSync(new URL("samples/version-1-records.json", import.meta.url), "utf8")
)

describe("snapshots of records", () => {
  it("have a schema for every kind that a store holds, of the type it holds (K5)", () => {
    expectTypeOf<Values<typeof RecordCodec.desk>>().toEqualTypeOf<DeskRecords>()
    expectTypeOf<Values<typeof RecordCodec.crm>>().toEqualTypeOf<CrmRecords>()
    expectTypeOf<Values<typeof RecordCodec.settings>>().toEqualTypeOf<SettingsRecords>()
    expect(kinds.length).toBeGreaterThan(20)
  })

  it.each(kinds)(
    "$name survives the way through JSON, under the schema version of this release (K5)",
    ({ kind, schema }) => {
      const codec = RecordCodec.of(kind, schema)
      for (const value of Effect.runSync(
        Arbitrary.sampleEffect(Arbitrary.schema(schema), { count: 20, seed: 1, maxDiscards: 100_000 })
      )) {
        const json = JSON.parse(JSON.stringify(codec.encode(value)))
        expect(json.schemaVersion).toBe(Event.SCHEMA_VERSION)
        const read = codec.decode(json)
        // JSON has no -0, so the way is walked once more instead of comparing values.
        expect(Result.isSuccess(read) && JSON.parse(JSON.stringify(codec.encode(read.success)))).toEqual(json)
      }
    }
  )

  it.each(kinds)("$name of version 1 are read, and say what they said (K5)", ({ kind, name, schema }) => {
    const codec = RecordCodec.of(kind, schema)
    for (const sample of storedRecords[name] ?? []) {
      const value = Result.getOrThrow(codec.decode(sample))
      expect(value).toMatchObject(sample.value)
      expect(codec.decode(JSON.parse(JSON.stringify(codec.encode(value))))).toEqual(Result.succeed(value))
    }
  })

  it("of a version nobody here knows are refused, and so is what is no snapshot (K5)", () => {
    const codec = RecordCodec.of("openChat", RecordCodec.desk.openChat)
    expect(codec.decode({ schemaVersion: 1, value: { chatId: "c1" } })).toEqual(Result.succeed({ chatId: "c1" }))
    for (const json of [
      { schemaVersion: Event.SCHEMA_VERSION + 1, value: { chatId: "c1" } },
      { value: {} },
      null,
      { schemaVersion: 1 }
    ]) {
      expect(codec.decode(json)).toMatchObject({ _tag: "Failure", failure: { _tag: "Unreadable" } })
    }
  })
})
