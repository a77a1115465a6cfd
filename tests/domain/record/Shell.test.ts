import fc from "fast-check"
import { Content, Instant, Record, RecordRef, Shell } from "leadline"
import { RecordArbitrary } from "leadline/testing"
import { describe, expect, it } from "vitest"

const at = Instant.fromMillis(9_000)
const into = { kind: "person", id: RecordRef.RecordId.make("p9") } as const
const lifecycles: ReadonlyArray<readonly [Record.Lifecycle, RecordRef.RecordRef | null]> = [
  [{ _tag: "Live" }, null],
  [{ _tag: "Deleted" }, null],
  [{ _tag: "Merged", into }, into],
  [{ _tag: "Converted", to: into }, into],
  [{ _tag: "Erased", survivor: into }, into],
  [{ _tag: "Erased", survivor: null }, null]
]

describe("what is left of a record whose person was erased (J4)", () => {
  it("says where it went on, from whatever it was (A5)", () => {
    fc.assert(
      fc.property(RecordArbitrary.crmRecord, fc.constantFrom(...lifecycles), (record, [lifecycle, survivor]) => {
        const before = { ...record, lifecycle } as Record.CrmRecord
        expect(Shell.survivorOf(before)).toEqual(survivor)
        expect(Shell.shellOf(before, at).lifecycle).toEqual({ _tag: "Erased", survivor })
      })
    )
  })

  it("has its id, owner, times and links, and nothing of the person", () => {
    fc.assert(
      fc.property(RecordArbitrary.crmRecord, (record) => {
        fc.pre(record.lifecycle._tag !== "Erased")
        const shell = Shell.shellOf(record, at)
        const none = { emails: [], phones: [] }
        expect(shell).toMatchObject({ ...none, keys: none, aliases: none, custom: {}, updatedAt: at })
        expect(Record.nameOf(shell)).toBe("")
        const kept = [
          "_tag",
          "id",
          "ownerId",
          "createdAt",
          "eventCount",
          "absorbed",
          "companyId",
          "addedFrom",
          "status"
        ]
        for (const field of kept) expect(Reflect.get(shell, field)).toEqual(Reflect.get(record, field))
        if (shell._tag === "Lead")
          expect([shell.firstName, shell.lastName, shell.organisation]).toEqual([null, null, null])
        if (shell._tag === "Person") expect([shell.firstName, shell.lastName]).toEqual([null, null])
        if (shell._tag === "Deal" && record._tag === "Deal") {
          expect([shell.primaryContact, shell.value]).toEqual([record.primaryContact, record.value])
        }
      })
    )
  })

  it("is itself when it is erased again", () => {
    fc.assert(
      fc.property(RecordArbitrary.crmRecord, (record) => {
        const shell = Shell.shellOf(record, at)
        expect(Shell.shellOf(shell, Instant.fromMillis(10_000))).toBe(shell)
      })
    )
  })

  it("loses the texts of its history, each entry once; what has none stays as it is", () => {
    fc.assert(
      fc.property(RecordArbitrary.activity, (activity) => {
        const left = Shell.withoutTexts(activity)
        if (activity._tag === "AddedFromChat") expect(left).toBeNull()
        else if (activity._tag === "PhoneChanged") {
          const hadText = Content.isText(activity.to) || Content.isText(activity.from)
          const from = activity.from === null ? null : Content.erased
          expect(left).toEqual(hadText ? { ...activity, from, to: Content.erased } : null)
        } else expect(left).toEqual(Content.isText(activity.text) ? { ...activity, text: Content.erased } : null)
        if (left !== null) expect(Shell.withoutTexts(left)).toBeNull()
      })
    )
  })

  it("loses a phone's texts also where one of the two is erased already", () => {
    fc.assert(
      fc.property(RecordArbitrary.activity, fc.constantFrom("+49 30 1", Content.erased), (activity, to) => {
        fc.pre(activity._tag === "PhoneChanged")
        if (activity._tag !== "PhoneChanged") return
        const changed = { ...activity, from: "+49 30 2", to }
        expect(Shell.withoutTexts(changed)).toEqual({ ...activity, from: Content.erased, to: Content.erased })
      }),
      { numRuns: 200 }
    )
  })
})

describe("the name on a record's card", () => {
  it("is the names there are, with one space; a lead's organisation where it has no name (E4)", () => {
    const named = (record: Record.Lead | Record.Person, firstName: string | null, lastName: string | null) =>
      Record.nameOf({ ...record, firstName, lastName } as Record.CrmRecord)
    fc.assert(
      fc.property(RecordArbitrary.lead, RecordArbitrary.person, (lead, person) => {
        for (const record of [{ ...lead, organisation: null }, person]) {
          expect(named(record, "Ann", "Lee")).toBe("Ann Lee")
          expect(named(record, null, "Lee")).toBe("Lee")
          expect(named(record, "", "Lee")).toBe("Lee")
          expect(named(record, "Ann", null)).toBe("Ann")
          expect(named(record, null, null)).toBe("")
        }
        expect(named({ ...lead, organisation: "ACME" }, null, "Lee")).toBe("Lee")
        expect(named({ ...lead, organisation: "ACME" }, null, "")).toBe("ACME")
      }),
      { numRuns: 10 }
    )
  })

  it("is a company's or a deal's own", () => {
    fc.assert(
      fc.property(fc.oneof(RecordArbitrary.company, RecordArbitrary.deal), (record) => {
        expect(Record.nameOf(record)).toBe(record.name)
      })
    )
  })

  it("and a record shows the chat that it was made from, and those it took over (E7)", () => {
    fc.assert(
      fc.property(RecordArbitrary.crmRecord, (record) => {
        const over = record.absorbed?.chatIds ?? []
        const own = record._tag === "Lead" && record.addedFrom._tag === "Chat" ? [record.addedFrom.chatId] : []
        expect(Record.madeFrom(record)).toEqual([...own, ...over])
      })
    )
  })
})
