/** What the model law asks of a store, as plain data, and a store as simple as can be. */
import fc from "fast-check"
import type * as Content from "../../domain/account/Content.ts"
import { ref } from "./StoreKit.ts"

/** Whose step it is. */
export type Whose = "account" | "other"

/** A commit, all of whose parts are named by what the model knows. */
export interface CommitStep {
  readonly _tag: "Commit"
  readonly whose: Whose
  readonly keys: ReadonlyArray<{
    readonly id: string
    readonly isStale: boolean
    readonly act: "put" | "remove" | "expect"
    readonly due: number | null
    readonly texts: ReadonlyArray<number>
  }>
  /** Their subjects. */
  readonly newTexts: ReadonlyArray<string>
  /** The texts of each: named by how many there were before. */
  readonly events: ReadonlyArray<ReadonlyArray<number>>
  readonly remember: { readonly id: string; readonly isStale: boolean; readonly until: number } | null
}

export interface EraseStep {
  readonly _tag: "Erase"
  readonly whose: Whose
  readonly subject: string
  readonly limit: number
}

export type Step = CommitStep | EraseStep

export const IDS = ["a", "b", "c", "d"]
export const COMMANDS = ["agent:1/k", "agent:2/k"]
const SUBJECTS = ["v1", "v2"]

const time = fc.nat({ max: 9 })
const texts = fc.array(fc.nat({ max: 7 }), { maxLength: 3 })
const whose = fc.constantFrom("account" as const, "account" as const, "other" as const)

const anyCommit: fc.Arbitrary<CommitStep> = fc.record({
  _tag: fc.constant("Commit" as const),
  whose,
  keys: fc.uniqueArray(
    fc.record({
      id: fc.constantFrom(...IDS),
      isStale: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, fc.constant(true)),
      act: fc.constantFrom("put" as const, "put" as const, "remove" as const, "expect" as const),
      due: fc.option(time),
      texts
    }),
    { selector: ({ id }) => id }
  ),
  newTexts: fc.array(fc.constantFrom(...SUBJECTS), { maxLength: 2 }),
  events: fc.array(texts, { maxLength: 2 }),
  remember: fc.option(fc.record({ id: fc.constantFrom(...COMMANDS), isStale: fc.boolean(), until: time }))
})

const anyErasure: fc.Arbitrary<EraseStep> = fc.record({
  _tag: fc.constant("Erase" as const),
  whose,
  subject: fc.constantFrom(...SUBJECTS),
  limit: fc.integer({ min: 1, max: 3 })
})

/** Commands for a store; erasures only for one that erases. */
export const anyScript = (canErase: boolean): fc.Arbitrary<ReadonlyArray<Step>> =>
  fc.array<Step>(canErase ? fc.oneof({ weight: 6, arbitrary: anyCommit }, anyErasure) : anyCommit, {
    maxLength: 14,
    size: "max"
  })

interface Held {
  readonly version: number
  readonly value: unknown
  readonly due: number | null
  readonly texts: Iterable<string>
}

/** An account's store: maps and a list. */
export interface Model {
  readonly records: Map<string, Held>
  readonly texts: Map<string, { readonly subject: string; readonly value: string }>
  readonly log: Array<{ readonly id: string; readonly position: number; readonly texts: ReadonlyArray<string> }>
  /** Versions that each record had. */
  readonly versions: Map<string, Set<number>>
  textCount: number
}

export const empty = (): Model => ({
  records: new Map(),
  texts: new Map(),
  log: [],
  versions: new Map(),
  textCount: 0
})

/** References to those of the texts that were ever stored. */
export const named = (model: Model, numbers: ReadonlyArray<number>): ReadonlyArray<Content.ContentRef> =>
  numbers.filter((n) => n < model.textCount).map((n) => ref(`t${n}`))

export const textsOf = (model: Model, refs: Iterable<string>): ReadonlyMap<string, string> => {
  const found = new Map<string, string>()
  for (const one of refs) {
    const stored = model.texts.get(one)
    if (stored !== undefined) found.set(one, stored.value)
  }
  return found
}

export const dueOf = (model: Model, among: ReadonlyArray<string>, now: number): ReadonlyArray<string> =>
  among
    .flatMap((id) => {
      const due = model.records.get(id)?.due ?? null
      return due === null || due > now ? [] : [{ due, id }]
    })
    .sort((a, b) => a.due - b.due || (a.id < b.id ? -1 : 1))
    .map(({ id }) => id)
