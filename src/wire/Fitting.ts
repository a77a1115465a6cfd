import type { Schema, SchemaAST } from "effect"

type Test = (value: unknown) => boolean

/**
 * Whether a JSON value is already what a schema describes, no key more and no key less, so that decoding would give it
 * back as it is. For what our own code stored that is all there is to find out, in a tenth of the time that a decoder
 * takes. `false` says nothing: the decoder has the word, and the reasons. It always is where a schema changes values, or
 * has parts that this function does not know.
 */
export const fitting = (schema: Schema.Top): Test => testOf(schema.ast)

/** By node: schemas refer to themselves, and share parts. */
const known = new WeakMap<SchemaAST.AST, Test>()

const testOf = (ast: SchemaAST.AST): Test => {
  const made = known.get(ast)
  if (made !== undefined) return made
  const test = checked(ast)
  known.set(ast, test)
  return test
}

const never: Test = () => false

const checked = (ast: SchemaAST.AST): Test => {
  if (ast.encoding !== undefined) return never
  const test = shaped(ast)
  const filters = filtersOf(ast.checks ?? [])
  if (filters.length === 0) return test
  return (value) => {
    if (!test(value)) return false
    for (const filter of filters) if (filter.run(value, ast, {}) !== undefined) return false
    return true
  }
}

const filtersOf = (checks: ReadonlyArray<SchemaAST.Check<unknown>>): ReadonlyArray<SchemaAST.Filter<unknown>> =>
  checks.flatMap((check) => (check._tag === "Filter" ? [check] : filtersOf(check.checks)))

const shaped = (ast: SchemaAST.AST): Test => {
  switch (ast._tag) {
    case "String":
      return (value) => typeof value === "string"
    case "Number":
      return (value) => typeof value === "number"
    case "Boolean":
      return (value) => typeof value === "boolean"
    case "Null":
      return (value) => value === null
    case "Literal":
      return (value) => value === ast.literal
    case "Union":
      return ast.options?.mode === "oneOf" || ast.encodingChecks !== undefined ? never : anyOf(ast.types.map(testOf))
    case "Arrays":
      return arrayOf(ast)
    case "Objects":
      return objectOf(ast)
    case "Suspend":
      return (value) => testOf(ast.thunk())(value)
    default:
      return never
  }
}

const anyOf =
  (tests: ReadonlyArray<Test>): Test =>
  (value) => {
    for (const test of tests) if (test(value)) return true
    return false
  }

const arrayOf = ({ elements, encodingChecks, rest }: SchemaAST.Arrays): Test => {
  const [item, ...more] = rest
  if (item === undefined || more.length > 0 || elements.length > 0 || encodingChecks !== undefined) return never
  const test = testOf(item)
  return (value) => {
    if (!Array.isArray(value)) return false
    for (const one of value) if (!test(one)) return false
    return true
  }
}

interface Field {
  readonly name: string
  readonly isOptional: boolean
  readonly test: Test
}

const objectOf = (ast: SchemaAST.Objects): Test => {
  const { encodingChecks, indexSignatures, propertySignatures } = ast
  if (encodingChecks !== undefined) return never
  if (indexSignatures.length > 0) return propertySignatures.length > 0 ? never : recordOf(indexSignatures)
  const fields = propertySignatures.map(
    ({ name, type }): Field => ({
      name: String(name),
      isOptional: type.context?.isOptional === true,
      test: testOf(type)
    })
  )
  return (value) => {
    if (!isObject(value)) return false
    let size = 0
    for (const { isOptional, name, test } of fields) {
      const part = value[name]
      if (part === undefined && isOptional) continue
      if (!test(part)) return false
      size++
    }
    for (const _ in value) size--
    return size === 0
  }
}

const recordOf = ([first, ...more]: ReadonlyArray<SchemaAST.IndexSignature>): Test => {
  if (first === undefined || more.length > 0) return never
  const { parameter, type } = first
  if (parameter._tag !== "String" || parameter.checks !== undefined || parameter.encoding !== undefined) return never
  const test = testOf(type)
  return (value) => {
    if (!isObject(value)) return false
    for (const name in value) if (!test(value[name])) return false
    return true
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)
