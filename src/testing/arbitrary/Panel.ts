/**
 * What an agent sees beside a chat: registries of fields, layouts that are valid for them (I2), values. Layouts are edited
 * and published as administrators do it, through the pure deciders (I1).
 *
 * @module
 */
import { Result } from "effect"
import fc from "fast-check"
import type { Actor } from "../../domain/account/Actor.ts"
import type { FieldId } from "../../domain/account/Id.ts"
import * as Instant from "../../domain/account/Instant.ts"
import * as FieldValue from "../../domain/panel/FieldValue.ts"
import * as Layout from "../../domain/panel/Layout.ts"
import * as LayoutDecide from "../../domain/panel/LayoutDecide.ts"
import type * as LayoutEvent from "../../domain/panel/LayoutEvent.ts"
import * as LayoutRules from "../../domain/panel/LayoutRules.ts"
import type { PanelFacts } from "../../domain/panel/Panel.ts"
import * as Account from "./Account.ts"
import * as Agent from "./Agent.ts"
import { deriving, type Known } from "./Derived.ts"
import * as Identity from "./Identity.ts"
import * as Record from "./Record.ts"

/** Fields as panels show them: the standard ones and up to five of the account's own, some deleted (I2). */
export const registry: fc.Arbitrary<Layout.Registry> = fc
  .uniqueArray(Record.fieldDefinition, { maxLength: 5, selector: ({ id }) => id })
  .map(Layout.registryOf)

/** An administrator's move: the field is the nth of the registry, or of what the layout shows. */
const move = fc.record({
  what: fc.constantFrom("add", "add", "remove", "move", "publish", "restore"),
  nth: fc.nat({ max: 20 }),
  index: fc.nat({ max: 6 }),
  pause: fc.nat({ max: 60_000 })
})
type Move = typeof move extends fc.Arbitrary<infer A> ? A : never

/** Moves on the layout of one kind, and whose they are. */
const editing = fc.record({
  kind: Record.matchableKind,
  moves: fc.array(move, { maxLength: 8 }),
  by: Account.actor,
  start: Account.instant
})

const commandOf = (
  { index, nth, what }: Move,
  { draft, published }: LayoutDecide.LayoutState,
  history: ReadonlyArray<Layout.Layout>,
  registry: Layout.Registry
): LayoutDecide.LayoutCommand | null => {
  if (what === "publish") return { _tag: "PublishDraft" }
  if (what === "restore") {
    const kept = history[nth % Math.max(1, history.length)] ?? null
    return { _tag: "RestoreVersion", version: kept?.version ?? 0, kept }
  }
  const from = what === "add" ? [...registry.keys()] : (draft ?? published).fields
  const fieldId = from[nth % Math.max(1, from.length)]
  if (fieldId === undefined) return null
  if (what === "add") return { _tag: "EditDraft", edit: { _tag: "Add", fieldId, index } }
  return { _tag: "EditDraft", edit: what === "move" ? { _tag: "Move", fieldId, index } : { _tag: "Remove", fieldId } }
}

interface Editing {
  readonly kind: Layout.Layout["recordKind"]
  readonly moves: ReadonlyArray<Move>
  readonly by: Actor
  readonly start: Instant.Instant
}

/** What comes of the moves: what is refused does not happen. */
const edited = ({ by, kind, moves, start }: Editing, registry: Layout.Registry): LayoutDecide.LayoutState => {
  let state: LayoutDecide.LayoutState = { published: Layout.defaults[kind], draft: null }
  let now = start
  const history: Array<Layout.Layout> = []
  for (const move of moves) {
    now = Instant.plusMillis(now, move.pause)
    const command = commandOf(move, state, history, registry)
    const decided = command === null ? Result.succeed([]) : LayoutDecide.decide(command, state, registry)
    for (const event of Result.getOrElse(decided, () => [])) state = LayoutDecide.evolve(state, event, now, by)
    if (state.published !== history.at(-1)) history.push(state.published)
  }
  return state
}

/** A layout and its draft, with the registry that they are valid for. Shrinks to a default layout. */
export const layoutState: fc.Arbitrary<LayoutDecide.LayoutState & { readonly registry: Layout.Registry }> = fc
  .tuple(editing, registry)
  .map(([editing, registry]) => ({ ...edited(editing, registry), registry }))

/** The three layouts of an account, published, for these fields (I1). */
export const layouts = (
  registry: fc.Arbitrary<Layout.Registry>
): fc.Arbitrary<{ readonly registry: Layout.Registry; readonly layouts: typeof Layout.defaults }> =>
  fc.tuple(registry, editing, editing, editing).map(([registry, lead, person, company]) => ({
    registry,
    layouts: {
      lead: edited({ ...lead, kind: "lead" }, registry).published,
      person: edited({ ...person, kind: "person" }, registry).published,
      company: edited({ ...company, kind: "company" }, registry).published
    }
  }))

