import { describe, expect, it } from "@effect/vitest"
import { Effect, Result } from "effect"
import { Layout } from "leadline"
import { type Caller, previewLayout, publishLayout, readLayout, restoreLayout, saveFields } from "leadline/use-cases"
import { importer, saveUsers, user } from "../crm/World.ts"
import { agentAt, userAt, visitorAt, world } from "../panel/Chats.ts"
import { add, cast, custom, happened, move, ofPersons, one, published, remove, two } from "./Editors.ts"

describe("editing a layout", () => {
  it.effect("adds, moves and removes fields in a draft, with a preview on sample data; agents see nothing (I1)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        const added = yield* add(one, "size", 1)
        expect(added.draft).toMatchObject({ recordKind: "person", base: 0, changedBy: one.actor })
        expect(added.draft?.fields).toEqual(["name", "size", "email", "phone", "company", "owner"])
        expect(added.preview.fields.map((field) => field.fieldId)).toEqual(added.draft?.fields)
        expect(JSON.stringify(added.preview.fields[1]?.value)).toContain("Sample text")
        expect((yield* move(two, "owner", 0)).draft?.fields[0]).toBe("owner")
        expect((yield* remove(two, "phone")).draft?.fields).toEqual(["owner", "name", "size", "email", "company"])
        expect((yield* previewLayout(one, ofPersons)).fields.map((field) => field.fieldId)).toEqual([
          "owner",
          "name",
          "size",
          "email",
          "company"
        ])
        expect(yield* published).toEqual(Layout.defaults.person)
      })
    )
  )

  it.effect("refuses fields that are unknown, deleted, of another kind, there already, or not there (I2)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* saveFields(importer, { fields: [custom("tier", { isDeleted: true })] })
        for (const [id, reason] of [
          ["nothing", "unknown"],
          ["tier", "deleted"],
          ["onLeads", "notForKind"],
          ["status", "notForKind"]
        ] as const) {
          expect(yield* Effect.flip(add(one, id))).toEqual({
            _tag: "FieldNotAvailable",
            fieldId: id,
            recordKind: "person",
            reason
          })
        }
        expect(yield* Effect.flip(add(one, "email"))).toEqual({ _tag: "FieldAlreadyShown", fieldId: "email" })
        expect(yield* Effect.flip(remove(one, "size"))).toEqual({ _tag: "FieldNotShown", fieldId: "size" })
        expect(yield* Effect.flip(move(one, "size", 0))).toEqual({ _tag: "FieldNotShown", fieldId: "size" })
        expect(yield* happened).toEqual([])
      })
    )
  )

  it.effect("that changes nothing leaves no draft and says nothing (I1, K4)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        expect((yield* move(one, "name", 0)).draft).toBe(null)
        expect(yield* publishLayout(one, ofPersons)).toEqual(Layout.defaults.person)
        expect(yield* happened).toEqual([])
      })
    )
  )

  it.effect("of one kind leaves the other kinds alone (I1)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* add(one, "size")
        yield* publishLayout(one, ofPersons)
        for (const recordKind of ["lead", "company"] as const) {
          expect((yield* readLayout(one, { recordKind })).layout).toEqual(Layout.defaults[recordKind])
          expect((yield* publishLayout(one, { recordKind })).version).toBe(0)
        }
      })
    )
  )
})

describe("who changes layouts", () => {
  it.effect("CRM administrators, as users or as agents, and programs; nobody else (I1, J3)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        const denied = { _tag: "AccessDenied", action: "crm.administer", reason: "notCrmAdministrator" }
        const attempts = (caller: Caller) => [
          Effect.result(add(caller, "size")),
          Effect.result(previewLayout(caller, ofPersons)),
          Effect.result(publishLayout(caller, ofPersons)),
          Effect.result(restoreLayout(caller, { ...ofPersons, version: 0 }))
        ]
        for (const caller of [agentAt("a1"), agentAt("a3"), userAt("plain"), userAt("stranger"), visitorAt("v")]) {
          for (const attempt of attempts(caller)) expect(yield* attempt).toEqual(Result.fail(denied))
        }
        expect(yield* happened).toEqual([])
        for (const caller of [one, two, importer]) {
          yield* add(caller, "size")
          yield* publishLayout(caller, ofPersons)
          yield* remove(caller, "size")
          yield* publishLayout(caller, ofPersons)
        }
        yield* saveUsers(user("u1"), user("u2", { isCrmAdministrator: true, isActive: false }))
        for (const caller of [one, two]) {
          for (const attempt of attempts(caller)) expect(yield* attempt).toEqual(Result.fail(denied))
        }
      })
    )
  )

  it.effect("all staff may look at what is published; visitors and strangers may not (I1, J1)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        for (const caller of [agentAt("a1"), agentAt("a3"), userAt("plain"), one, importer]) {
          expect((yield* readLayout(caller, ofPersons)).layout).toEqual(Layout.defaults.person)
        }
        for (const caller of [visitorAt("v"), agentAt("stranger"), userAt("stranger")]) {
          expect(yield* Effect.flip(readLayout(caller, ofPersons))).toMatchObject({ _tag: "AccessDenied" })
        }
      })
    )
  )

  it.effect("a repeated command under its key edits once (K1)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        const keyed = { ...one, idempotencyKey: "k" }
        const first = yield* add(keyed, "size")
        expect(yield* add(keyed, "size")).toEqual(first)
        expect(yield* Effect.flip(add(keyed, "tier"))).toEqual({ _tag: "IdempotencyKeyReused", key: "k" })
        expect((yield* happened).length).toBe(1)
      })
    )
  )
})
