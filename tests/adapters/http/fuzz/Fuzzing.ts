import { Effect } from "effect"
import fc from "fast-check"
import { Id } from "leadline"
import { base, clientOf, tokenOf } from "../Served.ts"
import { type Attack, attack, wrong } from "./Fuzz.ts"

/** How many answers of which status there were. */
export type Statuses = ReadonlyMap<number, number>

/** Sends so many requests, as a host, an agent and a visitor; fails with the smallest one whose answer is wrong. */
export const fuzz = ({ requests, seed }: { readonly requests: number; readonly seed?: number }) =>
  Effect.gen(function* () {
    const url = yield* base
    const shop = yield* clientOf("service:shop")
    const visitor = yield* shop.tokens.issue({ payload: { visitorId: Id.VisitorId.make("zoe") } })
    yield* shop.agents.save({
      params: { agentId: Id.AgentId.make("ada") },
      headers: {},
      payload: {
        ...{ displayName: "Ada", email: "a@x.de", userId: null, isEnabled: true },
        ...{ isChatAdministrator: true, departments: [], chatLimit: null }
      }
    })
    const tokens = [yield* tokenOf("service:x", { scope: "host" }), yield* tokenOf("agent:ada"), visitor.token]
    const statuses = new Map<number, number>()
    const answered = async (sent: Attack, token: string) => {
      const headers = { ...(sent.init.headers as Record<string, string>), authorization: `Bearer ${token}` }
      const response = await fetch(`${url}${sent.path}`, { ...sent.init, headers })
      statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1)
      const found = await wrong(sent, response)
      if (found !== null) throw new Error(`${sent.init.method} ${sent.path} ${String(sent.init.body)}: ${found}`)
    }
    const settings = seed === undefined ? { numRuns: requests } : { numRuns: requests, seed }
    yield* Effect.promise(() =>
      fc.assert(fc.asyncProperty(attack, fc.constantFrom(...tokens), answered), { ...settings, verbose: 0 })
    )
    return statuses as Statuses
  })

export const unlimited = { perAddress: { burst: 1e6, perSecond: 1e6 }, perCaller: { burst: 1e6, perSecond: 1e6 } }
