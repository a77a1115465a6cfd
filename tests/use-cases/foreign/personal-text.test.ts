import { Effect } from "effect"
import fc from "fast-check"
import { DeskStore } from "leadline/ports"
import { changePhone, createLead, drainDeskBridge, endChat, notifySales } from "leadline/use-cases"
import { describe, expect, it } from "vitest"
import { account, chatId } from "../crm/World.ts"
import { agentAt, chatting, visitorAt } from "../panel/Chats.ts"
import { Books, bridgeFor, cast, runForeign } from "./Foreign.ts"

/** Letters that no hexadecimal digest has. */
const marks = fc.string({ unit: fc.constantFrom("v", "w", "x", "y", "z"), minLength: 8, maxLength: 12 })
const c = { chatId: chatId("c") }

describe("personal text on its way to a foreign CRM", () => {
  it("is in no event, no request, no answer of the desk; keys are, until the lead is found by every search (J4)", () =>
    fc.assert(
      fc.asyncProperty(marks, fc.boolean(), (mark, isLost) =>
        runForeign(
          Effect.gen(function* () {
            yield* cast
            yield* chatting("c", { email: `${mark}@example.com`, name: mark, phone: "+1 212 555 2368", says: mark })
            const desk = yield* DeskStore
            const kept: Array<unknown> = []
            const claims: Array<string> = []
            const watched = DeskStore.of({
              ...desk,
              commit: (of, change) => {
                for (const { key, value } of change.put) {
                  const { evidence: _, ...wanted } = { evidence: null, ...("wanted" in value ? value.wanted : {}) }
                  if (key.kind === "leadClaim") claims.push(key.id)
                  kept.push(key.kind === "chat" ? key : "wanted" in value ? { ...value, wanted } : value)
                }
                kept.push(change.events, change.remember)
                return desk.commit(of, change)
              }
            })
            const crm = yield* Books
            crm.befall((call, number) => (isLost && /add|pin/.test(call) && number % 2 === 0 ? "lost" : "well"))
            yield* Effect.gen(function* () {
              const key = (name: string) => agentAt("a1", name)
              kept.push(yield* Effect.result(createLead(key("1"), { ...c, note: mark })))
              yield* bridgeFor(6)
              kept.push(yield* Effect.result(notifySales(key("2"), { ...c, text: mark })))
              kept.push(yield* Effect.result(changePhone(key("3"), { ...c, phone: "+1 212 555 9999" })))
              yield* endChat(visitorAt("v-c"), c)
              crm.befall(() => "well")
              yield* bridgeFor(6)
              yield* drainDeskBridge(account)
            }).pipe(Effect.provideService(DeskStore, watched))
            expect(JSON.stringify([...crm.books.folk.values()])).toContain(mark)
            expect(kept.length).toBeGreaterThan(20)
            expect(JSON.stringify(kept)).not.toContain(mark)
            expect(JSON.stringify(kept)).not.toMatch(/555.?(2368|9999)/)
            const ids = [...new Set(claims)].filter((id) => id.includes(mark))
            expect(ids.length).toBe(1)
            const left = yield* desk.get(
              account,
              ids.map((id) => ({ kind: "leadClaim" as const, id }))
            )
            expect(left.map(({ value }) => value)).toEqual([null])
            const [claim] = yield* desk.get(account, [{ kind: "leadClaim", id: "chat/c" }])
            const [request] = yield* desk.get(account, [{ kind: "crmRequest", id: claim.value?.requestId ?? "" }])
            expect(request.value?.state._tag).toBe("Made")
            expect(JSON.stringify(request.value)).not.toContain(mark)
            expect(
              JSON.stringify(yield* desk.log(account, 0, 10_000).pipe(Effect.map(({ entries }) => entries)))
            ).not.toContain(mark)
          })
        )
      ),
      { numRuns: 10 }
    ))
})
