import { expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { fuzz, unlimited } from "./fuzz/Fuzzing.ts"
import { servedWith } from "./Served.ts"

it.live(
  "whatever is sent, every answer is one that is described, and none is ours to blame (K3, RFC 9457)",
  () =>
    Effect.gen(function* () {
      const statuses = yield* fuzz({ requests: 1_500 })
      for (const status of [200, 400, 403, 404, 409, 415])
        expect([status, statuses.has(status)]).toEqual([status, true])
    }).pipe(Effect.provide(servedWith(unlimited))),
  60_000
)
