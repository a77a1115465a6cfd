import { GeneratorLaws } from "leadline/testing"
import { describe, expect, it } from "vitest"
import { publicSchemas } from "./PublicSchemas.ts"

/** Schemas without a generator, each with the reason. */
const without: Readonly<Record<string, string>> = {}

describe("generators", () => {
  it("exist for every public schema, by its name", () => {
    expect(publicSchemas.length).toBeGreaterThan(190)
    const missing = publicSchemas.filter(({ arbitrary, name }) => arbitrary === undefined && !(name in without))
    expect(missing.map(({ name }) => name)).toEqual([])
  })

  for (const { arbitrary, name, schema } of publicSchemas) {
    if (arbitrary === undefined) continue
    it(`of ${name} keep the laws: values decode, shrink to valid ones, repeat, vary`, () => {
      expect(GeneratorLaws.check({ arbitrary, schema }, { runs: 25 })).toEqual([])
    })
  }
})
