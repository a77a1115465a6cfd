import { Redacted } from "effect"
import { afterAll, describe, expect, it } from "vitest"
import { runNode } from "../../architecture/Run.ts"
import { freshName, runAll } from "../postgres/Schema.ts"
import { url } from "../postgres/Stores.ts"

const schema = freshName()
const role = `${schema}_host`
const leadline = (...given: ReadonlyArray<string>) =>
  runNode("--conditions=leadline-source", "adapters/cli/main.ts", "migrate", ...given)

afterAll(() => runAll([`drop schema ${schema} cascade`, `drop owned by ${role}`, `drop role ${role}`]))

describe("leadline migrate", () => {
  it("says what is missing, brings the schema up to date, says what it did, and then that nothing is to do", {
    timeout: 60_000
  }, async () => {
    const database = Redacted.value(url())
    const missing = leadline(database, "--schema", schema, "--check")
    expect(missing.output).toContain("not migrated: misconfigured: 0001_tables is not applied yet")
    expect(missing.status).toBe(1)
    const first = leadline(database, "--schema", schema)
    expect(first.output).toMatch(/^PostgreSQL \d+\.\d+, schema t_/)
    expect(first.output).toMatch(/^ {2}applied {2}0001_tables {2}\(sha256 [0-9a-f]{12}\)$/m)
    expect(first.status, first.output).toBe(0)
    await runAll([`create role ${role}`])
    const second = leadline(database, "--schema", schema, "--role", role)
    expect(second.output).toContain("  nothing to do")
    expect(second.output).toContain(`  granted  grant usage on schema "${schema}" to "${role}"`)
    expect(second.status, second.output).toBe(0)
    expect(leadline(database, "--schema", schema, "--check")).toEqual({
      output: `schema ${schema} is up to date\n`,
      status: 0
    })
  })

  it("tells how it is used, and keeps the password to itself", { timeout: 60_000 }, () => {
    const wrong = leadline("mysql://me:secret@there/db")
    expect(wrong.output).toContain("one postgres:// URL, please")
    expect(wrong.status).toBe(2)
    const nobody = leadline("postgres://me:secret@127.0.0.1:1/db")
    expect(nobody.output).toContain("not migrated: ")
    expect(wrong.output + nobody.output).not.toContain("secret")
    expect(nobody.status).toBe(1)
  })
})
