import { Effect } from "effect"
import fc from "fast-check"
import { Crm, CrmStore } from "leadline/ports"
import {
  type Caller,
  createPool,
  deleteRecord,
  logActivity,
  mergeRecords,
  OwnCrm,
  saveFields,
  saveRecord,
  saveUser
} from "leadline/use-cases"
import { describe, expect, it } from "vitest"
import {
  account,
  agent,
  dealtBy,
  everything,
  importer,
  lead,
  leadRef,
  newLead,
  person,
  personRef,
  poolId,
  recordId,
  run,
  user,
  userId
} from "./World.ts"

const caller = (idempotencyKey: string): Caller => ({ ...importer, idempotencyKey })

/** Everything that people's names, addresses and notes go through, once; `mark` is in each of them. */
const script = (mark: string) =>
  Effect.gen(function* () {
    const crm = yield* Crm
    const email = `${mark}@example.com`
    const phone = "+1 212 555 2368"
    yield* saveUser(caller("1"), user("owner", { name: mark, email }))
    yield* createPool(caller("2"), { id: poolId("p"), name: "Sales", recordKind: "lead", members: [userId("owner")] })
    const wanted = newLead({ email, phone, firstName: mark, lastName: mark, note: mark, owner: dealtBy("p") })
    const made = yield* crm.createLead(account, wanted, "3")
    yield* saveRecord(caller("4"), lead("l1", [email], { phones: [phone], firstName: mark, organisation: mark }))
    yield* saveRecord(caller("5"), person("p1", [`home-${email}`], { lastName: mark, custom: { tier: mark } }))
    yield* saveRecord(caller("6"), person("p2", [`work-${email}`], { lastName: mark }))
    const record = personRef("p1")
    const note = { record, text: mark, chatId: null, author: agent("a1"), authorUser: null, viewer: everything }
    yield* crm.addNote(account, note, "7")
    const change = {
      lead: made.lead,
      phone: "+1 212 555 9999",
      by: agent("a1"),
      viewer: everything,
      defaultRegion: null
    }
    yield* crm.changePhone(account, change, "8")
    yield* logActivity(caller("9"), { record, type: "Call", text: mark })
    yield* mergeRecords(caller("10"), { kind: "person", survivor: recordId("p1"), loser: recordId("p2") })
    yield* deleteRecord(caller("11"), { record: leadRef("l1") })
    const refused = yield* Effect.flip(
      crm.createLead(account, { ...wanted, chatId: newLead({ chat: "c2" }).chatId }, "12")
    )
    return refused
  })

/** Long enough not to be found by chance in an id or a digest; letters that no hexadecimal digest has. */
const marks = fc.string({ unit: fc.constantFrom("v", "w", "x", "y", "z"), minLength: 8, maxLength: 12 })

describe("personal text", () => {
  it("is in no event of the CRM's log, in no refusal, and in no remembered answer (J4)", () =>
    fc.assert(
      fc.asyncProperty(marks, (mark) =>
        run(
          Effect.gen(function* () {
            const store = yield* CrmStore
            const remembered: Array<unknown> = []
            const watched = CrmStore.of({
              ...store,
              commit: (of, change) => {
                remembered.push(change.remember)
                return store.commit(of, change)
              }
            })
            const refused = yield* script(mark).pipe(
              Effect.provideService(Crm, OwnCrm.make(watched)),
              Effect.provideService(CrmStore, watched)
            )
            const { entries } = yield* store.log(account, 0, 1000)
            expect(entries.length).toBeGreaterThan(10)
            expect(remembered.filter((answer) => answer !== null).length).toBe(11)
            const kept = JSON.stringify([entries, remembered, refused])
            expect(kept).not.toContain(mark)
            expect(kept).not.toMatch(/555.?(2368|9999)/)
          })
        )
      ),
      { numRuns: 5 }
    ))

  it("of a custom field's definition is remembered by the field's id (K1)", () =>
    run(
      Effect.gen(function* () {
        const field = {
          id: "f1",
          label: "Favourite colour",
          type: "text",
          choices: [],
          recordKinds: ["lead"],
          isCustom: true,
          isDeleted: false
        } as unknown as Parameters<typeof saveFields>[1]["fields"][number]
        const answer = yield* saveFields(caller("k"), { fields: [field] })
        expect(answer).toEqual({ fields: ["f1"] })
        expect(yield* saveFields(caller("k"), { fields: [field] })).toEqual(answer)
      })
    ))
})
