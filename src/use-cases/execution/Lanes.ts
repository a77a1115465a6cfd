import { Effect, Semaphore } from "effect"

interface Lane {
  readonly semaphore: Semaphore.Semaphore
  waiting: number
}

/** One lane per thing of one store in this process. */
const lanes = new WeakMap<object, Map<string, Lane>>()

/**
 * Runs what is done with a thing of a store alone in this process, one after another. Among processes the versions of its
 * records rule.
 */
export const inLane = <A, E, R>(store: object, key: string, effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.suspend(() => {
    const ofStore = lanes.get(store) ?? new Map<string, Lane>()
    lanes.set(store, ofStore)
    const lane = ofStore.get(key) ?? { semaphore: Semaphore.makeUnsafe(1), waiting: 0 }
    ofStore.set(key, lane)
    lane.waiting++
    return Effect.ensuring(
      lane.semaphore.withPermit(effect),
      Effect.sync(() => {
        lane.waiting--
        if (lane.waiting === 0) ofStore.delete(key)
      })
    )
  })
