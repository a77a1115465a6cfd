import { spawn } from "node:child_process"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { receiving } from "../http/Receiver.ts"

const root = fileURLToPath(new URL("../../../", import.meta.url))

/** `leadline serve` in a process of its own, until the scope ends: its address, and the token of a service. */
const serving = (...given: ReadonlyArray<string>) =>
  Effect.acquireRelease(
    Effect.promise(
      () =>
        new Promise<{ readonly url: string; readonly token: string; readonly stop: () => Promise<unknown> }>(
          (resolve) => {
            const command = ["--conditions=leadline-source", "adapters/cli/main.ts", "serve", "--port", "0", ...given]
            const host = spawn(process.execPath, command, { cwd: root, stdio: ["ignore", "pipe", "ignore"] })
            const exited = new Promise((end) => host.once("exit", end))
            let said = ""
            host.stdout.on("data", (chunk: Buffer) => {
              said += chunk.toString()
              const found = /^serving (\S+)$.*^ {2}a service\n {4}(\S+)\n/ms.exec(said)
              if (found === null) return
              const stop = () => {
                host.kill("SIGTERM")
                return exited
              }
              resolve({ url: found[1] ?? "", token: found[2] ?? "", stop })
            })
          }
        )
    ),
    ({ stop }) => Effect.promise(stop)
  )

describe("leadline serve", () => {
  it.live(
    "--otlp sends a collector traces and metrics of what is done, and nothing that was said",
    () =>
      Effect.gen(function* () {
        const { got, port } = yield* receiving((_, response) => {
          response.writeHead(200, { "content-type": "application/json" }).end("{}")
        })
        const collector = `http://127.0.0.1:${port}`
        yield* Effect.scoped(
          Effect.gen(function* () {
            const { token, url } = yield* serving("--store", "memory", "--otlp", collector)
            yield* Effect.promise(async () => {
              const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" }
              const body = JSON.stringify({ visitorId: "zoe", name: "Zoe Secret", email: "zoe@secret.example" })
              const asked = await fetch(`${url}/v1/chats`, { method: "POST", headers, body })
              expect(asked.status).toBe(200)
            })
          })
        )
        const sent = (path: string) => got.filter((one) => one.path === path).map(({ body }) => body)
        expect(sent("/v1/traces").join("")).toContain('"name":"requestChat"')
        expect(sent("/v1/metrics").join("")).toContain("leadline_http_requests_total")
        expect(sent("/v1/logs").join("")).toContain("chats.request")
        expect(got.map(({ body }) => body).join("")).not.toMatch(/secret/i)
      }).pipe(Effect.scoped),
    60_000
  )
})
