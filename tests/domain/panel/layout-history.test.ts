import { Result, Schema } from "effect"
import fc from "fast-check"
import {
  Actor,
  type CustomField,
  Id,
  Instant,
  Layout,
  LayoutDecide,
  LayoutEvent,
  LayoutRules,
  type RecordRef
} from "leadline"
import { describe, expect, it } from "vitest"

const id = (name: string): Id.FieldId => Id.FieldId.make(name)
const ids = (...names: ReadonlyArray<string>): ReadonlyArray<Id.FieldId> => names.map(id)
const ann = Actor.user(Id.UserId.make("ann"))
const bob = Actor.user(Id.UserId.make("bob"))

const custom = (name: string, isDeleted: boolean): CustomField.FieldDefinition => ({
  id: id(name),
  label: name,
  type: "text",
  choices: [],
  recordKinds: ["lead", "person", "company"],
  isCustom: true,
  isDeleted
})

const registry = Layout.registryOf([custom("size", false), custom("region", false)])
const withoutSize = Layout.registryOf([custom("size", true), custom("region", false)])

/** Version `version` of the leads' layout, published by Ann. */
const published = (version: number, ...names: ReadonlyArray<string>): Layout.Layout => ({
  recordKind: "lead",
  fields: ids(...names),
  version,
  changedAt: Instant.fromMillis(version),
  changedBy: ann
})

const drafted = (base: number, ...names: ReadonlyArray<string>): Layout.Draft => ({
  recordKind: "lead",
  fields: ids(...names),
  base,
  changedAt: Instant.fromMillis(99),
  changedBy: bob
})

const add = (name: string): LayoutDecide.LayoutCommand => ({
  _tag: "EditDraft",
  edit: { _tag: "Add", fieldId: id(name) }
})
const publish: LayoutDecide.LayoutCommand = { _tag: "PublishDraft" }
const restore = (version: number, kept: Layout.Layout | null): LayoutDecide.LayoutCommand => ({
  _tag: "RestoreVersion",
  version,
  kept
})

describe("editing a draft", () => {
  it("begins from what is published, or goes on from the draft (I1)", () => {
    const first = { published: published(3, "name"), draft: null }
    const fresh = { _tag: "LayoutDraftChanged", recordKind: "lead", fields: ["name", "size"] }
    expect(LayoutDecide.decide(add("size"), first, registry)).toEqual(Result.succeed([fresh]))
    const later = { published: published(3, "name"), draft: drafted(3, "email") }
    const further = { _tag: "LayoutDraftChanged", recordKind: "lead", fields: ["email", "size"] }
    expect(LayoutDecide.decide(add("size"), later, registry)).toEqual(Result.succeed([further]))
  })

  it("keeps who edited last, when, and the version it was begun from; agents see nothing of it (I1)", () => {
    const before = { published: published(3, "name"), draft: null }
    const event: LayoutEvent.LayoutEvent = { _tag: "LayoutDraftChanged", recordKind: "lead", fields: ids("email") }
    const once = LayoutDecide.evolve(before, event, Instant.fromMillis(50), bob)
    expect(once.published).toEqual(before.published)
    expect(once.draft).toEqual({ ...drafted(3, "email"), changedAt: 50, changedBy: bob })
    const twice = LayoutDecide.evolve({ ...once, published: published(4) }, event, Instant.fromMillis(60), ann)
    expect(twice.draft).toEqual({ ...drafted(4, "email"), changedAt: 60, changedBy: ann })
  })

  it("begins anew from what is published where the draft has become stale (I1)", () => {
    const stale = { published: published(4, "name"), draft: drafted(3, "email") }
    const further = { _tag: "LayoutDraftChanged", recordKind: "lead", fields: ["name", "size"] }
    expect(LayoutDecide.decide(add("size"), stale, registry)).toEqual(Result.succeed([further]))
  })

  it("stays quiet where a field is moved to where it is (I1, K4)", () => {
    const state = { published: published(1, "name", "email"), draft: null }
    const edit = { _tag: "Move", fieldId: id("email"), index: 1 } as const
    expect(LayoutDecide.decide({ _tag: "EditDraft", edit }, state, registry)).toEqual(Result.succeed([]))
  })

  it("drafts the removal of the last field (I1)", () => {
    const state = { published: published(1, "name", "email"), draft: null }
    const edit = { _tag: "Remove", fieldId: id("email") } as const
    const event = { _tag: "LayoutDraftChanged", recordKind: "lead", fields: ["name"] }
    expect(LayoutDecide.decide({ _tag: "EditDraft", edit }, state, registry)).toEqual(Result.succeed([event]))
  })

  it("refuses what the layout's rules refuse (I2)", () => {
    const state = { published: published(1, "name"), draft: null }
    const refusal = { _tag: "FieldAlreadyShown", fieldId: "name" }
    expect(LayoutDecide.decide(add("name"), state, registry)).toEqual(Result.fail(refusal))
  })
})

