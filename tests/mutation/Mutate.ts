/**
 * `npm run mutate`: mutation testing of src/domain, folder by folder, with Stryker. Its package is installed by the first run.
 *
 * `-- --only src/domain/chat` takes one folder, or a file; `-- --use-cases` takes src/use-cases/execution by the tests of
 * the use cases.
 *
 * @module
 */
import { spawnSync } from "node:child_process"
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"

const here = fileURLToPath(new URL(".", import.meta.url))
const root = fileURLToPath(new URL("../..", import.meta.url))

interface Result {
  readonly files: Readonly<Record<string, { readonly mutants: ReadonlyArray<{ readonly status: string }> }>>
}

const { values } = parseArgs({ options: { only: { type: "string" }, "use-cases": { type: "boolean" } } })

const folders = () => {
  if (values.only !== undefined) return [values.only.replace(/\/$/, "")]
  if (values["use-cases"] === true) return ["src/use-cases/execution"]
  return readdirSync(`${root}src/domain`).map((name) => `src/domain/${name}`)
}

const run = (command: string, args: ReadonlyArray<string>, cwd: string, env: NodeJS.ProcessEnv = {}): number =>
  spawnSync(command, args, { cwd, stdio: "inherit", env: { ...process.env, ...env } }).status ?? 1

if (!existsSync(`${here}node_modules`) && run("npm", ["ci"], here) !== 0) process.exit(1)

/** decision: routing is the slowest to test of all use cases, and execution is covered without it. */
const tests =
  values["use-cases"] === true ? "tests/use-cases/execution,tests/use-cases/chat" : "tests/domain,tests/properties"

const score = (path: string): { readonly killed: number; readonly all: number } => {
  const { files } = JSON.parse(readFileSync(path, "utf8")) as Result
  const statuses = Object.values(files).flatMap(({ mutants }) => mutants.map(({ status }) => status))
  const counted = statuses.filter(
    (status) => status !== "Ignored" && status !== "CompileError" && status !== "RuntimeError"
  )
  return { killed: counted.filter((status) => status === "Killed" || status === "Timeout").length, all: counted.length }
}

const lines: Array<string> = []
let [killed, all] = [0, 0]
for (const path of folders()) {
  const mutate = statSync(`${root}${path}`).isDirectory() ? `${path}/*.ts` : path
  const stryker = `${here}node_modules/@stryker-mutator/core/bin/stryker.js`
  run(process.execPath, [stryker, "run", "tests/mutation/stryker.config.json", "--mutate", mutate], root, {
    MUTATION_TESTS: tests
  })
  const one = score(`${here}reports/mutation.json`)
  killed += one.killed
  all += one.all
  lines.push(`${path.padEnd(28)} ${String(one.killed).padStart(5)} of ${String(one.all).padStart(5)}`)
}

console.log([...lines, `${killed} of ${all} mutants died: ${((killed / all) * 100).toFixed(1)} %`].join("\n"))
process.exitCode = killed / all >= 0.9 ? 0 : 1
