import { Effect, Result } from "effect"
import fc from "fast-check"
import { Actor, type CustomField, Id, type RecordRef } from "leadline"
import { Crm, CrmStore } from "leadline/ports"
import {
  type Caller,
  convertLead,
  createPool,
  dealLead,
  deletePool,
  deleteRecord,
  logActivity,
  mergeRecords,
  saveAgent,
  saveFields,
  saveRecord,
  saveUser,
  setPoolMembers
} from "leadline/use-cases"
import { describe, expect, it } from "vitest"
import {
  account,
  agent,
  everything,
  importer,
  lead,
  leadRef,
  notices,
  overtakenAfter,
  payloads,
  person,
  personRef,
  poolId,
  poolOf,
  recordId,
  run,
  saveRecords,
  saveUsers,
  user,
  userId
} from "./World.ts"

const recordOf = (ref: RecordRef.RecordRef) => Effect.flatMap(Crm, (crm) => crm.read(account, everything, ref))

describe("the CRM's administration", () => {
  const field = fieldOf("tier")
  const commands = (caller: Caller) => [
    saveUser(caller, user("u1")),
    saveRecord(caller, person("p1", [])),
    deleteRecord(caller, { record: personRef("p1") }),
    mergeRecords(caller, { kind: "person", survivor: recordId("p1"), loser: recordId("p2") }),
    convertLead(caller, { lead: recordId("l1"), to: personRef("p1") }),
    createPool(caller, { id: poolId("p"), name: "Sales", recordKind: "lead", members: [] }),
    setPoolMembers(caller, { poolId: poolId("p"), members: [] }),
    deletePool(caller, { poolId: poolId("p") }),
    dealLead(caller, { lead: recordId("l1"), poolId: poolId("p") }),
    saveFields(caller, { fields: [field] }),
    logActivity(caller, { record: personRef("p1"), type: "Call", text: "Called" })
  ]

  const denials = (actor: Actor.Actor) =>
    run(
      Effect.gen(function* () {
        yield* saveUsers(
          user("admin", { isCrmAdministrator: true }),
          user("former", { isCrmAdministrator: true, isActive: false }),
          user("plain")
        )
        for (const name of ["admin", "former", "plain"]) {
          yield* saveAgent(importer, {
            id: Id.AgentId.make(name),
            displayName: name,
            email: `${name}@acme.example`,
            userId: userId(name),
            isEnabled: true,
            isChatAdministrator: true,
            departments: [],
            chatLimit: null
          })
        }
        const before = (yield* payloads).length
        const answers = yield* Effect.forEach(commands({ account, actor, surface: "crm" }), (command) =>
          Effect.result(command as Effect.Effect<unknown, { readonly _tag: string }, Crm | CrmStore>)
        )
        const denied = answers.filter((answer) => Result.isFailure(answer) && answer.failure._tag === "AccessDenied")
        return { denied: denied.length, all: answers.length, written: (yield* payloads).length - before }
      })
    )

  it.each([
    ["a CRM administrator", Actor.user(userId("admin"))],
    ["an agent who is a CRM administrator", agent("admin")],
    ["a service", Actor.service("import")],
    ["Leadline itself", Actor.system]
  ])("is open to %s (J3)", async (_, actor) => {
    expect(await denials(actor)).toMatchObject({ denied: 0 })
  })

  it.each([
    ["a user", Actor.user(userId("plain"))],
    ["a CRM administrator who was deactivated", Actor.user(userId("former"))],
    ["a user who is not there", Actor.user(userId("gone"))],
    ["a Chat administrator", agent("plain")],
    ["a visitor", Actor.visitor(Id.VisitorId.make("v"))]
  ])("is closed to %s, and nothing is written (J1, J3)", async (_, actor) => {
    const { all, denied, written } = await denials(actor)
    expect({ denied, written }).toEqual({ denied: all, written: 0 })
  })
})

