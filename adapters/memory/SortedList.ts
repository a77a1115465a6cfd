/** Items in order, found by halving. `before` says whether one comes strictly before another. */
export class SortedList<Item> {
  private readonly items: Array<Item> = []
  private readonly before: (a: Item, b: Item) => boolean

  constructor(before: (a: Item, b: Item) => boolean) {
    this.before = before
  }

  get size(): number {
    return this.items.length
  }

  /** Adds an item. Cost: a search and a shift; nothing where it is the last. */
  add(item: Item): void {
    this.items.splice(this.indexOf(item), 0, item)
  }

  /** Removes the item at its place, if it is there. */
  remove(item: Item): void {
    const at = this.indexOf(item)
    const found = this.items[at]
    if (found !== undefined && !this.before(item, found)) this.items.splice(at, 1)
  }

  at(index: number): Item | undefined {
    return this.items[index]
  }

  /** The first index whose item does not come before `item`. */
  indexOf(item: Item): number {
    let [low, high] = [0, this.items.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      const found = this.items[middle]
      if (found !== undefined && this.before(found, item)) low = middle + 1
      else high = middle
    }
    return low
  }

  /** At most `limit` items from an index on that pass. */
  take(from: number, limit: number, passes: (item: Item) => boolean = () => true): ReadonlyArray<Item> {
    const taken: Array<Item> = []
    for (let at = from; at < this.items.length && taken.length < limit; at++) {
      const item = this.items[at]
      if (item !== undefined && passes(item)) taken.push(item)
    }
    return taken
  }
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
  lists: ReadonlyArray<SortedList<Item>>,
  after: Dated | null,
  limit: number,
  passes: (item: Item) => boolean
): ReadonlyArray<Item> => {
  const heads = lists.map((list) => {
    if (after === null) return { list, at: 0 }
    const place = list.indexOf(after as Item)
    const found = list.at(place)
    return { list, at: found !== undefined && found.at === after.at && found.id === after.id ? place + 1 : place }
  })
  const merged: Array<Item> = []
  while (merged.length < limit) {
    let newest: Item | undefined
    for (const head of heads) {
      const item = head.list.at(head.at)
      if (item !== undefined && (newest === undefined || newestFirst(item, newest))) newest = item
    }
    if (newest === undefined) break
    for (const head of heads) if (head.list.at(head.at)?.id === newest.id) head.at++
    if (passes(newest)) merged.push(newest)
  }
  return merged
}
