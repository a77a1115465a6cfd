import { Schema } from "effect"

/** Somebody was faster: what the caller had seen is not what there is now. `current`: the version there is. */
export const VersionChanged = Schema.TaggedStruct("VersionChanged", { current: Schema.Int })
export type VersionChanged = typeof VersionChanged.Type

/**
 * For people who edit what they see: the change is made only if it is still at this version. Absent: whatever there is.
 * Compared in the same commit, so that of two at once one wins (K2).
 */
export interface Expected {
  readonly version?: number | undefined
}

export const changedSince = (expected: Expected, current: number): VersionChanged | null =>
  expected.version === undefined || expected.version === current ? null : { _tag: "VersionChanged", current }
