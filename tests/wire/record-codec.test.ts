import { Arbitrary, Effect, Result, type Schema } from "effect"
import type { CrmRecords, DeskRecords, SettingsRecords } from "leadline/ports"
import { RecordCodec } from "leadline/wire"
import { describe, expect, expectTypeOf, it } from "vitest"

type Values<Schemas> = { readonly [K in keyof Schemas]: Schemas[K] extends { readonly Type: infer A } ? A : never }

const worlds = { desk: RecordCodec.desk, crm: RecordCodec.crm, settings: RecordCodec.settings }

const kinds = Object.entries(worlds).flatMap(([world, schemas]) =>
  Object.entries(schemas).map(([kind, schema]) => ({
    name: `${world}.${kind}`,
    schema: schema as unknown as Schema.Codec<unknown, unknown>
  }))
)

describe("snapshots of records", () => {
  it("have a schema for every kind that a store holds, of the type it holds (K5)", () => {
    expectTypeOf<Values<typeof RecordCodec.desk>>().toEqualTypeOf<DeskRecords>()
    expectTypeOf<Values<typeof RecordCodec.crm>>().toEqualTypeOf<CrmRecords>()
    expectTypeOf<Values<typeof RecordCodec.settings>>().toEqualTypeOf<SettingsRecords>()
    expect(kinds.length).toBeGreaterThan(20)
  })

  it.each(kinds)("$name survives the way through JSON, under the schema version of this release (K5)", ({ schema }) => {
    const codec = RecordCodec.of(schema)
    for (const value of Effect.runSync(
      Arbitrary.sampleEffect(Arbitrary.schema(schema), { count: 20, seed: 1, maxDiscards: 100_000 })
    )) {
      const json = JSON.parse(JSON.stringify(codec.encode(value)))
      expect(json.schemaVersion).toBe(1)
      const read = codec.decode(json)
      // JSON has no -0, so the way is walked once more instead of comparing values.
      expect(Result.isSuccess(read) && JSON.parse(JSON.stringify(codec.encode(read.success)))).toEqual(json)
    }
  })

  it("of a version nobody here knows are refused, and so is what is no snapshot (K5)", () => {
    const codec = RecordCodec.of(RecordCodec.desk.openChat)
    expect(codec.decode({ schemaVersion: 1, value: { chatId: "c1" } })).toEqual(Result.succeed({ chatId: "c1" }))
    for (const json of [{ schemaVersion: 2, value: { chatId: "c1" } }, { value: {} }, null, { schemaVersion: 1 }]) {
      expect(codec.decode(json)).toMatchObject({ _tag: "Failure", failure: { _tag: "Unreadable" } })
    }
  })
})
