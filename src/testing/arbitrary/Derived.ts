/**
 * Generators read off schemas: what no rule binds together needs no code of its own. What a rule binds is `known`: it is
 * drawn by its own generator wherever its schema stands.
 */
import { type Schema, SchemaAST } from "effect"
import fc from "fast-check"
import * as HostileText from "../HostileText.ts"

/** A schema, and what is drawn where it stands. The first that fits counts. */
export type Known = ReadonlyArray<readonly [schema: Schema.Top, arbitrary: fc.Arbitrary<unknown>]>

/** decision: lists are short, because faults hide between two or three items and long ones shrink slowly. */
export const MAX_LIST = 4

/** decision: as most counts are, and far from where sums of them lose digits. */
const MAX_INT = 2_147_483_647

/** The generator of a schema: optional keys come and go, texts are hostile, whole numbers without bounds are counts. */
export const deriving =
  (known: Known) =>
  <S extends Schema.Top>(schema: S): fc.Arbitrary<S["Type"]> =>
    arbitraryOf(schema.ast, new Map(known.map(([{ ast }, arbitrary]) => [identityOf(ast), arbitrary])))

/** As {@link deriving}, for a struct some of whose fields are drawn by `given`. */
export const structDeriving =
  (known: Known) =>
  <F extends Schema.Struct.Fields>(
    schema: Schema.Struct<F>,
    given: {
      readonly [Field in keyof F]?: fc.Arbitrary<Schema.Struct<F>["Type"][Field & keyof Schema.Struct<F>["Type"]]>
    }
  ): fc.Arbitrary<Schema.Struct<F>["Type"]> =>
    arbitraryOf(
      schema.ast,
      new Map(known.map(([{ ast }, arbitrary]) => [identityOf(ast), arbitrary])),
      new Map(Object.entries(given))
    ) as fc.Arbitrary<Schema.Struct<F>["Type"]>

type Memory = ReadonlyMap<unknown, fc.Arbitrary<unknown>>

/** What stays the same when a schema becomes a field, optional or not: a copy shares its parts. */
const identityOf = (ast: SchemaAST.AST): unknown => {
  if (SchemaAST.isObjects(ast)) return ast.propertySignatures.length > 0 ? ast.propertySignatures : ast
  return SchemaAST.isUnion(ast) ? ast.types : (ast.checks ?? ast)
}

const arbitraryOf = (
  ast: SchemaAST.AST,
  known: Memory,
  given: ReadonlyMap<string, fc.Arbitrary<unknown> | undefined> = new Map()
): fc.Arbitrary<unknown> => {
  const found = given.size > 0 ? undefined : known.get(identityOf(ast))
  if (found !== undefined) return found
  if (SchemaAST.isLiteral(ast)) return fc.constant(ast.literal)
  if (SchemaAST.isNull(ast)) return fc.constant(null)
  if (SchemaAST.isBoolean(ast)) return fc.boolean()
  if (SchemaAST.isNumber(ast)) return numberOf(boundsOf(ast))
  if (SchemaAST.isString(ast)) return stringOf(boundsOf(ast))
  if (SchemaAST.isUnion(ast)) return unionOf(ast, known)
  if (SchemaAST.isArrays(ast)) return listOf(ast, known)
  if (SchemaAST.isObjects(ast)) return recordOf(ast, known, given)
  return fc.constant(undefined)
}

/** Members in the order in which they are tried when shrinking: `null` and literals first, they are the least. */
const unionOf = (ast: SchemaAST.Union, known: Memory): fc.Arbitrary<unknown> => {
  const isLeast = (type: SchemaAST.AST) => SchemaAST.isNull(type)
  const members = [...ast.types.filter(isLeast), ...ast.types.filter((type) => !isLeast(type))]
  const [first, ...others] = members.map((type) => arbitraryOf(type, known))
  if (first === undefined) return fc.constant(undefined)
  return fc.oneof({ withCrossShrink: true }, first, ...others)
}

