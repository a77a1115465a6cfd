import { Result } from "effect"
import type { Actor } from "../account/Actor.ts"
import type { FieldId } from "../account/Id.ts"
import type { Instant } from "../account/Instant.ts"
import { type Draft, defaults, type Layout, type Registry } from "./Layout.ts"
import type { LayoutEvent } from "./LayoutEvent.ts"
import * as LayoutRules from "./LayoutRules.ts"

/** The layout of one kind of record: what agents see, and what is being edited. */
export interface LayoutState {
  readonly published: Layout
  readonly draft: Draft | null
}

/** Who may is decided elsewhere (I1, J1). */
export type LayoutCommand =
  | { readonly _tag: "EditDraft"; readonly edit: LayoutRules.LayoutEdit }
  | { readonly _tag: "PublishDraft" }
  /** `kept`: that version as it was published; `null` where there was none. Version 0 is the default layout. */
  | { readonly _tag: "RestoreVersion"; readonly version: number; readonly kept: Layout | null }

export type LayoutRefusal =
  | LayoutRules.EditRefusal
  | LayoutRules.LayoutInvalid
  | LayoutRules.StaleDraft
  | LayoutRules.VersionNotFound

type Decision = Result.Result<ReadonlyArray<LayoutEvent>, LayoutRefusal>

const nothing: Decision = Result.succeed([])

/**
 * Decides a command about a layout (I1, K4): at most one event; none where the fields are so already.
 *
 * | command | begins from | refuses |
 * |---|---|---|
 * | `EditDraft` | the draft; where it is stale or there is none, what is published | what {@link LayoutRules.edit} refuses |
 * | `PublishDraft` | the draft; none: nothing | `StaleDraft`, `LayoutInvalid` |
 * | `RestoreVersion` | the kept fields, less those that have gone since (I2) | `VersionNotFound` |
 */
export const decide = (command: LayoutCommand, state: LayoutState, registry: Registry): Decision => {
  switch (command._tag) {
    case "EditDraft":
      return editDraft(command.edit, state, registry)
    case "PublishDraft":
      return publishDraft(state, registry)
    case "RestoreVersion":
      return restoreVersion(command, state, registry)
  }
}

/**
 * Applies an event that has happened (K4). Publishing a draft ends it; going back to an earlier version leaves a draft
 * that somebody is at, which is stale then. History only grows (I1). Total: an event about another kind of record leaves
 * the state as it is.
 */
export const evolve = (state: LayoutState, event: LayoutEvent, at: Instant, by: Actor): LayoutState => {
  const { draft, published } = state
  const { fields, recordKind } = event
  if (recordKind !== published.recordKind) return state
  const change = { recordKind, fields, changedAt: at, changedBy: by }
  switch (event._tag) {
    case "LayoutDraftChanged":
      return { published, draft: { ...change, base: published.version } }
    case "LayoutPublished":
      return { published: { ...change, version: event.version }, draft: event.restored === null ? null : draft }
  }
}

const editDraft = (edit: LayoutRules.LayoutEdit, { draft, published }: LayoutState, registry: Registry): Decision => {
  const { recordKind } = published
  const before = (draft?.base === published.version ? draft : published).fields
  return Result.map(LayoutRules.edit(before, edit, recordKind, registry), (fields) =>
    isSame(fields, before) ? [] : [{ _tag: "LayoutDraftChanged", recordKind, fields }]
  )
}

const publishDraft = ({ draft, published }: LayoutState, registry: Registry): Decision => {
  if (draft === null) return nothing
  if (draft.base !== published.version) {
    return Result.fail({ _tag: "StaleDraft", base: draft.base, published: published.version })
  }
  return Result.map(LayoutRules.validate(draft.fields, published.recordKind, registry), (fields) =>
    publication(published, fields, null)
  )
}

const restoreVersion = (
  { kept, version }: Extract<LayoutCommand, { readonly _tag: "RestoreVersion" }>,
  { published }: LayoutState,
  registry: Registry
): Decision => {
  const { recordKind } = published
  const wanted = version === 0 ? defaults[recordKind] : kept
  if (wanted === null) return Result.fail({ _tag: "VersionNotFound", version })
  const left = wanted.fields.filter((id) => LayoutRules.unavailability(id, recordKind, registry) === null)
  return Result.succeed(publication(published, left, version))
}

const publication = (
  { fields: before, recordKind, version }: Layout,
  fields: ReadonlyArray<FieldId>,
  restored: number | null
): ReadonlyArray<LayoutEvent> =>
  isSame(fields, before) ? [] : [{ _tag: "LayoutPublished", recordKind, version: version + 1, fields, restored }]

const isSame = (a: ReadonlyArray<FieldId>, b: ReadonlyArray<FieldId>): boolean =>
  a.length === b.length && a.every((id, at) => id === b[at])
