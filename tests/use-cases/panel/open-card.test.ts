import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import type { RecordRef } from "leadline"
import { openCard, saveAgent } from "leadline/use-cases"
import {
  company,
  companyRef,
  importer,
  lead,
  leadRef,
  person,
  personRef,
  saveRecords,
  saveUsers,
  user,
  userId
} from "../crm/World.ts"
import { agentAt, agentOf, hire, settle, userAt, visitorAt, world } from "./Chats.ts"

const cards = { lead: "https://crm.example/leads/{id}?from={id}", person: "https://crm.example/p/{id}", company: null }

/** Agent `a1` has no CRM licence; `a2` is the user `u2`. */
const cast = Effect.gen(function* () {
  yield* saveUsers(user("owner"), user("u2"))
  yield* hire(agentOf("a1"), agentOf("a2", { userId: userId("u2") }))
  yield* settle({ cardUrls: cards })
  yield* saveRecords(lead("l", []), person("p", []), company("o", []))
})

describe("opening a card", () => {
  it.effect("gives the address that the template of the record's kind makes (E1, J3)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        const open = (record: RecordRef.MatchableRef) => openCard(agentAt("a2"), { record })
        expect(yield* open(leadRef("l"))).toEqual({ url: "https://crm.example/leads/l?from=l" })
        expect(yield* open(personRef("p"))).toEqual({ url: "https://crm.example/p/p" })
        expect(yield* Effect.flip(open(companyRef("o")))).toEqual({ _tag: "NoCardUrl", kind: "company" })
      })
    )
  )

  it.effect("escapes the id, so that it stays one part of the address (E1)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        const id = "a?b#c&d=%2F..$&é"
        yield* saveRecords(person(id, []))
        const { url } = yield* openCard(agentAt("a2"), { record: personRef(id) })
        expect(url).toBe(`https://crm.example/p/${encodeURIComponent(id)}`)
        const read = new URL(url)
        expect([read.search, read.hash, decodeURIComponent(read.pathname)]).toEqual(["", "", `/p/${id}`])
      })
    )
  )

  it.effect("needs a Chat licence and a CRM licence, both in force (J3)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        const denied = { _tag: "AccessDenied", action: "card.open", reason: "needsBothLicences" }
        const open = (caller: typeof importer) => openCard(caller, { record: leadRef("l") })
        for (const caller of [agentAt("a1"), agentAt("stranger"), userAt("u2"), visitorAt("v"), importer]) {
          expect(yield* Effect.flip(open(caller))).toEqual(denied)
        }
        yield* saveUsers(user("u2", { isActive: false }))
        expect(yield* Effect.flip(open(agentAt("a2")))).toEqual(denied)
        yield* saveUsers(user("u2"))
        yield* saveAgent(importer, agentOf("a2", { userId: userId("u2"), isEnabled: false }))
        expect(yield* Effect.flip(open(agentAt("a2")))).toEqual(denied)
        yield* saveAgent(importer, agentOf("a2", { userId: userId("u2") }))
        expect(yield* open(agentAt("a2"))).toMatchObject({ url: expect.stringContaining("/leads/l") })
      })
    )
  )

  it.effect("shows no address of a record the user may not see, whatever agents see in the panel (E2, J1)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* saveUsers(user("u2", { visibility: "own" }))
        const open = (id: string) => Effect.flip(openCard(agentAt("a2"), { record: leadRef(id) }))
        expect(yield* open("l")).toEqual({ _tag: "RecordHidden", record: leadRef("l") })
        expect(yield* open("none")).toEqual({ _tag: "RecordNotFound", record: leadRef("none") })
      })
    )
  )
})
