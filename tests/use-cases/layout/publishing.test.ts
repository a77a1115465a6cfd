import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import fc from "fast-check"
import { Layout } from "leadline"
import { publishLayout, readLayout, readPanel, restoreLayout, saveFields } from "leadline/use-cases"
import { chatId, importer, person, run, saveRecords } from "../crm/World.ts"
import { agentAt, chatting, world } from "../panel/Chats.ts"
import { add, cast, custom, happened, move, ofPersons, one, published, remove, standard, two } from "./Editors.ts"

describe("publishing a layout", () => {
  it.effect("shows it to all agents at once, with when and by whom; the log says so, too (I1)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* saveRecords(person("p", ["ann@example.com"], { custom: { size: "L" } }))
        yield* chatting("c", { email: "ann@example.com" })
        const seen = (agent: string) =>
          Effect.map(readPanel(agentAt(agent), { chatId: chatId("c") }), ({ shown }) =>
            shown?.fields.map((field) => field.fieldId)
          )
        yield* TestClock.adjust("5 seconds")
        yield* add(one, "size", 0)
        expect(yield* seen("a1")).toEqual(standard)
        yield* TestClock.adjust("5 seconds")
        const layout = yield* publishLayout(two, ofPersons)
        expect(layout).toEqual({
          recordKind: "person",
          fields: ["size", ...standard],
          version: 1,
          changedAt: 10_000,
          changedBy: two.actor
        })
        for (const agent of ["a1", "a2", "a3"]) expect(yield* seen(agent)).toEqual(["size", ...standard])
        expect(yield* happened).toMatchObject([
          { at: 5_000, actor: one.actor, payload: { _tag: "LayoutDraftChanged" } },
          { at: 10_000, actor: two.actor, payload: { _tag: "LayoutPublished", version: 1, restored: null } }
        ])
      })
    )
  )

  it.effect("twice publishes once; the draft is gone (I1)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* add(one, "size")
        yield* publishLayout(one, ofPersons)
        expect((yield* publishLayout(two, ofPersons)).version).toBe(1)
        expect((yield* move(one, "name", 0)).draft).toBe(null)
        expect((yield* happened).length).toBe(2)
      })
    )
  )

  it.effect("refuses fields that went meanwhile, naming each (I2)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* add(one, "size")
        yield* add(one, "tier")
        yield* saveFields(importer, {
          fields: [custom("size", { isDeleted: true }), custom("tier", { recordKinds: ["company"] })]
        })
        const problem = { _tag: "FieldNotAvailable", recordKind: "person" }
        expect(yield* Effect.flip(publishLayout(one, ofPersons))).toEqual({
          _tag: "LayoutInvalid",
          problems: [
            { ...problem, fieldId: "size", reason: "deleted" },
            { ...problem, fieldId: "tier", reason: "notForKind" }
          ]
        })
        expect((yield* published).version).toBe(0)
      })
    )
  )

  it.effect("refuses a draft begun before somebody went back; the next edit begins anew (I1)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* add(one, "size")
        yield* publishLayout(one, ofPersons)
        yield* add(one, "tier")
        yield* restoreLayout(two, { ...ofPersons, version: 0 })
        expect(yield* Effect.flip(publishLayout(one, ofPersons))).toEqual({ _tag: "StaleDraft", base: 1, published: 2 })
        expect((yield* published).fields).toEqual(standard)
        expect((yield* move(one, "owner", 0)).draft).toMatchObject({
          base: 2,
          fields: ["owner", "name", "email", "phone", "company"]
        })
        expect((yield* publishLayout(one, ofPersons)).version).toBe(3)
      })
    )
  )

  it("by many at once happens once, and all are told the same (I1, K2)", () =>
    run(
      Effect.gen(function* () {
        yield* cast
        yield* add(one, "size")
        const answers = yield* Effect.all(
          [one, two, one, two, importer].map((caller) => publishLayout(caller, ofPersons)),
          { concurrency: "unbounded" }
        )
        for (const answer of answers) expect(answer).toEqual(answers[0])
        expect(answers[0]?.version).toBe(1)
        expect((yield* happened).filter(({ payload }) => payload._tag === "LayoutPublished").length).toBe(1)
      })
    ))

  it("beside one who goes back at once: one wins, and nothing that was published is lost (I1, K2)", () =>
    fc.assert(
      fc.asyncProperty(fc.boolean(), fc.boolean(), (publishFirst, editsToo) =>
        run(
          Effect.gen(function* () {
            yield* cast
            yield* add(one, "size")
            yield* publishLayout(one, ofPersons)
            yield* add(one, "tier")
            const publish = Effect.asVoid(Effect.result(publishLayout(one, ofPersons)))
            const back = Effect.asVoid(Effect.result(restoreLayout(two, { ...ofPersons, version: 0 })))
            const both = publishFirst ? [publish, back] : [back, publish]
            const edit = Effect.asVoid(Effect.result(move(two, "owner", 0)))
            yield* Effect.all(editsToo ? [...both, edit] : both, { concurrency: "unbounded" })
            const { history, layout } = yield* readLayout(one, ofPersons)
            expect(history.map(({ version }) => version)).toEqual(
              Array.from({ length: layout.version }, (_, n) => layout.version - n)
            )
            const said = (yield* happened).flatMap(({ payload }) =>
              payload._tag === "LayoutPublished" ? [[payload.version, payload.fields]] : []
            )
            expect(said).toEqual(history.map(({ fields, version }) => [version, fields]).toReversed())
            expect(layout.fields).toEqual(history[0]?.fields)
          })
        )
      ),
      { numRuns: 4 }
    ))

  it("keeps every edit of administrators who edit at once (I1, K2)", () =>
    run(
      Effect.gen(function* () {
        yield* cast
        const ids = Array.from({ length: 8 }, (_, n) => `f${n}`)
        yield* saveFields(importer, { fields: ids.map((id) => custom(id)) })
        yield* Effect.forEach(ids, (id, at) => add(at % 2 === 0 ? one : two, id), { concurrency: "unbounded" })
        const { fields } = yield* publishLayout(one, ofPersons)
        expect(fields.toSorted()).toEqual([...standard, ...ids].toSorted())
      })
    ))
})

