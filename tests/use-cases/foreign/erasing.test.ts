import { it } from "@effect/vitest"
import { Effect } from "effect"
import { Actor } from "leadline"
import { DeskStore, type Key } from "leadline/ports"
import { createLead, drainDeskBridge, drainErasures, erasePerson, importChats, readErasure } from "leadline/use-cases"
import { describe, expect } from "vitest"
import { account, chatId } from "../crm/World.ts"
import { agentAt, agentId, chatting, visitorId } from "../panel/Chats.ts"
import { Books, bridgeFor, cast, foreign } from "./Foreign.ts"

const service = { account, actor: Actor.service("erase"), surface: "api" } as const

describe("erasing somebody of whom a foreign CRM was asked", () => {
  it.effect.each([
    ["made", "well"],
    ["still being asked for", "down"]
  ] as const)("leaves no address in claims and requests, whether the lead was %s (J4)", ([, fate]) =>
    foreign(
      Effect.gen(function* () {
        yield* cast
        yield* chatting("c", { email: "zoe@secret.example", phone: "+1 212 555 2368", says: "hello" })
        const desk = yield* DeskStore
        const keys = new Map<string, Key<never>>()
        const watched = DeskStore.of({
          ...desk,
          commit: (of, change) => {
            for (const { key } of change.put) keys.set(JSON.stringify(key), key as never)
            return desk.commit(of, change)
          }
        })
        const crm = yield* Books
        yield* Effect.gen(function* () {
          if (fate === "down") crm.befall((call) => (call.startsWith("add") ? "down" : "well"))
          yield* Effect.result(createLead(agentAt("a1"), { chatId: chatId("c"), note: "a note" }))
          expect([...keys.keys()].join()).toContain("secret.example")
          const { erasureId } = yield* erasePerson(service, { visitorIds: [visitorId("v-c")], emails: [], records: [] })
          yield* drainErasures(account)
          const { places } = yield* readErasure(service, { erasureId })
          expect(places).toMatchObject({ contents: { _tag: "Erased" }, crm: { _tag: "Unsupported" } })
        }).pipe(Effect.provideService(DeskStore, watched))
        const left = (yield* desk.get(account, [
          ...keys.values()
        ] as unknown as ReadonlyArray<never>)) as ReadonlyArray<{
          readonly value: unknown
        }>
        const dump = JSON.stringify(left.filter(({ value }) => value !== null))
        expect(dump).not.toContain("secret.example")
        expect(dump).not.toContain("2125552368")
        crm.befall(() => "well")
        yield* bridgeFor(3)
        yield* drainDeskBridge(account)
        const prospects = [...crm.books.folk.values()].filter(({ sort }) => sort === "prospect")
        expect(prospects).toHaveLength(fate === "well" ? 1 : 0)
      })
    )
  )

  it.effect("takes no chats of theirs from the past while it runs (J4)", () =>
    foreign(
      Effect.gen(function* () {
        yield* cast
        yield* chatting("c", { email: "zoe@secret.example" })
        yield* erasePerson(service, { visitorIds: [visitorId("v-c")], emails: [], records: [] })
        const past = {
          id: chatId("old"),
          visitor: { id: visitorId("v-c"), name: null, email: "zoe@secret.example", phone: null },
          department: null,
          servedBy: [agentId("a1")],
          messages: [],
          tags: [],
          rating: null,
          startedAt: 0,
          endedAt: 0,
          outcome: "served"
        }
        const [refused] = yield* importChats(service, [past as never])
        expect(refused).toMatchObject({ _tag: "Refused", refusal: { _tag: "BeingErased" } })
      })
    )
  )
})
