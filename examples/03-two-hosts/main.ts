import { spawn } from "node:child_process"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { Console, Effect, Layer, Redacted } from "effect"
import { layer as postgres } from "leadline/postgres"
import { OwnCrm, setStatus } from "leadline/use-cases"
import { callers, hire } from "../01-walking-flow/Cast.ts"
import { beside } from "../01-walking-flow/Store.ts"
import * as Hosts from "./Hosts.ts"
import { server } from "./Server.ts"

/** `--store postgres://…`: an own server; `--schema`: where in it, a new one each time. `--host` is how this program starts its hosts. */
const { values } = parseArgs({
  options: {
    store: { type: "string" },
    schema: { type: "string", default: "leadline_two_hosts" },
    host: { type: "string" }
  }
})

const stores = (url: string) =>
  OwnCrm.layer.pipe(
    Layer.provideMerge(Layer.merge(postgres({ url: Redacted.make(url), schema: values.schema }), beside))
  )

/** This program once more, as a host in a process of its own. */
const hostProcess = (name: "website" | "desk", url: string) =>
  Effect.callback<void, string>((resume) => {
    const program = ["--conditions=leadline-source", fileURLToPath(import.meta.url)]
    const args = ["--host", name, "--store", url, "--schema", values.schema]
    const child = spawn(process.execPath, [...program, ...args], { stdio: "inherit" })
    child.once("exit", (code) => resume(code === 0 ? Effect.void : Effect.fail(`the ${name} host ended with ${code}`)))
    return Effect.sync(() => void child.kill())
  })

/** Both hosts know nothing of each other; what they share is the database. */
const main = Effect.gen(function* () {
  const url = values.store ?? (yield* server).url
  yield* Effect.provide(Effect.andThen(hire, setStatus(callers.ada, { status: "online" })), stores(url))
  yield* Console.log("two hosts, one database")
  yield* Effect.all([hostProcess("desk", url), hostProcess("website", url)], { concurrency: "unbounded" })
  yield* Console.log("both saw the same chat, in the same order")
})

const hosts: Record<string, Effect.Effect<void, unknown>> = {
  website: Effect.provide(Hosts.website, stores(values.store ?? "")),
  desk: Effect.provide(Hosts.desk, stores(values.store ?? ""))
}
const run: Effect.Effect<void, unknown> = hosts[values.host ?? ""] ?? Effect.scoped(main)

await Effect.runPromise(run).catch((error: unknown) => {
  console.error("the two hosts failed:", error)
  process.exitCode = 1
})
