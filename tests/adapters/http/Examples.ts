import { OpenApi } from "effect/http-api"
import { Api } from "leadline/http"

/** As much of JSON Schema as the document uses. */
export interface JsonSchema {
  readonly $ref?: string
  readonly type?: string
  readonly enum?: ReadonlyArray<unknown>
  readonly const?: unknown
  readonly anyOf?: ReadonlyArray<JsonSchema>
  readonly oneOf?: ReadonlyArray<JsonSchema>
  readonly allOf?: ReadonlyArray<JsonSchema>
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: ReadonlyArray<string>
  readonly items?: JsonSchema | false
  readonly prefixItems?: ReadonlyArray<JsonSchema>
  readonly minimum?: number
}

interface Operation {
  readonly operationId: string
  readonly parameters?: ReadonlyArray<{
    readonly name: string
    readonly in: string
    readonly required: boolean
    readonly schema: JsonSchema
  }>
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: JsonSchema }>> }
  readonly responses: Readonly<Record<string, object>>
}

const document = OpenApi.fromApi(Api)
const schemas = document.components.schemas as Readonly<Record<string, JsonSchema>>

/** Every operation of the document. */
export const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item as Readonly<Record<string, Operation>>).map(([method, operation]) => ({
    ...operation,
    path,
    method: method.toUpperCase()
  }))
)

const resolved = ({ $ref, ...schema }: JsonSchema): JsonSchema =>
  $ref === undefined ? schema : (schemas[$ref.replace("#/components/schemas/", "")] ?? {})

/** The smallest value that a schema takes: what is required, the first of several, no items. */
export const exampleOf = (given: JsonSchema): unknown => {
  const schema = resolved(given)
  if (schema.const !== undefined) return schema.const
  if (schema.enum !== undefined) return schema.enum[0]
  const [first] = schema.anyOf ?? schema.oneOf ?? schema.allOf ?? []
  if (first !== undefined) return exampleOf(first)
  switch (schema.type) {
    case "object":
      return Object.fromEntries(
        (schema.required ?? []).map((name) => [name, exampleOf(schema.properties?.[name] ?? {})])
      )
    case "array":
      return (schema.prefixItems ?? []).map(exampleOf)
    case "integer":
    case "number":
      return Math.max(1, schema.minimum ?? 1)
    case "boolean":
      return true
    case "null":
      return null
    default:
      return "x1"
  }
}

/** The smallest request of an operation, as `fetch` takes it; `known`: what paths are to name. */
export const requestOf = (
  { method, parameters = [], path, requestBody }: (typeof operations)[number],
  known: Readonly<Record<string, string>> = {}
) => {
  const query = new URLSearchParams()
  let at = path
  for (const { in: place, name, required, schema } of parameters) {
    if (place === "path") at = at.replace(`{${name}}`, encodeURIComponent(known[name] ?? String(exampleOf(schema))))
    if (place === "query" && required) query.set(name, String(exampleOf(schema)))
  }
  const body = requestBody?.content["application/json"]
  return {
    path: query.size === 0 ? at : `${at}?${query}`,
    init: body === undefined ? { method } : { method, body: JSON.stringify(exampleOf(body.schema)) }
  }
}