describe("a user", () => {
  it("is refused a manager who reports to them, at any distance (F5)", () =>
    run(
      Effect.gen(function* () {
        yield* saveUsers(user("a"), user("b", { reportsTo: userId("a") }), user("c", { reportsTo: userId("b") }))
        const refused = yield* Effect.flip(saveUser(importer, user("a", { reportsTo: userId("c") })))
        expect(refused).toEqual({ _tag: "ReportingCycle", userId: "a", path: ["c", "b", "a"] })
        const self = yield* Effect.flip(saveUser(importer, user("d", { reportsTo: userId("d") })))
        expect(self).toMatchObject({ _tag: "ReportingCycle", path: ["d"] })
        const crm = yield* Crm
        expect(yield* crm.user(account, userId("a"))).toEqual(user("a"))
      })
    ))

  const names = ["a", "b", "c", "d", "e"]
  const managing = fc.record({ who: fc.constantFrom(...names), manager: fc.constantFrom(...names) })

  it("never closes a circle together with others who are changed at once (F5)", () =>
    fc.assert(
      fc.asyncProperty(fc.array(managing, { minLength: 2, maxLength: 8 }), (changes) =>
        run(
          Effect.gen(function* () {
            yield* saveUsers(...names.map((name) => user(name)))
            const saving = changes.map(({ manager, who }) =>
              Effect.result(saveUser(importer, user(who, { reportsTo: userId(manager) })))
            )
            yield* Effect.all(saving, { concurrency: "unbounded" })
            const crm = yield* Crm
            const managers = new Map((yield* crm.users(account)).map(({ id, reportsTo }) => [id, reportsTo]))
            for (const name of names) {
              let above: Id.UserId | null = userId(name)
              for (let steps = 0; steps < names.length; steps++)
                above = above === null ? null : (managers.get(above) ?? null)
              expect(above).toBeNull()
            }
          })
        )
      ),
      { numRuns: 60 }
    ))

  it("never closes a circle with what others changed between its reads (F5)", () =>
    run(
      Effect.gen(function* () {
        yield* saveUsers(user("a"), user("b"), user("d"))
        const meanwhile = saveUsers(user("b", { reportsTo: userId("d") }), user("d", { reportsTo: userId("a") }))
        const overtaken = yield* overtakenAfter("users", meanwhile)
        const saving = saveUser(importer, user("a", { reportsTo: userId("b") }))
        const refused = yield* Effect.flip(Effect.provideService(saving, CrmStore, overtaken))
        expect(refused).toEqual({ _tag: "ReportingCycle", userId: "a", path: ["b", "d", "a"] })
      })
    ))

  it("keeps the records they own when they are deactivated, and is dealt none any more (F1, F2)", () =>
    run(
      Effect.gen(function* () {
        yield* poolOf("p", "u1", "u2")
        yield* saveRecords(lead("l1", [], { ownerId: userId("u1") }), lead("l2", []))
        yield* saveUser(importer, user("u1", { isActive: false }))
        expect(yield* recordOf(leadRef("l1"))).toMatchObject({ ownerId: "u1" })
        expect(yield* dealLead(importer, { lead: recordId("l2"), poolId: poolId("p") })).toMatchObject({
          owner: "u2",
          decision: { passedOver: [{ userId: "u1", reason: "inactive" }] }
        })
      })
    ))
})

describe("custom fields", () => {
  it("are added and changed by id; those not named stay (I2)", () =>
    run(
      Effect.gen(function* () {
        expect(yield* saveFields(importer, { fields: [fieldOf("tier"), fieldOf("region")] })).toEqual({
          fields: ["tier", "region"]
        })
        yield* saveFields(importer, { fields: [{ ...fieldOf("tier"), isDeleted: true, isCustom: false }] })
        const crm = yield* Crm
        expect(yield* crm.fields(account)).toEqual([{ ...fieldOf("tier"), isDeleted: true }, fieldOf("region")])
      })
    ))

  it("are refused an id given twice, or a standard field's (I2)", () =>
    run(
      Effect.gen(function* () {
        const save = (...ids: ReadonlyArray<string>) => Effect.flip(saveFields(importer, { fields: ids.map(fieldOf) }))
        expect(yield* save("tier", "region", "tier")).toEqual({ _tag: "FieldIdTaken", fieldId: "tier" })
        expect(yield* save("lastName")).toEqual({ _tag: "FieldIdTaken", fieldId: "lastName" })
        const crm = yield* Crm
        expect(yield* crm.fields(account)).toEqual([])
      })
    ))
})

describe("a logged call", () => {
  it("is in the record's history by who logged it, and tells nobody (H3)", () =>
    run(
      Effect.gen(function* () {
        yield* saveUsers(user("owner"))
        yield* saveRecords(person("p1", []))
        const crm = yield* Crm
        const added = yield* logActivity(importer, { record: personRef("p1"), type: "Call", text: "No answer" })
        const query = {
          record: personRef("p1"),
          types: null,
          byAny: null,
          after: null,
          from: null,
          until: null,
          limit: 9
        }
        expect((yield* crm.activities(account, everything, query)).activities).toMatchObject([
          { _tag: "Call", id: added.activityId, text: "No answer", by: importer.actor }
        ])
        expect(yield* notices).toEqual([])
      })
    ))

  it("is refused when blank, too long, or on a record that is not live (A5, D11)", () =>
    run(
      Effect.gen(function* () {
        yield* saveRecords(person("p1", []))
        const log = (text: string) =>
          Effect.flip(logActivity(importer, { record: personRef("p1"), type: "Note", text }))
        expect(yield* log(" ")).toMatchObject({ _tag: "Blank" })
        expect(yield* log("x".repeat(65_536))).toMatchObject({ _tag: "TooLong", limit: 65_535 })
        yield* deleteRecord(importer, { record: personRef("p1") })
        expect(yield* log("x")).toMatchObject({ _tag: "RecordNotFound" })
      })
    ))
})

function fieldOf(id: string): CustomField.FieldDefinition {
  return {
    id: Id.FieldId.make(id),
    label: id,
    type: "text",
    choices: [],
    recordKinds: ["lead"],
    isCustom: true,
    isDeleted: false
  }
}
