import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("../../", import.meta.url))

/** Runs an example as its npm script does. */
export const run = (example: string, ...args: ReadonlyArray<string>) => {
  const done = spawnSync(process.execPath, ["--conditions=leadline-source", `examples/${example}/main.ts`, ...args], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined }
  })
  return { status: done.status, out: done.stdout, err: done.stderr }
}
