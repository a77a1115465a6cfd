import { type HeapProfiler, Session } from "node:inspector/promises"

/**
 * Counts the bytes that some work allocates, whatever becomes of them: V8's heap profiler with an interval of one byte
 * takes every allocation as a sample. The same work allocates the same but for what V8 does once (feedback, code), so
 * the least of some rounds is taken.
 */
export class Allocations {
  private readonly session = new Session()

  constructor() {
    this.session.connect()
  }

  /** The least bytes of some rounds of the same work. */
  async least(rounds: number, work: () => Promise<unknown>): Promise<number> {
    let least = Number.POSITIVE_INFINITY
    for (let round = 0; round < rounds; round++) least = Math.min(least, await this.once(work))
    return least
  }

  stop(): void {
    this.session.disconnect()
  }

  private async once(work: () => Promise<unknown>): Promise<number> {
    await this.session.post("HeapProfiler.startSampling", {
      samplingInterval: 1,
      includeObjectsCollectedByMajorGC: true,
      includeObjectsCollectedByMinorGC: true
    })
    await work()
    const { profile } = await this.session.post("HeapProfiler.stopSampling")
    return bytesBelow(profile.head)
  }
}

const bytesBelow = (node: HeapProfiler.SamplingHeapProfileNode): number =>
  node.children.reduce((sum, child) => sum + bytesBelow(child), node.selfSize)
