import { type ChildProcess, spawn } from "node:child_process"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { Data, Effect, Redacted } from "effect"

const command = fileURLToPath(new URL("../../adapters/cli/main.ts", import.meta.url))

/** What `leadline serve` prints for whoever tries it out. */
export interface Serving {
  readonly url: string
  /** By whom they stand for: `an agent, ada`. */
  readonly tokens: ReadonlyMap<string, Redacted.Redacted>
}

class NotServed extends Data.TaggedError("NotServed")<{ readonly output: string }> {}

const LAST = "a host of the account"

const reading = (child: ChildProcess) =>
  Effect.callback<Serving, NotServed>((resume) => {
    const lines: Array<string> = []
    const tokens = new Map<string, Redacted.Redacted>()
    for (const input of [child.stdout, child.stderr]) {
      if (input === null) continue
      createInterface({ input }).on("line", (line) => {
        const who = lines.at(-1)?.trim() ?? ""
        lines.push(line)
        if (line.startsWith("    ey")) tokens.set(who, Redacted.make(line.trim()))
        if (!tokens.has(LAST)) return
        resume(Effect.succeed({ url: lines[0]?.replace("serving ", "") ?? "", tokens }))
      })
    }
    child.on("exit", () => resume(Effect.fail(new NotServed({ output: lines.join("\n") }))))
  })

const stopped = (child: ChildProcess) =>
  Effect.callback<void>((resume) => {
    if (child.exitCode !== null) return resume(Effect.void)
    child.once("exit", () => resume(Effect.void))
    child.kill("SIGTERM")
  })

/** `npx leadline serve`, on a port of its own, until the scope ends. */
export const serving = (...given: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    const child = yield* Effect.acquireRelease(
      Effect.sync(() =>
        spawn(process.execPath, ["--conditions=leadline-source", command, "serve", "--port", "0", ...given])
      ),
      stopped
    )
    return yield* reading(child)
  })
