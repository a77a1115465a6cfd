/** Seeded chance: the same seed, the same history. Mulberry32 (T. Ettinger, public domain), short and good enough. */
export interface Chance {
  /** From 0 up to 1. */
  readonly next: () => number
  /** A whole number, both ends included. */
  readonly between: (least: number, most: number) => number
  /** True so often, from 0 to 1. */
  readonly is: (probability: number) => boolean
  /** One of several, each with its weight. */
  readonly weighted: <A>(items: ReadonlyArray<readonly [weight: number, item: A]>, otherwise: A) => A
}

export const make = (seed: number): Chance => {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    next,
    between: (least, most) => least + Math.floor(next() * (most - least + 1)),
    is: (probability) => next() < probability,
    weighted: (items, otherwise) => {
      let left = next() * items.reduce((sum, [weight]) => sum + weight, 0)
      for (const [weight, item] of items) {
        left -= weight
        if (left < 0) return item
      }
      return otherwise
    }
  }
}

/** A seed of its own for a part of a history: what one part rolls does not move what the others get. */
export const branch = (seed: number, part: number): number => Math.imul(seed ^ (part * 0x9e3779b1), 0x85ebca6b) >>> 0
