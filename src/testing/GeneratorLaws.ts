/**
 * Laws that every generator keeps, ours and those of your own.
 *
 * @example
 * ```ts
 * import { Id } from "leadline"
 * import { AccountArbitrary, GeneratorLaws } from "leadline/testing"
 *
 * console.log(GeneratorLaws.check({ arbitrary: AccountArbitrary.chatId, schema: Id.ChatId })) // => []
 * ```
 *
 * @module
 */
import { Equal, Result, Schema } from "effect"
import fc from "fast-check"

/** A generator, and the schema of what it draws. */
export interface Subject<A> {
  readonly arbitrary: fc.Arbitrary<A>
  /** One that needs nothing to decode with. */
  readonly schema: Schema.Codec<A, unknown>
}

/** How much is tried. */
export interface Options {
  /** Default 1: two checks of one generator see the same values. */
  readonly seed?: number
  /** Values drawn. Default 50. */
  readonly runs?: number
}

export type LawId = "generator.decodes" | "generator.shrinksValid" | "generator.repeats" | "generator.varies"

/** A law that does not hold, and a value that shows it. */
export interface Violation {
  readonly law: LawId
  readonly value: unknown
  readonly reason: string
}

/** A law: what it says, and the first violation among values drawn with a seed. */
export interface Law {
  readonly id: LawId
  readonly sentence: string
  readonly check: <A>(subject: Subject<A>, seed: number, runs: number) => Violation | null
}

/** decision: so deep that lists have lost items and what is left has shrunk, too. */
const MAX_DEPTH = 12

/** decision: the first few ways to shrink a value are the largest steps. */
const MAX_WAYS = 4

/** Values drawn with shrinks of each: one way down per value, and at each step the other ways from there. */
class Shrunk<A> extends fc.Arbitrary<ReadonlyArray<A>> {
  private readonly inner: fc.Arbitrary<A>

  constructor(inner: fc.Arbitrary<A>) {
    super()
    this.inner = inner
  }

  generate(random: fc.Random, bias: number | undefined): fc.Value<ReadonlyArray<A>> {
    const seen: Array<A> = []
    let at: fc.Value<A> | undefined = this.inner.generate(random, bias)
    for (let depth = 0; at !== undefined && depth < MAX_DEPTH; depth++) {
      seen.push(at.value)
      const ways: ReadonlyArray<fc.Value<A>> = [...this.inner.shrink(at.value, at.context).take(MAX_WAYS)]
      seen.push(...ways.map(({ value }) => value))
      at = ways[depth % Math.max(1, ways.length)]
    }
    return new fc.Value(seen, undefined)
  }

  canShrinkWithoutContext(_: unknown): _ is ReadonlyArray<A> {
    return false
  }

  shrink(): fc.Stream<fc.Value<ReadonlyArray<A>>> {
    return fc.Stream.nil()
  }
}

/** What is wrong with a value, if anything: it does not fit its schema, or JSON makes another one of it. */
const flaw = <A>(schema: Schema.Codec<A, unknown>): ((value: A) => string | null) => {
  const json = Schema.toCodecJson(schema)
  const [encode, decode] = [Schema.encodeUnknownResult(json), Schema.decodeUnknownResult(json)]
  return (value) => {
    const encoded = encode(value)
    if (Result.isFailure(encoded)) return `does not encode: ${String(encoded.failure)}`
    const decoded = decode(JSON.parse(JSON.stringify(encoded.success)))
    if (Result.isFailure(decoded)) return `does not decode: ${String(decoded.failure)}`
    return Equal.equals(decoded.success, value) ? null : "is another value after JSON"
  }
}

const firstFlaw = <A>(law: LawId, { schema }: Subject<A>, values: ReadonlyArray<A>): Violation | null => {
  const flawOf = flaw(schema)
  for (const value of values) {
    const reason = flawOf(value)
    if (reason !== null) return { law, value, reason }
  }
  return null
}

const sample = <A>(arbitrary: fc.Arbitrary<A>, seed: number, numRuns: number): ReadonlyArray<A> =>
  fc.sample(arbitrary, { seed, numRuns })

/** Whether a schema has more than one value: a tag alone has not. */
const canVary = (schema: Schema.Top): boolean => {
  const { ast } = schema
  if (ast._tag === "Literal") return false
  return ast._tag !== "Objects" || ast.propertySignatures.some(({ type }) => type._tag !== "Literal")
}

/** The laws, in the order in which they are checked. */
export const laws: ReadonlyArray<Law> = [
  {
    id: "generator.decodes",
    sentence: "A generated value fits its schema: encoded to JSON and decoded again it is the same.",
    check: (subject, seed, runs) => firstFlaw("generator.decodes", subject, sample(subject.arbitrary, seed, runs))
  },
  {
    id: "generator.shrinksValid",
    sentence: "Whatever a value shrinks to is valid, too.",
    check: (subject, seed, runs) => {
      // one walk sees some fifty values
      const walks = sample(new Shrunk(subject.arbitrary), seed, Math.ceil(runs / 5))
      return firstFlaw("generator.shrinksValid", subject, walks.flat())
    }
  },
  {
    id: "generator.repeats",
    sentence: "The same seed gives the same values.",
    check: ({ arbitrary }, seed, runs) => {
      const [once, again] = [sample(arbitrary, seed, runs), sample(arbitrary, seed, runs)]
      const at = once.findIndex((value, index) => !Equal.equals(value, again[index]))
      return at < 0
        ? null
        : { law: "generator.repeats", value: [once[at], again[at]], reason: "differs between two runs" }
    }
  },
  {
    id: "generator.varies",
    sentence: "Values differ, unless the schema has only one.",
    check: ({ arbitrary, schema }, seed, runs) => {
      if (!canVary(schema)) return null
      const [first, ...others] = sample(arbitrary, seed, Math.max(2, runs))
      return others.some((other) => !Equal.equals(other, first))
        ? null
        : { law: "generator.varies", value: first, reason: `is the only one of ${others.length + 1}` }
    }
  }
]

/** Every law that the generator breaks, each with one value that shows it; none: it is sound. */
export const check = <A>(subject: Subject<A>, { runs = 50, seed = 1 }: Options = {}): ReadonlyArray<Violation> =>
  laws.map((law) => law.check(subject, seed, runs)).filter((violation) => violation !== null)
