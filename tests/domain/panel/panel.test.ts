import fc from "fast-check"
import { EmailKey, MissingAction, Panel, RecordRef } from "leadline"
import { PanelArbitrary } from "leadline/testing"
import { describe, expect, it } from "vitest"

const ref = (kind: RecordRef.MatchableKind, id: string): RecordRef.MatchableRef => ({
  kind,
  id: RecordRef.RecordId.make(id)
})
const [person, lead] = [ref("person", "p1"), ref("lead", "l1")]
const emailKey = EmailKey.make("eve@example.com")
const kinds = RecordRef.MatchableKind.literals

const facts: Panel.PanelFacts = {
  hasAccess: true,
  emailKey,
  matches: 0,
  visible: [],
  madeHere: null,
  hasBothLicences: true,
  isCrmAdministrator: true,
  openable: new Set(kinds)
}

const anyFacts = PanelArbitrary.panelFacts

/** The table of E1, row by row: the first row that applies. */
const rows: ReadonlyArray<readonly [Panel.Panel["_tag"], (facts: Panel.PanelFacts) => boolean]> = [
  ["NoAccess", ({ hasAccess }) => !hasAccess],
  ["Record", ({ visible }) => visible.length > 0],
  ["Hidden", ({ matches }) => matches > 0],
  ["Record", ({ madeHere }) => madeHere?.isVisible === true],
  ["Hidden", ({ madeHere }) => madeHere !== null],
  ["CanCreateLead", ({ emailKey }) => emailKey !== null],
  ["NeedsEmail", () => true]
]

describe("the panel", () => {
  it("is what the table says, for every combination of facts (E1)", () => {
    const seen = new Set<number>()
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const at = rows.findIndex(([, applies]) => applies(facts))
        seen.add(at)
        expect(Panel.panel(facts)._tag).toBe(rows[at]?.[0])
      }),
      { numRuns: 1_000 }
    )
    expect(seen.size).toBe(rows.length)
  })

  it("shows the first visible record, the primary match, and lists the others in their order (E1, A3)", () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const panel = Panel.panel({ ...facts, hasAccess: true })
        const [first, ...others] = facts.visible
        if (first !== undefined) expect(panel).toMatchObject({ _tag: "Record", record: first, others })
      })
    )
  })

  it("shows the live lead made from this chat where nothing matches, with the same actions (E1, E7)", () => {
    const madeHere = { lead, isVisible: true }
    const made = Panel.panel({ ...facts, madeHere })
    expect(made).toEqual({ ...Panel.panel({ ...facts, matches: 1, visible: [lead] }), others: [] })
    expect(Panel.panel({ ...facts, emailKey: null, madeHere })).toEqual(made)
    expect(Panel.panel({ ...facts, madeHere, matches: 1, visible: [person] })).toMatchObject({
      record: person,
      others: []
    })
  })

  it("hides what the agent may not see, and offers no creation beside it (E1)", () => {
    const hidden = { _tag: "Hidden", actions: [] }
    expect(Panel.panel({ ...facts, matches: 2 })).toEqual(hidden)
    expect(Panel.panel({ ...facts, madeHere: { lead, isVisible: false } })).toEqual(hidden)
    expect(Panel.panel({ ...facts, matches: 1, madeHere: { lead, isVisible: true } })).toEqual(hidden)
  })

  it("says nothing without access, whatever is there (E1, E2, H6)", () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        expect(Panel.panel({ ...facts, hasAccess: false })).toEqual({ _tag: "NoAccess", actions: [] })
      })
    )
  })

  it("offers to create a lead only with an email key, and nothing without (E1)", () => {
    expect(Panel.panel(facts)).toEqual({ _tag: "CanCreateLead", actions: ["createLead"] })
    expect(Panel.panel({ ...facts, emailKey: null })).toEqual({ _tag: "NeedsEmail", actions: [] })
  })
})

describe("the actions beside a record", () => {
  it("each need their own facts: a lead, both licences with a URL for the kind, a CRM administrator (E1, J3)", () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const panel = Panel.panel(facts)
        if (panel._tag !== "Record") {
          expect(panel.actions).toEqual(panel._tag === "CanCreateLead" ? ["createLead"] : [])
          return
        }
        const { kind } = panel.record
        const expected: ReadonlyArray<readonly [Panel.PanelAction, boolean]> = [
          ["notifySales", true],
          ["editPhone", kind === "lead"],
          ["openCard", facts.hasBothLicences && facts.openable.has(kind)],
          ["editLayout", facts.isCrmAdministrator],
          ["createLead", false]
        ]
        expect(expected.map(([action]) => [action, panel.actions.includes(action)])).toEqual(expected)
      }),
      { numRuns: 500 }
    )
  })
})

describe("an action that is missing", () => {
  const reasons = (facts: Panel.PanelFacts) =>
    Object.fromEntries(MissingAction.missing(Panel.panel(facts), facts).map(({ action, because }) => [action, because]))

  it("says why, so that with those offered all actions are accounted for, each once (E1)", () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const panel = Panel.panel(facts)
        const named = MissingAction.missing(panel, facts).map(({ action }) => action)
        expect([...panel.actions, ...named].sort()).toEqual([
          "createLead",
          "editLayout",
          "editPhone",
          "notifySales",
          "openCard"
        ])
      })
    )
  })

  it("is missing for want of access, of sight, of an email, of a record (E1, E2)", () => {
    const every = (because: string) => ({
      notifySales: because,
      editPhone: because,
      openCard: because,
      editLayout: because,
      createLead: because
    })
    expect(reasons({ ...facts, hasAccess: false })).toEqual(every("noAccess"))
    expect(reasons({ ...facts, matches: 1 })).toEqual(every("matchHidden"))
    expect(reasons({ ...facts, emailKey: null })).toEqual(every("noEmail"))
    const { createLead: _, ...others } = every("noRecord")
    expect(reasons(facts)).toEqual(others)
  })

  it("is missing beside a record for want of a lead, licences, a URL, a right (E1, E6, I1, J3)", () => {
    const beside = (record: RecordRef.MatchableRef) => ({ ...facts, matches: 1, visible: [record] })
    expect(reasons(beside(lead))).toEqual({ createLead: "hasRecord" })
    expect(reasons(beside(person))).toEqual({ createLead: "hasRecord", editPhone: "leadsOnly" })
    expect(reasons({ ...beside(lead), hasBothLicences: false, isCrmAdministrator: false })).toEqual({
      createLead: "hasRecord",
      openCard: "needsBothLicences",
      editLayout: "notCrmAdministrator"
    })
    expect(reasons({ ...beside(lead), openable: new Set() })).toMatchObject({ openCard: "noCardUrl" })
  })
})
