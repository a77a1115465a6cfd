/** What is to be done when: a binary heap. Of two things at one instant the one noted first comes first. */
export class Agenda<Act> {
  private readonly heap: Array<{ readonly at: number; readonly order: number; readonly act: Act }> = []
  private noted = 0

  get nextAt(): number | null {
    return this.heap[0]?.at ?? null
  }

  note(at: number, act: Act): void {
    const { heap } = this
    let child = heap.push({ at, order: this.noted++, act }) - 1
    while (child > 0) {
      const parent = (child - 1) >> 1
      if (!this.isBefore(child, parent)) return
      this.swap(child, parent)
      child = parent
    }
  }

  /** The next thing to do, taken off. */
  take(): Act | undefined {
    const { heap } = this
    const [first] = heap
    const last = heap.pop()
    if (last === undefined || first === undefined) return undefined
    if (heap.length > 0) {
      heap[0] = last
      this.sink()
    }
    return first.act
  }

  private sink(): void {
    let parent = 0
    for (;;) {
      const [left, right] = [2 * parent + 1, 2 * parent + 2]
      let least = parent
      if (left < this.heap.length && this.isBefore(left, least)) least = left
      if (right < this.heap.length && this.isBefore(right, least)) least = right
      if (least === parent) return
      this.swap(parent, least)
      parent = least
    }
  }

  private isBefore(a: number, b: number): boolean {
    const [left, right] = [this.heap[a], this.heap[b]]
    if (left === undefined || right === undefined) return false
    return left.at < right.at || (left.at === right.at && left.order < right.order)
  }

  private swap(a: number, b: number): void {
    const [left, right] = [this.heap[a], this.heap[b]]
    if (left === undefined || right === undefined) return
    this.heap[a] = right
    this.heap[b] = left
  }
}