const listOf = (ast: SchemaAST.Arrays, known: Memory): fc.Arbitrary<unknown> => {
  const [rest] = ast.rest
  const { maximum } = boundsOf(ast)
  const head = fc.tuple(...ast.elements.map((type) => arbitraryOf(type, known)))
  if (rest === undefined) return head
  const tail = fc.array(arbitraryOf(rest, known), { maxLength: Math.min(MAX_LIST, maximum ?? MAX_LIST) })
  return ast.elements.length === 0 ? tail : fc.tuple(head, tail).map(([head, tail]) => [...head, ...tail])
}

const recordOf = (
  ast: SchemaAST.Objects,
  known: Memory,
  given: ReadonlyMap<string, fc.Arbitrary<unknown> | undefined>
): fc.Arbitrary<unknown> => {
  const [index] = ast.indexSignatures
  if (index !== undefined) {
    return fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), arbitraryOf(index.type, known), {
      maxKeys: MAX_LIST,
      noNullPrototype: true
    })
  }
  const fields = ast.propertySignatures.map(
    ({ name, type }) => [String(name), given.get(String(name)) ?? arbitraryOf(type, known)] as const
  )
  const requiredKeys = ast.propertySignatures
    .filter(({ type }) => type.context?.isOptional !== true)
    .map(({ name }) => String(name))
  return fc.record(Object.fromEntries(fields), { requiredKeys, noNullPrototype: true })
}

// --- leaves ---------------------------------------------------------------------------------------------------------

interface Bounds {
  readonly minimum?: number
  readonly maximum?: number
  readonly isWhole?: boolean
  readonly pattern?: string
}

/** What a schema's checks ask for, as they declare it. */
const boundsOf = (ast: SchemaAST.AST): Bounds =>
  Object.assign({}, ...(ast.checks ?? []).map(({ annotations }) => declared(annotations)))

const declared = (annotations: SchemaAST.Check<never>["annotations"]): Bounds => {
  const constraint: unknown = annotations?.arbitraryConstraint
  if (typeof constraint !== "object" || constraint === null) return {}
  const asked = new Map<string, unknown>(Object.entries(constraint))
  const number = (key: string) => {
    const value = asked.get(key)
    return typeof value === "number" ? value : undefined
  }
  const least = number("minimum") ?? number("minLength")
  const most = number("maximum") ?? number("maxLength")
  const patterns = asked.get("patterns")
  const [pattern]: ReadonlyArray<unknown> = Array.isArray(patterns) ? patterns : []
  return {
    ...(least === undefined ? {} : { minimum: asked.get("exclusiveMinimum") === true ? least + 1 : least }),
    ...(most === undefined ? {} : { maximum: asked.get("exclusiveMaximum") === true ? most - 1 : most }),
    ...(asked.get("number") === "integer" ? { isWhole: true } : {}),
    ...(isPattern(pattern) ? { pattern: pattern.source } : {})
  }
}

const isPattern = (pattern: unknown): pattern is { readonly source: string } =>
  typeof pattern === "object" && pattern !== null && "source" in pattern && typeof pattern.source === "string"

const numberOf = ({ isWhole, maximum, minimum }: Bounds): fc.Arbitrary<number> => {
  if (isWhole === true) return fc.integer({ min: minimum ?? 0, max: maximum ?? MAX_INT })
  const [min, max] = [minimum ?? -Number.MAX_VALUE, maximum ?? Number.MAX_VALUE]
  // -0 is 0 in JSON
  return fc.double({ noNaN: true, min, max }).map((number) => number + 0)
}

const stringOf = ({ maximum, minimum, pattern }: Bounds): fc.Arbitrary<string> => {
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern))
  const text = (minimum ?? 0) > 0 ? HostileText.meaningful : HostileText.text
  return maximum === undefined ? text : text.map((typed) => typed.slice(0, maximum))
}