describe("going back", () => {
  it.effect("publishes an earlier version's fields anew; history only grows, newest first (I1)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* add(one, "size")
        yield* publishLayout(one, ofPersons)
        yield* remove(one, "phone")
        yield* publishLayout(one, ofPersons)
        yield* TestClock.adjust("1 second")
        const back = yield* restoreLayout(two, { ...ofPersons, version: 1 })
        expect(back).toEqual({
          recordKind: "person",
          fields: [...standard, "size"],
          version: 3,
          changedAt: 1_000,
          changedBy: two.actor
        })
        const { history, layout } = yield* readLayout(agentAt("a1"), ofPersons)
        expect(layout).toEqual(back)
        expect(
          history.map(({ changedBy, fields, version }) => ({ by: changedBy, count: fields.length, version }))
        ).toEqual([
          { by: two.actor, count: 6, version: 3 },
          { by: one.actor, count: 5, version: 2 },
          { by: one.actor, count: 6, version: 1 }
        ])
        expect((yield* restoreLayout(one, { ...ofPersons, version: 0 })).fields).toEqual(standard)
        expect((yield* happened).at(-1)?.payload).toMatchObject({ version: 4, restored: 0 })
      })
    )
  )

  it.effect("leaves out fields that have gone since, and refuses versions that never were (I1, I2)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        yield* add(one, "size")
        yield* publishLayout(one, ofPersons)
        yield* remove(one, "size")
        yield* publishLayout(one, ofPersons)
        yield* saveFields(importer, { fields: [custom("size", { isDeleted: true })] })
        yield* remove(one, "owner")
        yield* publishLayout(one, ofPersons)
        expect((yield* restoreLayout(one, { ...ofPersons, version: 1 })).fields).toEqual(standard)
        for (const version of [-1, 99, 1.5]) {
          expect(yield* Effect.flip(restoreLayout(one, { ...ofPersons, version }))).toEqual({
            _tag: "VersionNotFound",
            version
          })
        }
      })
    )
  )

  it.effect("to what is published already changes nothing (I1, K4)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        expect(yield* restoreLayout(one, { ...ofPersons, version: 0 })).toEqual(Layout.defaults.person)
        expect(yield* happened).toEqual([])
      })
    )
  )

  it.effect("shows the last fifty versions (I1)", () =>
    world(
      Effect.gen(function* () {
        yield* cast
        for (let n = 0; n < 52; n++) {
          yield* move(one, "name", n % 2 === 0 ? 1 : 0)
          yield* publishLayout(one, ofPersons)
        }
        const { history } = yield* readLayout(one, ofPersons)
        expect(history.length).toBe(50)
        expect([history[0]?.version, history.at(-1)?.version]).toEqual([52, 3])
      })
    )
  )
})