describe("publishing", () => {
  it("makes the draft the next version, at once, with who and when (I1)", () => {
    const state = { published: published(3, "name"), draft: drafted(3, "name", "size") }
    const event: LayoutEvent.LayoutEvent = {
      _tag: "LayoutPublished",
      recordKind: "lead",
      version: 4,
      fields: ids("name", "size"),
      restored: null
    }
    expect(LayoutDecide.decide(publish, state, registry)).toEqual(Result.succeed([event]))
    expect(LayoutDecide.evolve(state, event, Instant.fromMillis(70), bob)).toEqual({
      published: { ...published(4, "name", "size"), changedAt: 70, changedBy: bob },
      draft: null
    })
  })

  it("stays quiet without a draft, and with one that changes nothing (I1, K4)", () => {
    const none = { published: published(3, "name"), draft: null }
    const same = { published: published(3, "name"), draft: drafted(3, "name") }
    expect(LayoutDecide.decide(publish, none, registry)).toEqual(Result.succeed([]))
    expect(LayoutDecide.decide(publish, same, registry)).toEqual(Result.succeed([]))
  })

  it("publishes a mere change of order (I1)", () => {
    const state = { published: published(3, "name", "email"), draft: drafted(3, "email", "name") }
    const events = LayoutDecide.decide(publish, state, registry)
    expect(Result.map(events, ([event]) => event?.fields)).toEqual(Result.succeed(["email", "name"]))
  })

  it("publishes the mere removal of the last field, and of all (I1)", () => {
    for (const left of [["name"], []]) {
      const state = { published: published(3, "name", "email"), draft: drafted(3, ...left) }
      const events = LayoutDecide.decide(publish, state, registry)
      expect(Result.map(events, ([event]) => event?.fields)).toEqual(Result.succeed(left))
    }
  })

  it.each([2, 4])("refuses a draft begun from version %s when 3 is published (I1)", (base) => {
    const state = { published: published(3, "name"), draft: drafted(base, "name", "size") }
    const refusal = { _tag: "StaleDraft", base, published: 3 }
    expect(LayoutDecide.decide(publish, state, registry)).toEqual(Result.fail(refusal))
  })

  it("refuses fields that went while they were drafted, naming each (I2)", () => {
    const state = { published: published(3, "name"), draft: drafted(3, "size", "name", "gone") }
    const problem = { _tag: "FieldNotAvailable", recordKind: "lead" }
    expect(LayoutDecide.decide(publish, state, withoutSize)).toEqual(
      Result.fail({
        _tag: "LayoutInvalid",
        problems: [
          { ...problem, fieldId: "size", reason: "deleted" },
          { ...problem, fieldId: "gone", reason: "unknown" }
        ]
      })
    )
  })
})

describe("going back", () => {
  const state = { published: published(3, "name"), draft: drafted(3, "email") }

  it("publishes an old version's fields as a new version; a draft that somebody is at becomes stale (I1)", () => {
    const event: LayoutEvent.LayoutEvent = {
      _tag: "LayoutPublished",
      recordKind: "lead",
      version: 4,
      fields: ids("size", "name"),
      restored: 1
    }
    expect(LayoutDecide.decide(restore(1, published(1, "size", "name")), state, registry)).toEqual(
      Result.succeed([event])
    )
    const after = LayoutDecide.evolve(state, event, Instant.fromMillis(5), bob)
    expect(LayoutDecide.decide(publish, after, registry)).toEqual(
      Result.fail({ _tag: "StaleDraft", base: 3, published: 4 })
    )
  })

  it("goes back to the default layout, which nobody published (I1)", () => {
    const events = LayoutDecide.decide(restore(0, null), state, registry)
    const [expected] = [{ fields: Layout.defaults.lead.fields, version: 4, restored: 0 }]
    expect(Result.map(events, ([event]) => event)).toMatchObject(Result.succeed(expected))
  })

  it("leaves out fields that have gone since (I2)", () => {
    const events = LayoutDecide.decide(restore(1, published(1, "size", "region", "gone")), state, withoutSize)
    expect(Result.map(events, ([event]) => event?.fields)).toEqual(Result.succeed(["region"]))
  })

  it("stays quiet where these fields are shown already (I1, K4)", () => {
    expect(LayoutDecide.decide(restore(3, state.published), state, registry)).toEqual(Result.succeed([]))
    expect(LayoutDecide.decide(restore(1, published(1, "size", "name")), state, withoutSize)).toEqual(
      Result.succeed([])
    )
  })

  it("refuses a version that never was (I1)", () => {
    const refusal = { _tag: "VersionNotFound", version: 8 }
    expect(LayoutDecide.decide(restore(8, null), state, registry)).toEqual(Result.fail(refusal))
  })
})

