/**
 * `npm run bench`: Leadline against SQL by hand, against peers, and against itself on more data. See README.md.
 *
 * `-- --json` prints a line of JSON per case and baseline; `-- --only append.c16,core` takes cases by name or by what
 * their names begin with; `-- --quick` takes smaller sizes and fewer rounds; `-- --write` writes README.md's results.
 *
 * The peers are installed by the first run, so this module imports none of them.
 *
 * @module
 */
import { spawnSync } from "node:child_process"
import { existsSync, symlinkSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"

const here = fileURLToPath(new URL(".", import.meta.url))

const { values } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    only: { type: "string", default: "" },
    quick: { type: "boolean", default: false },
    write: { type: "boolean", default: false }
  }
})

if (!existsSync(`${here}node_modules/tinybench`)) {
  const installed = spawnSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
    cwd: here,
    stdio: ["ignore", 2, 2]
  })
  if (installed.status !== 0) process.exit(1)
}
// a package of its own cannot import the one around it by name, but for this
if (!existsSync(`${here}node_modules/leadline`)) symlinkSync("../../..", `${here}node_modules/leadline`, "dir")

const { run } = await import("./Run.ts")
const only = values.only.split(",").filter((name) => name !== "")
process.exitCode = await run({ isJson: values.json, isQuick: values.quick, writes: values.write, only })
// a connection that somebody forgot must not keep a finished benchmark alive
process.exit()
