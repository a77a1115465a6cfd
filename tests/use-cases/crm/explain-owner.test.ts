import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { OwnerExplanation } from "leadline"
import {
  convertLead,
  createLead,
  dealLead,
  deletePool,
  deleteRecord,
  explainOwner,
  saveRecord,
  saveUser
} from "leadline/use-cases"
import { agentAt, agentOf, chatting, hire, settle, userAt, visitorAt, world } from "../panel/Chats.ts"
import {
  chatId,
  importer,
  lead,
  person,
  poolId,
  poolOf,
  recordId,
  saveRecords,
  saveUsers,
  user,
  userId
} from "./World.ts"

/** Agent `a1` makes a lead that the pool `p` of `u1`, `u2`, `u3` deals; `u1` is not active. */
const dealt = Effect.gen(function* () {
  yield* poolOf("p", "u1", "u2", "u3")
  yield* saveUser(importer, user("u1", { isActive: false }))
  yield* settle({ leadOwners: [{ _tag: "Pool", poolId: poolId("p") }] })
  yield* hire(agentOf("a1"))
  const made = yield* chatting("c", { email: "ann@example.com", name: "Ann Lee" })
  return yield* createLead(agentAt("a1"), { chatId: made })
})

const said = (...asked: Parameters<typeof explainOwner>) =>
  Effect.map(explainOwner(...asked), OwnerExplanation.sentence)

describe("explaining an owner", () => {
  it.effect("says why this user, and who was passed over and why, with names, as decided then (F4)", () =>
    world(
      Effect.gen(function* () {
        const { lead } = yield* dealt
        const expected = {
          _tag: "Decided",
          lead,
          owner: { userId: "u2", name: "u2 (user)" },
          decision: {
            owner: { userId: "u2", name: "u2 (user)" },
            reason: { _tag: "Dealt", poolId: "p", picked: false },
            pool: { poolId: "p", name: "p" },
            passedOver: [{ userId: "u1", name: "u1 (user)", reason: "inactive" }]
          },
          earlier: []
        }
        expect(yield* explainOwner(importer, { lead })).toEqual(expected)
        yield* saveUser(importer, user("u1"))
        yield* saveUser(importer, user("u2", { isActive: false }))
        expect(yield* explainOwner(importer, { lead })).toEqual(expected)
        yield* deletePool(importer, { poolId: poolId("p") })
        expect(yield* explainOwner(importer, { lead })).toEqual({
          ...expected,
          decision: { ...expected.decision, pool: { poolId: "p", name: null } }
        })
      })
    )
  )

  it.effect("follows the lead when it is dealt again (F2, F4)", () =>
    world(
      Effect.gen(function* () {
        const { lead } = yield* dealt
        yield* dealLead(importer, { lead, poolId: poolId("p") })
        expect(yield* said(importer, { lead })).toBe(
          "u3 (user) owns this lead: it was their turn in the pool p, which was picked."
        )
        for (const id of ["u1", "u2", "u3"]) yield* saveUser(importer, user(id, { isActive: false }))
        yield* saveUsers(user("boss"), user("other"))
        yield* dealLead(importer, { lead, poolId: poolId("p") })
        expect(yield* said(importer, { lead })).toBe(
          "boss (user) owns this lead: nobody in the pool p was active, and of the topmost managers they come first. " +
            "Passed over: u1 (user) (not active), u2 (user) (not active), u3 (user) (not active), " +
            "other (user) (another topmost manager comes first)."
        )
        expect(yield* explainOwner(importer, { lead })).toMatchObject({
          earlier: [
            { owner: { userId: "u2" }, passedOver: [{ userId: "u1" }] },
            { owner: { userId: "u3" }, passedOver: [] }
          ]
        })
      })
    )
  )

  it.effect("is asked for by the chat as well; a chat without a lead has no owner to explain (F4)", () =>
    world(
      Effect.gen(function* () {
        const { lead } = yield* dealt
        const byChat = yield* explainOwner(importer, { chatId: chatId("c") })
        expect(byChat).toEqual(yield* explainOwner(importer, { lead }))
        expect(byChat).toMatchObject({ lead, decision: { owner: { userId: "u2" } } })
        const none = yield* chatting("d", { email: "nobody@example.com" })
        expect(yield* Effect.flip(explainOwner(importer, { chatId: none }))).toEqual({
          _tag: "NoLeadMade",
          chatId: "d"
        })
      })
    )
  )

  it.effect("says so where nothing was decided, and where somebody chose another owner since (F4)", () =>
    world(
      Effect.gen(function* () {
        yield* saveUsers(user("owner"))
        yield* poolOf("p", "u1")
        yield* saveRecords(lead("l1", []))
        const asked = { lead: recordId("l1") }
        expect(yield* said(importer, asked)).toBe("owner (user) owns this lead: it came with this owner.")
        yield* dealLead(importer, { ...asked, poolId: poolId("p") })
        yield* saveRecord(importer, lead("l1", []))
        expect(yield* explainOwner(importer, asked)).toMatchObject({
          _tag: "ChangedSince",
          owner: { userId: "owner" },
          decision: { owner: { userId: "u1" } }
        })
      })
    )
  )

  it.effect("answers whom the record answers, of a converted lead too, not of a deleted one (J1, A5, E2)", () =>
    world(
      Effect.gen(function* () {
        const { lead } = yield* dealt
        yield* saveUsers(user("owner"), user("blind", { visibility: "own" }))
        yield* settle({ accessToCrmData: "crmUsersOnly" })
        const asked = { lead }
        expect(yield* Effect.flip(explainOwner(userAt("blind"), asked))).toMatchObject({ _tag: "RecordHidden" })
        expect(yield* explainOwner(userAt("u2"), asked)).toMatchObject({ _tag: "Decided" })
        expect(yield* Effect.flip(explainOwner(agentAt("a1"), asked))).toMatchObject({ reason: "noCrmAccess" })
        expect(yield* Effect.flip(explainOwner(visitorAt("v-c"), asked))).toMatchObject({ reason: "noCrmAccess" })
        yield* saveRecords(person("p1", []))
        yield* convertLead(importer, { lead, to: { kind: "person", id: recordId("p1") } })
        expect(yield* explainOwner(importer, asked)).toMatchObject({ _tag: "Decided", owner: { userId: userId("u2") } })
        yield* saveRecords(leadGone)
        yield* deleteRecord(importer, { record: { kind: "lead", id: recordId("gone") } })
        for (const id of ["gone", "never"]) {
          const refused = yield* Effect.flip(explainOwner(importer, { lead: recordId(id) }))
          expect(refused).toEqual({ _tag: "RecordNotFound", record: { kind: "lead", id } })
        }
      })
    )
  )
})

const leadGone = lead("gone", [])
