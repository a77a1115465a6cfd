import { readFile, writeFile } from "node:fs/promises"
import { Validator } from "@seriousme/openapi-schema-validator"
import { HttpApi, OpenApi } from "effect/http-api"
import { Api, Callers } from "leadline/http"
import { describe, expect, it } from "vitest"

const file = new URL("../../../adapters/http/openapi.json", import.meta.url)
const generated = OpenApi.fromApi(Api)

interface Operation {
  readonly operationId: string
  readonly summary?: string
  readonly description?: string
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: object }>>
}
const operations = Object.entries(generated.paths).flatMap(([path, item]) =>
  Object.entries(item as Record<string, Operation>).map(([method, operation]) => ({ path, method, operation }))
)

describe("the OpenAPI document", () => {
  it("is the committed one; UPDATE_OPENAPI=1 writes it anew", async () => {
    const text = `${JSON.stringify(generated, null, 1)}\n`
    if (process.env.UPDATE_OPENAPI === "1") await writeFile(file, text)
    expect(text).toBe(await readFile(file, "utf8"))
  })

  it("is valid OpenAPI 3.1", async () => {
    const { errors, valid } = await new Validator().validate(JSON.parse(JSON.stringify(generated)))
    expect({ errors, valid }).toEqual({ errors: undefined, valid: true })
    expect(generated.openapi).toBe("3.1.0")
  })

  it("says of every operation what it does, and of every answer what it means", () => {
    expect(operations.length).toBeGreaterThan(80)
    for (const { method, operation, path } of operations) {
      const name = `${method} ${path}`
      expect([name, operation.summary, operation.description]).toEqual([name, expect.any(String), expect.any(String)])
      for (const [status, answer] of Object.entries(operation.responses)) {
        expect([name, status, answer.description]).toEqual([name, status, expect.stringMatching(/\S/)])
        const isProblem = Object.keys(answer.content ?? {}).includes("application/problem+json")
        expect([name, status, isProblem]).toEqual([name, status, Number(status) >= 400])
      }
    }
  })

  it("has every operation once, named by group and endpoint", () => {
    const names: Array<string> = []
    HttpApi.reflect(Api, {
      onGroup: () => {},
      onEndpoint: ({ endpoint, group, mergedAnnotations }) => {
        names.push(`${group.identifier}.${endpoint.identifier}`)
        expect(mergedAnnotations).toBeDefined()
        expect(Callers.key).toBe("leadline/http/Callers")
      }
    })
    expect(operations.map(({ operation }) => operation.operationId).toSorted()).toEqual(names.toSorted())
    expect(new Set(names).size).toBe(names.length)
  })
})
