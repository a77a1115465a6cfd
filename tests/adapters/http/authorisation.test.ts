import { readFile, writeFile } from "node:fs/promises"
import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { Actor, Id } from "leadline"
import { CrmStore, DeskStore, SettingsStore } from "leadline/ports"
import * as UseCases from "leadline/use-cases"
import { operations, requestOf } from "./Examples.ts"
import { base, clientOf, servedWith, tokenOf } from "./Served.ts"

const file = new URL("authorisation.md", import.meta.url)
const account = Id.AccountId.make("acme")
const setup = { account, actor: Actor.service("setup"), surface: "api" } as const

const agent = (id: string, more: { readonly isEnabled?: boolean; readonly isChatAdministrator?: boolean } = {}) =>
  UseCases.saveAgent(setup, {
    ...{ id: Id.AgentId.make(id), displayName: id, email: `${id}@x.de`, userId: null, isEnabled: true },
    ...{ isChatAdministrator: false, departments: [], chatLimit: null },
    ...more
  })
const user = (id: string, isCrmAdministrator: boolean) =>
  UseCases.saveUser(setup, {
    ...{
      id: Id.UserId.make(id),
      name: id,
      email: `${id}@x.de`,
      isActive: true,
      reportsTo: null,
      isAccountOwner: false
    },
    ...{ isCrmAdministrator, teams: [], groups: [], visibility: "own" }
  })

/** Tokens of every kind of caller there is. */
const callers = Effect.gen(function* () {
  yield* agent("ada")
  yield* agent("boss", { isChatAdministrator: true })
  yield* agent("gone", { isEnabled: false })
  yield* user("olga", false)
  yield* user("root", true)
  const visitorId = Id.VisitorId.make("zoe")
  const { tokens } = yield* clientOf("service:shop")
  const visitor = yield* tokens.issue({ payload: { visitorId } })
  const url = yield* base
  const inChat = yield* Effect.promise(async () => {
    const headers = { authorization: `Bearer ${visitor.token}`, "content-type": "application/json" }
    const response = await fetch(`${url}/v1/visitor/chat`, { method: "POST", headers, body: "{}" })
    return (await response.json()) as { readonly token: string; readonly chatId: string }
  })
  const kinds = [
    ["nobody", null],
    ["visitor, no chat yet", visitor.token],
    ["visitor, in a chat", inChat.token],
    ["agent, disabled", yield* tokenOf("agent:gone")],
    ["agent", yield* tokenOf("agent:ada")],
    ["Chat administrator", yield* tokenOf("agent:boss")],
    ["user", yield* tokenOf("user:olga")],
    ["CRM administrator", yield* tokenOf("user:root")],
    ["service", yield* tokenOf("service:x")],
    ["host", yield* tokenOf("service:x", { scope: "host" })],
    ["agent of another account", yield* tokenOf("agent:ada", { account: "other" })]
  ] as const
  return { kinds, known: { chatId: inChat.chatId } }
})

/** What became of the smallest request: stopped for want of a token, for its kind, for its rights; or let in. */
const outcome = async (
  url: string,
  token: string | null,
  operation: (typeof operations)[number],
  known: Readonly<Record<string, string>>
) => {
  const { init, path } = requestOf(operation, known)
  const control = new AbortController()
  const response = await fetch(`${url}${path}`, {
    ...init,
    signal: control.signal,
    headers: { "content-type": "application/json", ...(token === null ? {} : { authorization: `Bearer ${token}` }) }
  })
  if (response.headers.get("content-type")?.startsWith("text/event-stream") === true) {
    control.abort()
    return "in"
  }
  const text = await response.text()
  if (response.status === 401) return "401"
  if (response.status !== 403) return "in"
  const { type } = JSON.parse(text) as { readonly type: string }
  return type === "/problems/WrongCaller" ? "kind" : "rights"
}

describe("who may do what", () => {
  it.live(
    "is the table that was read by a person: nothing outside it is allowed; UPDATE_MATRIX=1 writes it anew (J1–J3)",
    () =>
      Effect.gen(function* () {
        const url = yield* base
        const { kinds, known } = yield* callers
        const rows = yield* Effect.forEach(operations, (operation) =>
          Effect.gen(function* () {
            const cells = yield* Effect.forEach(kinds, ([, token]) =>
              Effect.promise(() => outcome(url, token, operation, known))
            )
            return `| ${operation.method} ${operation.path} | ${cells.join(" | ")} |`
          })
        )
        const head = ["| ", ...kinds.map(([name]) => `${name} `)].join("| ")
        const table = [`${head}|`, `|---${"|---".repeat(kinds.length)}|`, ...rows].join("\n")
        const text = `${preface}\n\n${table}\n`
        yield* Effect.promise(async () => {
          if (process.env.UPDATE_MATRIX === "1") await writeFile(file, text)
          expect(text).toBe(await readFile(file, "utf8"))
        })
      }).pipe(Effect.provide(servedWith(unlimited)))
  )

  it.live("is asked of the own account alone: whatever another account's host sends, nothing here changes (J2)", () =>
    Effect.gen(function* () {
      const url = yield* base
      const { known } = yield* callers
      const [desk, crm, settings] = [yield* DeskStore, yield* CrmStore, yield* SettingsStore]
      const logs = Effect.all([
        desk.log(account, 0, 9_999),
        crm.log(account, 0, 9_999),
        settings.log(account, 0, 9_999)
      ])
      const before = yield* logs
      const stranger = yield* tokenOf("service:x", { account: "other", scope: "host" })
      yield* Effect.forEach(operations, (operation) => Effect.promise(() => outcome(url, stranger, operation, known)))
      expect(yield* logs).toEqual(before)
    }).pipe(Effect.provide(servedWith(unlimited)))
  )
})

const unlimited = { perAddress: { burst: 1e6, perSecond: 1e6 }, perCaller: { burst: 1e6, perSecond: 1e6 } }

const preface = `# Who may do what

Made by \`authorisation.test.ts\`: the smallest request of every operation, by every kind of caller. **401**: no token.
**kind**: not for callers of this kind. **rights**: \`can()\` says no (J1). **in**: let in; what the use case then says of the
resource (not found, not in this state) is another matter. Users here see their own records only; the agent has no CRM
licence. Bans name the agent who made them, so that services lift them only.`
