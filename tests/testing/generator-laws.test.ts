import { Schema, SchemaTransformation } from "effect"
import fc from "fast-check"
import { Id, User } from "leadline"
import { AccountArbitrary, GeneratorLaws, RecordArbitrary, SchemaArbitrary } from "leadline/testing"
import { describe, expect, it } from "vitest"

const broken = <A>(arbitrary: fc.Arbitrary<A>, schema: Schema.Codec<A, unknown>) =>
  GeneratorLaws.check({ arbitrary, schema }).map(({ law }) => law)

/** A number of draws, which no seed sets back. */
const counting = () => {
  let count = 0
  return fc.constant(null).map(() => ++count)
}

/** Draws what is valid, and shrinks to what is, in one way, and to what is not in another. */
class ShrinksBadly extends fc.Arbitrary<number> {
  generate(random: fc.Random) {
    return new fc.Value(random.nextInt(1, 100), undefined)
  }
  canShrinkWithoutContext(value: unknown): value is number {
    return typeof value === "number"
  }
  shrink(value: number) {
    return value > 0
      ? fc.Stream.of(new fc.Value(0, undefined), new fc.Value(-1, undefined))
      : fc.Stream.nil<fc.Value<number>>()
  }
}

const Count = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))

describe("the laws for generators", () => {
  it("say nothing of a sound generator", () => {
    expect(broken(RecordArbitrary.user, User.User)).toEqual([])
  })

  it("find values that do not fit their schema", () => {
    expect(broken(fc.string(), Id.ChatId as Schema.Codec<string, unknown>)).toContain("generator.decodes")
  })

  it("find values that are others after encoding and decoding", () => {
    const Trimmed = Schema.String.pipe(Schema.decodeTo(Schema.String, SchemaTransformation.trim()))
    expect(broken(fc.constantFrom("a ", "b"), Trimmed)).toContain("generator.decodes")
  })

  it("find what shrinks to invalid values", () => {
    expect(broken(new ShrinksBadly(), Count)).toEqual(["generator.shrinksValid"])
  })

  it("find what is not the same with the same seed", () => {
    expect(broken(counting(), Count)).toEqual(["generator.repeats"])
  })

  it("find constants, but for schemas of one value", () => {
    expect(broken(fc.constant(1), Count)).toEqual(["generator.varies"])
    expect(broken(fc.constant({ _tag: "One" as const }), Schema.TaggedStruct("One", {}))).toEqual([])
  })

  it("have ids and sentences, each its own", () => {
    const { laws } = GeneratorLaws
    expect(new Set(laws.map(({ id }) => id)).size).toBe(laws.length)
    for (const { sentence } of laws) expect(sentence).toMatch(/^[A-Z].*\.$/)
  })
})

describe("generators read off a schema", () => {
  const Own = Schema.Struct({
    id: Id.ChatId,
    user: Schema.NullOr(User.User),
    boss: Schema.optionalKey(User.User),
    few: Schema.Array(Schema.Int).check(Schema.isMaxLength(2)),
    some: Schema.NonEmptyArray(Schema.Boolean),
    share: Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 1 })),
    label: Schema.optionalKey(Schema.String.check(Schema.isMinLength(1), Schema.isMaxLength(3))),
    code: Schema.String.check(Schema.isPattern(/^[A-Z]{2}$/)),
    map: Schema.Record(Schema.String, Schema.Union([Schema.Null, Schema.Literal("x")]))
  })

  it("keep the laws", () => {
    expect(GeneratorLaws.check({ arbitrary: SchemaArbitrary.of(Own), schema: Own }, { runs: 200 })).toEqual([])
  })

  it("draw Leadline's types by their own generators: nobody reports to themselves (F5)", () => {
    const drawn = fc.sample(SchemaArbitrary.of(Own), 500).flatMap(({ boss, user }) => [boss ?? [], user ?? []].flat())
    for (const { id, reportsTo } of drawn) expect(reportsTo).not.toBe(id)
  })

  it("shrink to the least", () => {
    for (let seed = 0; seed < 20; seed++) {
      const { counterexample } = fc.check(
        fc.property(SchemaArbitrary.of(Own), () => false),
        { seed }
      )
      expect(counterexample?.[0]).toMatchObject({ id: "0", user: null, few: [], some: [false], map: {} })
    }
  })

  it("give ids that break careless code, too (J2)", () => {
    expect(fc.sample(AccountArbitrary.chatId, 300).map(String)).toContain("__proto__")
  })
})
