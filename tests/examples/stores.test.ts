import { execFile } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import { PgClient } from "@effect/sql-pg"
import { Effect, Layer, Redacted } from "effect"
import { pool } from "leadline/postgres"
import { nanoid } from "nanoid"
import { afterAll, describe, expect, inject, it } from "vitest"
import { serving } from "../../examples/04-over-http/Server.ts"
import { url } from "../adapters/postgres/Stores.ts"
import { run } from "./Run.ts"

const folder = mkdtempSync(join(tmpdir(), "leadline-stores-"))
const schema = `t_${nanoid(12).replaceAll("-", "_")}`
const expected: unknown = JSON.parse(
  readFileSync(new URL("../../examples/02-replay/data/expected.json", import.meta.url), "utf8")
)

afterAll(async () => {
  rmSync(folder, { recursive: true })
  const drop = Effect.flatMap(PgClient.PgClient, (sql) =>
    sql.unsafe(`drop schema if exists ${schema}, ${schema}_far cascade`)
  )
  await Effect.runPromise(Effect.provide(drop, Layer.orDie(pool({ url: url(), connections: 1 }))))
})

describe("programs that take --store", () => {
  it("give the same replay in memory, in an embedded PostgreSQL, in a folder, and on a server (K2)", () => {
    const server = inject("databaseUrl")
    for (const store of ["memory", "pglite", `pglite:${join(folder, "replay")}`, server]) {
      const { err, out, status } = run("02-replay", "--json", "--store", store, "--schema", schema)
      expect([err, status], store).toEqual(["", 0])
      expect(JSON.parse(out), store).toEqual(expected)
    }
  }, 60_000)

  it("give it through a server on PostgreSQL, whose stores they reach over HTTP (K2)", async () => {
    const remote = Effect.gen(function* () {
      const { tokens, url: at } = yield* serving(
        "--store",
        inject("databaseUrl"),
        "--schema",
        `${schema}_far`,
        "--no-drivers",
        "--account",
        "replay"
      )
      const token = tokens.get("a host of the account")
      const env = { ...process.env, LEADLINE_TOKEN: token === undefined ? "" : Redacted.value(token), NO_COLOR: "1" }
      const args = ["--conditions=leadline-source", "examples/02-replay/main.ts", "--json", "--store", at]
      return yield* Effect.promise(() => promisify(execFile)(process.execPath, args, { env }))
    })
    const { stderr, stdout } = await Effect.runPromise(Effect.scoped(remote))
    expect(stderr).toBe("")
    expect(JSON.parse(stdout)).toEqual(expected)
  }, 60_000)

  it("play the same demo, and say so where a store holds it already", () => {
    const story = (...store: ReadonlyArray<string>) =>
      // attempts that are decided again take ids, too
      run("01-walking-flow", "--store", ...store).out.replaceAll(/id-\d+/g, "id")
    const store = `pglite:${join(folder, "demo")}`
    expect(story(store)).toBe(story("memory"))
    const again = run("01-walking-flow", "--store", store)
    expect(again.status).toBe(1)
    expect(again.err).toContain("holds this story already: give it another --schema")
  }, 60_000)

  it("name the stores there are when they are given another", () => {
    for (const example of ["01-walking-flow", "02-replay"]) {
      const { err, status } = run(example, "--store", "mysql://there")
      expect(err).toContain("--store memory | pglite | pglite:FOLDER | postgres://")
      expect(status).toBe(1)
    }
  })
})
