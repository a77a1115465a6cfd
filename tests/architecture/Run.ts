import { spawnSync } from "node:child_process"
import { mkdirSync, rmSync } from "node:fs"
import { root } from "./Source.ts"

export interface Outcome {
  readonly status: number | null
  readonly output: string
}

/** Runs a script of the repository's own Node with the repository as working folder, in the plainest of terminals. */
export const runNode = (...args: ReadonlyArray<string>): Outcome => {
  const { FORCE_COLOR: _, NODE_OPTIONS: __, ...env } = process.env
  const done = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8", env: { ...env, NO_COLOR: "1" } })
  return { status: done.status, output: `${done.stdout}${done.stderr}${done.error?.message ?? ""}` }
}

export const runTsc = (...args: ReadonlyArray<string>): Outcome =>
  runNode("node_modules/@typescript/native/bin/tsc", ...args)

/** An empty folder under `tests/.cache`, inside the package, so that imports by its name resolve. */
export const emptyFolder = (name: string): string => {
  const path = `tests/.cache/${name}`
  rmSync(`${root}${path}`, { recursive: true, force: true })
  mkdirSync(`${root}${path}`, { recursive: true })
  return path
}
