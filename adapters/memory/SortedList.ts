/** Longest block. decision: moving so many pointers is nothing, and a million items are some thousands of blocks. */
const BLOCK = 512

/**
 * Items in order, found by their places and by halving. Kept in blocks, so that adding and removing cost the same at
 * the ends and in the middle, among ten items and among a million. No two items have one place.
 */
export class SortedList<Item extends Place, Place = Item> {
  private readonly blocks: Array<Array<Item>> = []
  private readonly before: (a: Place, b: Place) => boolean

  /** `before` says whether one place comes strictly before another. */
  constructor(before: (a: Place, b: Place) => boolean) {
    this.before = before
  }

  add(item: Item): void {
    const index = Math.max(0, Math.min(this.blockOf(item), this.blocks.length - 1))
    const block = this.blocks[index]
    if (block === undefined) {
      this.blocks.push([item])
      return
    }
    block.splice(this.indexIn(block, item), 0, item)
    if (block.length > BLOCK) this.blocks.splice(index + 1, 0, block.splice(BLOCK / 2))
  }

  /** Removes the item at a place, if there is one. */
  remove(place: Place): void {
    const index = this.blockOf(place)
    const block = this.blocks[index]
    if (block === undefined) return
    const at = this.indexIn(block, place)
    const found = block[at]
    if (found !== undefined && !this.before(place, found)) block.splice(at, 1)
    if (block.length === 0) this.blocks.splice(index, 1)
  }

  /** The items that do not come before a place, in order; `null`: all. */
  *from(place: Place | null): Generator<Item, undefined> {
    let index = place === null ? 0 : this.blockOf(place)
    let block = this.blocks[index]
    let at = place === null || block === undefined ? 0 : this.indexIn(block, place)
    while (block !== undefined) {
      const item = block[at++]
      if (item !== undefined) yield item
      else {
        block = this.blocks[++index]
        at = 0
      }
    }
  }

  /** The first items that do not come before a place, at most `limit`. */
  take(place: Place | null, limit: number): ReadonlyArray<Item> {
    const taken: Array<Item> = []
    for (const item of this.from(place)) {
      if (taken.length >= limit) break
      taken.push(item)
    }
    return taken
  }

  /** The first block whose last item does not come before a place. */
  private blockOf(place: Place): number {
    return firstIndex(this.blocks, (block) => {
      const last = block.at(-1)
      return last !== undefined && this.before(last, place)
    })
  }

  private indexIn(block: ReadonlyArray<Item>, place: Place): number {
    return firstIndex(block, (item) => this.before(item, place))
  }
}

/** The first index whose item is not before what is looked for. */
const firstIndex = <A>(items: ReadonlyArray<A>, isBefore: (item: A) => boolean): number => {
  let [low, high] = [0, items.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    const found = items[middle]
    if (found !== undefined && isBefore(found)) low = middle + 1
    else high = middle
  }
  return low
}

/** Newest first by (at, id), ids compared as strings by code unit: the order of feeds (H4). */
export interface Dated {
  readonly at: number
  readonly id: string
}

export const newestFirst = (a: Dated, b: Dated): boolean => a.at > b.at || (a.at === b.at && a.id > b.id)

/**
 * The newest items of several lists, merged, each id once, strictly older than `after`, at most `limit`. Looks at no
 * more than lists × (limit + what does not pass) items.
 */
export const mergeNewest = <Item extends Dated>(
  lists: ReadonlyArray<SortedList<Item, Dated>>,
  after: Dated | null,
  limit: number,
  passes: (item: Item) => boolean
): ReadonlyArray<Item> => {
  const heads = lists.map((list) => {
    const items = list.from(after)
    return { items, next: items.next().value }
  })
  const merged: Array<Item> = []
  while (merged.length < limit) {
    let newest: Item | undefined
    for (const { next } of heads) {
      if (next !== undefined && (newest === undefined || newestFirst(next, newest))) newest = next
    }
    if (newest === undefined) break
    for (const head of heads) if (head.next?.id === newest.id) head.next = head.items.next().value
    if ((after === null || newestFirst(after, newest)) && passes(newest)) merged.push(newest)
  }
  return merged
}