describe("a layout's history", () => {
  const anyId = fc.constantFrom(
    ...ids("name", "email", "phone", "owner", "status", "company", "size", "region", "gone")
  )
  const anyIndex = fc.nat({ max: 8 })
  type Step = LayoutRules.LayoutEdit | { readonly _tag: "Publish" } | { readonly _tag: "Restore"; readonly at: number }
  const anyStep: fc.Arbitrary<Step> = fc.oneof(
    fc.record({ _tag: fc.constantFrom("Add" as const, "Move" as const), fieldId: anyId, index: anyIndex }),
    fc.record({ _tag: fc.constant("Remove" as const), fieldId: anyId }),
    fc.constant({ _tag: "Publish" as const }),
    fc.record({ _tag: fc.constant("Restore" as const), at: fc.nat({ max: 4 }) })
  )
  const anyKind = fc.constantFrom<RecordRef.MatchableKind>("lead", "person", "company")
  const isEvent = Schema.is(LayoutEvent.LayoutEvent)

  const commandOf = (step: Step, kept: ReadonlyMap<number, Layout.Layout>): LayoutDecide.LayoutCommand => {
    switch (step._tag) {
      case "Publish":
        return publish
      case "Restore":
        return restore(step.at, kept.get(step.at) ?? null)
      default:
        return { _tag: "EditDraft", edit: step }
    }
  }

  it("only grows: versions rise by one, each is valid, going back brings exactly the old fields (I1, I2)", () => {
    fc.assert(
      fc.property(anyKind, fc.array(anyStep, { maxLength: 40 }), (kind, steps) => {
        const kept = new Map<number, Layout.Layout>()
        let state: LayoutDecide.LayoutState = { published: Layout.defaults[kind], draft: null }
        for (const [now, step] of steps.entries()) {
          const before = state
          const command = commandOf(step, kept)
          const decided = LayoutDecide.decide(command, before, registry)
          if (Result.isFailure(decided)) continue
          expect(decided.success.every((event) => isEvent(event))).toBe(true)
          state = decided.success.reduce(
            (at, event) => LayoutDecide.evolve(at, event, Instant.fromMillis(now), bob),
            before
          )
          const { version } = state.published
          const isNew = version !== before.published.version
          expect(isNew).toBe(decided.success.some(({ _tag }) => _tag === "LayoutPublished"))
          if (isNew) {
            expect(version).toBe(before.published.version + 1)
            expect(state.published).toMatchObject({ recordKind: kind, changedAt: now, changedBy: bob })
            expect(state.draft).toBe(step._tag === "Restore" ? before.draft : null)
            kept.set(version, state.published)
          } else expect(state.published).toBe(before.published)
          expect(LayoutRules.problems(state.published.fields, kind, registry)).toEqual([])
          if (step._tag === "Restore") {
            expect(state.published.fields).toEqual((kept.get(step.at) ?? Layout.defaults[kind]).fields)
          }
          if (step._tag === "Publish") {
            expect(state.published.fields).toEqual((before.draft ?? before.published).fields)
            expect(LayoutDecide.decide(command, state, registry)).toEqual(Result.succeed([]))
          }
        }
        const versions = Array.from({ length: state.published.version }, (_, at) => at + 1)
        expect([...kept.keys()]).toEqual(versions)
      })
    )
  })

  it("is not touched by events of another kind of record (I1, K4)", () => {
    const state = { published: published(3, "name"), draft: drafted(3, "email") }
    const fields = ids("size")
    const by = [Instant.fromMillis(5), bob] as const
    const changed = { _tag: "LayoutDraftChanged", recordKind: "person", fields } as const
    const other = { _tag: "LayoutPublished", recordKind: "company", version: 4, fields, restored: null } as const
    expect(LayoutDecide.evolve(state, changed, ...by)).toEqual(state)
    expect(LayoutDecide.evolve(state, other, ...by)).toEqual(state)
  })
})