export const layout: fc.Arbitrary<Layout.Layout> = layoutState.map(({ published }) => published)

/** A draft that somebody is at: some of the fields of its kind's default layout, in some order. */
export const draft: fc.Arbitrary<Layout.Draft> = fc
  .record({
    recordKind: Record.matchableKind,
    kept: fc.uniqueArray(fc.nat({ max: 4 }), { maxLength: 5 }),
    base: fc.nat({ max: 5 }),
    changedAt: Account.instant,
    changedBy: Account.actor
  })
  .map(({ kept, ...drawn }) => ({ ...drawn, fields: chosenFrom(drawn.recordKind, kept) }))

const chosenFrom = (kind: Layout.Layout["recordKind"], places: ReadonlyArray<number>): ReadonlyArray<FieldId> =>
  places.flatMap((place) => Layout.defaults[kind].fields.slice(place, place + 1))

/** What stands for the schemas of this feature wherever they occur in others. */
export const known: Known = [[Layout.Layout, layout], [Layout.Draft, draft], ...Agent.known, ...Record.known]
const of = deriving(known)

/** Each field once (I2); a version that was gone back to is an earlier one (I1). */
export const layoutEvent: fc.Arbitrary<LayoutEvent.LayoutEvent> = fc
  .tuple(draft, fc.nat({ max: 9 }), fc.option(fc.nat({ max: 9 }), { nil: null }), fc.boolean())
  .map(([{ fields, recordKind }, version, restored, isPublished]) =>
    isPublished
      ? {
          _tag: "LayoutPublished",
          ...{ recordKind, version: version + 1, fields },
          restored: restored === null ? null : Math.min(restored, version)
        }
      : { _tag: "LayoutDraftChanged", recordKind, fields }
  )
export const fieldNotAvailable = of(LayoutRules.FieldNotAvailable)
export const fieldAlreadyShown = of(LayoutRules.FieldAlreadyShown)
export const fieldNotShown = of(LayoutRules.FieldNotShown)
export const layoutInvalid = of(LayoutRules.LayoutInvalid)
/** Begun from an earlier version than the published one. */
export const staleDraft: fc.Arbitrary<LayoutRules.StaleDraft> = fc
  .tuple(fc.nat({ max: 9 }), fc.integer({ min: 1, max: 9 }))
  .map(([base, since]) => ({ _tag: "StaleDraft", base, published: base + since }))
export const versionNotFound = of(LayoutRules.VersionNotFound)

/** A stored value as {@link FieldValue.typed} types it, for a field of any type. Much is empty: much does not fit. */
export const fieldValue: fc.Arbitrary<FieldValue.FieldValue> = fc.oneof(
  { withCrossShrink: true },
  fc
    .tuple(Record.storedValue, Record.fieldDefinition)
    .map(([stored, definition]): FieldValue.FieldValue => FieldValue.typed(stored, definition) ?? { _tag: "Empty" }),
  Agent.localDate.map((date): FieldValue.FieldValue => ({ _tag: "Date", date })),
  Identity.url.map((url): FieldValue.FieldValue => ({ _tag: "Url", url })),
  Identity.email.map((email): FieldValue.FieldValue => ({ _tag: "Email", email })),
  Identity.phone.map((phone): FieldValue.FieldValue => ({ _tag: "Phone", phone }))
)

/** What a panel depends on (E1): no more visible than match. */
export const panelFacts: fc.Arbitrary<PanelFacts> = fc
  .record({
    hasAccess: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
    emailKey: fc.option(Identity.emailKey, { nil: null }),
    hidden: fc.nat({ max: 2 }),
    visible: fc.uniqueArray(Record.matchableRef, { maxLength: 3, selector: ({ id, kind }) => `${kind}/${id}` }),
    madeHere: fc.option(fc.record({ lead: Record.matchableRef, isVisible: fc.boolean() }), { nil: null }),
    hasBothLicences: fc.boolean(),
    isCrmAdministrator: fc.boolean(),
    openable: fc.uniqueArray(Record.matchableKind, { maxLength: 3 }).map((kinds) => new Set(kinds))
  })
  .map(({ hidden, madeHere, ...drawn }) => ({
    ...drawn,
    matches: drawn.visible.length + hidden,
    madeHere: madeHere === null ? null : { ...madeHere, lead: { ...madeHere.lead, kind: "lead" } }
  }))
