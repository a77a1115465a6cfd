import fc from "fast-check"
import { HostileText } from "leadline/testing"
import { exampleOf, type JsonSchema, operations, requestOf } from "../Examples.ts"

/** A request that somebody might send who means no good, or whose program is broken. */
export interface Attack {
  readonly operation: (typeof operations)[number]
  readonly path: string
  readonly init: RequestInit
}

/** What breaks programs: wrong types, empty and huge, names that languages own, numbers at their ends. */
const hostile = fc.oneof(
  HostileText.text,
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom<unknown>(null, true, -1, 0, 1e308, -0, 2 ** 53, "", " ", "__proto__", "constructor", [], {}),
  fc.constantFrom<unknown>({ _tag: "__proto__" }, { _tag: "Lead" }, [[[[[[]]]]]], "x".repeat(70_000), "\u0000")
)

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** A body with one place, at any depth, replaced, dropped or added. */
const bent = (body: unknown): fc.Arbitrary<unknown> => {
  if (!isObject(body)) return hostile
  const names = Object.keys(body)
  const added = fc.tuple(fc.constantFrom("extra", "__proto__", "constructor", "toString"), hostile)
  const replaced = names.map((name) => fc.oneof(hostile, bent(body[name])).map((value) => ({ ...body, [name]: value })))
  const dropped = names.map((name) =>
    fc.constant(Object.fromEntries(Object.entries(body).filter(([at]) => at !== name)))
  )
  return fc.oneof(
    hostile,
    added.map(([name, value]) => ({ ...body, [name]: value })),
    ...replaced,
    ...dropped
  )
}

/** Optional members of a body, each with its smallest value or something hostile. */
const filled = (schema: JsonSchema, body: unknown): fc.Arbitrary<unknown> => {
  const optional = Object.entries(schema.properties ?? {}).filter(([name]) => !(schema.required ?? []).includes(name))
  if (!isObject(body) || optional.length === 0) return fc.constant(body)
  return fc
    .subarray(optional, { minLength: 1 })
    .chain((chosen) => fc.tuple(...chosen.map(([, member]) => fc.oneof(fc.constant(exampleOf(member)), hostile))))
    .map((values) => Object.assign({ ...body }, ...values.map((value, at) => ({ [optional[at]?.[0] ?? ""]: value }))))
}

const raw = fc.constantFrom(
  "",
  "{",
  "[1,",
  "null",
  '{"a":1,"a":2}',
  `${"[".repeat(5_000)}`,
  "\u0000",
  "a=1&b=2",
  "\ufeff{}"
)

const headers = fc.record(
  {
    "content-type": fc.constantFrom("application/json", "text/plain", "application/json; charset=latin1", "x"),
    "idempotency-key": fc.constantFrom("", "k", "k".repeat(300), "ключ"),
    "leadline-surface": fc.constantFrom("crm", "moon"),
    "if-match": fc.constantFrom('"1"', "*", 'W/"1"', "nonsense", '"99999999999999999999"'),
    "if-none-match": fc.constantFrom("*", 'W/"x"', ""),
    "last-event-id": fc.constantFrom("0", "-1", "1e9", "9".repeat(15), "x"),
    "accept-encoding": fc.constantFrom("gzip", "br;q=2", "*"),
    "x-request-id": fc.constantFrom("ok", "x".repeat(5_000)),
    "content-encoding": fc.constantFrom("gzip", "identity")
  },
  { requiredKeys: [] }
)

const ascii = (headers: Record<string, string>) =>
  Object.fromEntries(Object.entries(headers).filter(([, value]) => /^[\x20-\x7e]*$/.test(value)))

const parameter = fc.oneof(
  fc.constantFrom("x1", "lead", "person", "..", "%00", "%", "%2e%2e%2f", "a/b", "%E0%A4%A", "1", "__proto__"),
  HostileText.text.map((text) => encodeURIComponent(text.toWellFormed()).slice(0, 3_000))
)

const attackOn = (operation: (typeof operations)[number]): fc.Arbitrary<Attack> => {
  const schema = operation.requestBody?.content["application/json"]?.schema
  const example = schema === undefined ? undefined : exampleOf(schema)
  const body =
    schema === undefined
      ? fc.constant(undefined)
      : fc.oneof(
          fc.oneof(bent(example), filled(schema, example)).map((value) => JSON.stringify(value) ?? ""),
          raw
        )
  const params = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? "")
  const known = fc.option(fc.tuple(...params.map(() => parameter)), { nil: null })
  const names = (operation.parameters ?? []).flatMap(({ in: place, name }) => (place === "query" ? [name] : []))
  const query = fc.array(fc.tuple(fc.constantFrom(...names, "extra"), fc.oneof(parameter, fc.constant("true"))), {
    maxLength: 3
  })
  return fc.tuple(body, headers, known, query).map(([given, sent, replaced, asked]) => {
    const path =
      replaced === null
        ? requestOf(operation).path
        : params.reduce((at, name, place) => at.replace(`{${name}}`, replaced[place] ?? ""), operation.path)
    const search = asked.map(([name, value]) => `${name}=${value}`).join("&")
    return {
      operation,
      path: search === "" ? path : `${path}?${search}`,
      init: {
        method: operation.method,
        headers: { "content-type": "application/json", ...ascii(sent) },
        ...(given === undefined || operation.method === "GET" ? {} : { body: given })
      }
    }
  })
}

/** Requests on every operation, seldom as described. */
export const attack: fc.Arbitrary<Attack> = fc.constantFrom(...operations).chain(attackOn)

/** What is wrong with an answer; `null`: it is one that the document describes, or the server's own refusal. */
export const wrong = async ({ operation }: Attack, response: Response): Promise<string | null> => {
  const { status } = response
  const type = response.headers.get("content-type") ?? ""
  if (type.startsWith("text/event-stream")) {
    await response.body?.cancel()
    return status === 200 ? null : `a stream with status ${status}`
  }
  const text = await response.text()
  const isOfServer = [304, 404, 405, 413, 415].includes(status)
  if (!isOfServer && operation.responses[String(status)] === undefined)
    return `undescribed: ${status} ${text.slice(0, 300)}`
  if (status >= 500 && !(status === 503 && text.includes('"unsupported"'))) return `${status} ${text.slice(0, 300)}`
  if (status >= 400 && !type.startsWith("application/problem+json")) return `no problem: ${status} ${type}`
  if (status >= 400 && JSON.parse(text).status !== status) return `another status: ${status} ${text.slice(0, 200)}`
  if (status === 200 && type.startsWith("application/json")) JSON.parse(text)
  return null
}
