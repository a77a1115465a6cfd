import { Effect } from "effect"
import type { MatchableKind } from "../../domain/record/RecordRef.ts"
import type { Caller } from "../execution/Caller.ts"
import type { Expected } from "../execution/Expected.ts"
import { onLayout } from "./LayoutCommand.ts"

/**
 * Publishes the draft of a kind's layout: all agents see it at once (I1). Nothing drafted, or nothing changed: nothing
 * happens. Answers the published layout. Refusals: `StaleDraft`, if somebody went back to another version since the
 * draft was begun (the next edit begins anew); `LayoutInvalid`, if fields went meanwhile, naming each; `VersionChanged`; `AccessDenied`.
 */
export const publishLayout = Effect.fn("publishLayout")(function* (
  caller: Caller,
  input: { readonly recordKind: MatchableKind },
  expected: Expected = {}
) {
  const command = { _tag: "PublishDraft" } as const
  const { published } = yield* onLayout(caller, "publishLayout", input.recordKind, command, expected)
  return published
})

/**
 * Goes back to an earlier version of a kind's layout, by publishing its fields anew (I1): history only grows. Fields
 * that have gone since are left out. Answers the published layout. Refusals: `VersionNotFound`, `VersionChanged`, `AccessDenied`.
 */
export const restoreLayout = Effect.fn("restoreLayout")(function* (
  caller: Caller,
  input: { readonly recordKind: MatchableKind; readonly version: number },
  expected: Expected = {}
) {
  const command = { _tag: "RestoreVersion", version: input.version, kept: null } as const
  const { published } = yield* onLayout(caller, "restoreLayout", input.recordKind, command, expected)
  return published
})
