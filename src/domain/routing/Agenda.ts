/** When something is due; at one instant smaller ranks come first, then smaller lots, then what was put down first. */
export interface Due {
  readonly at: number
  readonly rank: number
  readonly lot: number
}

interface Entry<Item> {
  readonly item: Item
  readonly turn: number
}

/** What is still to happen, in order of time: a binary heap, O(log n) for each item. */
export class Agenda<Item extends Due> {
  private readonly heap: Array<Entry<Item>> = []
  private turns = 0

  /** When the next item is due; `null`: none is. */
  get nextAt(): number | null {
    return this.heap[0]?.item.at ?? null
  }

  push(item: Item): void {
    const entry = { item, turn: this.turns++ }
    let at = this.heap.length
    while (at > 0) {
      const above = (at - 1) >> 1
      const parent = this.heap[above]
      if (parent === undefined || isBefore(parent, entry)) break
      this.heap[at] = parent
      at = above
    }
    this.heap[at] = entry
  }

  pop(): Item | null {
    const first = this.heap[0]
    const last = this.heap.pop()
    if (first === undefined || last === undefined) return null
    if (last !== first) this.sink(last)
    return first.item
  }

  private sink(entry: Entry<Item>): void {
    let at = 0
    for (;;) {
      const [left, right] = [this.heap[2 * at + 1], this.heap[2 * at + 2]]
      if (left === undefined) break
      const [child, below] = right !== undefined && isBefore(right, left) ? [right, 2 * at + 2] : [left, 2 * at + 1]
      if (isBefore(entry, child)) break
      this.heap[at] = child
      at = below
    }
    this.heap[at] = entry
  }
}

const isBefore = (a: Entry<Due>, b: Entry<Due>): boolean => {
  const { item: one, turn } = a
  const { item: other } = b
  if (one.at !== other.at) return one.at < other.at
  if (one.rank !== other.rank) return one.rank < other.rank
  return one.lot !== other.lot ? one.lot < other.lot : turn < b.turn
}
