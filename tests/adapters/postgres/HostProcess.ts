import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process"
import { mkdirSync, rmSync } from "node:fs"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import type { Notice } from "leadline"
import { build } from "tsup"
import type { Ask, Say, Start } from "./host/Wire.ts"
import type { Progress } from "./Script.ts"

/** Inside the package, so that the host finds the SQL files as a host does that has leadline installed. */
const cache = fileURLToPath(new URL("../../.cache/", import.meta.url))

/**
 * The host's program in one file: starts in 0.2 s instead of 2.5 s, of which a test that kills fifty would die itself.
 * Each test file makes its own, for it may run beside others.
 */
export const hostProgram = async () => {
  const folder = join(cache, `host-${process.pid}-${Date.now()}`)
  mkdirSync(folder, { recursive: true })
  await build({
    entry: { host: fileURLToPath(new URL("host/Main.ts", import.meta.url)) },
    outDir: folder,
    format: "esm",
    outExtension: () => ({ js: ".mjs" }),
    target: "node22",
    platform: "node",
    noExternal: [/.*/],
    splitting: false,
    config: false,
    silent: true,
    esbuildOptions: (options) => {
      options.conditions = ["leadline-source"]
    }
  })
  return { file: join(folder, "host.mjs"), remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** A host in a process of its own. */
export class HostProcess {
  /** How far lanes have come: each step was acknowledged. */
  readonly progress = new Map<number, Progress>()
  acknowledged = 0
  readonly notices: Array<Notice.Notice> = []
  readonly ready: Promise<void>
  private readonly child: ChildProcessWithoutNullStreams
  private readonly ended: Promise<void>
  private readonly waiting = new Map<number, (said: Extract<Say, { readonly ask: number }>) => void>()
  private asked = 0
  private complaints = ""

  constructor(file: string, start: Start) {
    const program = [file, JSON.stringify(start)]
    this.child = spawn(process.execPath, program, {
      env: { ...process.env, NODE_COMPILE_CACHE: join(file, "../cache") }
    })
    this.child.stderr.on("data", (chunk) => {
      this.complaints = `${this.complaints}${chunk}`.slice(-5000)
    })
    this.child.stdin.on("error", () => undefined)
    const lines = createInterface({ input: this.child.stdout })
    // after its last line, not only after its end
    this.ended = new Promise((resolve) => lines.once("close", () => resolve()))
    this.ready = new Promise((resolve, reject) => {
      lines.on("line", (line) => this.hear(JSON.parse(line) as Say, resolve))
      void this.ended.then(() => reject(new Error(`the host ended: ${this.complaints}`)))
    })
    this.ready.catch(() => undefined)
  }

  /** Asks the host, which must be ready. */
  async ask<Answer>(ask: Ask): Promise<Answer> {
    const number = this.asked++
    this.child.stdin.write(`${JSON.stringify(ask)}\n`)
    const said = await Promise.race([
      new Promise<Extract<Say, { readonly ask: number }>>((resolve) => this.waiting.set(number, resolve)),
      this.ended.then(() => ({ _tag: "Failed" as const, ask: number, error: `the host ended: ${this.complaints}` }))
    ])
    if (said._tag === "Failed") throw new Error(said.error)
    return said.answer as Answer
  }

  /** SIGKILL; what it had said by then is heard. */
  async kill(): Promise<void> {
    this.child.kill("SIGKILL")
    await this.ended
  }

  private hear(said: Say, ready: () => void): void {
    if (said._tag === "Ready") ready()
    else if (said._tag === "Told") this.notices.push(said.notice)
    else if (said._tag === "Acknowledged") {
      this.acknowledged++
      this.progress.set(said.lane, said.next)
    } else this.waiting.get(said.ask)?.(said)
  }
}
