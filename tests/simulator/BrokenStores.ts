import { Effect } from "effect"
import type { Commit, CommonRecords, Key, RecordStore } from "leadline/ports"
import type { Around } from "leadline/testing"

/** Acknowledges every so many-th commit of a message without writing it. */
export const forgetful = (every: number): Around.Visit => {
  let messages = 0
  return <A, E>({ given, operation }: Around.Call, does: Effect.Effect<A, E>) =>
    Effect.suspend(() => {
      if (operation !== "commit") return does
      const change = given[1] as Commit<CommonRecords, { readonly _tag: string }>
      const isMessage = change.events.some(({ payload }) => payload._tag === "MessageSent")
      if (!isMessage || ++messages % every !== 0) return does
      return Effect.succeed({ versions: change.put.map(() => 1), positions: change.events.map(() => 1) } as A)
    })
}

/**
 * Writes also what was decided on versions that no longer hold: the last one wins, and so does the first. Only answers that
 * were remembered count (K1), so that a repeat is none.
 */
export const everybodyWins = <Store extends object>(store: Store): Store => {
  const { commit, get } = store as RecordStore<CommonRecords, unknown>
  const careless: typeof commit = (account, change) =>
    Effect.catchTag(commit(account, change), "Conflict", (conflict) =>
      Effect.gen(function* () {
        if (conflict.keys.some(({ kind }) => kind === "command")) return yield* conflict
        const keys: ReadonlyArray<Key<CommonRecords>> = change.expect.map(({ key }) => key)
        const expect = (yield* get(account, keys)).map(({ key, version }) => ({ key, version }))
        return yield* commit(account, { ...change, expect })
      })
    )
  return { ...store, commit: careless }
}
