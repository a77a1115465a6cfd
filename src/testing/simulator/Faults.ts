import type { Call } from "../faults/Around.ts"
import type { Fault } from "./History.ts"

/** Every kind of fault, as it is counted: what the plan holds, and what a host is born with. */
export const kinds = [
  ...(["Slow", "Unavailable", "LostAnswer", "Twice", "Stale", "Crash", "Reconnect"] as const),
  ...(["WakesTwice", "ClockSkew"] as const)
] as const
export type Kind = (typeof kinds)[number]

type AtHost = Extract<Fault, { readonly host: number }>

interface Armed {
  readonly fault: AtHost
  skip: number
  calls: number
}

/** The faults whose moment has come, waiting for the call that they strike; and how many have struck. */
export class Faults {
  readonly struck = new Map<Kind, number>()
  private armed: Array<Armed> = []

  arm(fault: AtHost): void {
    const skip = "skip" in fault ? fault.skip : 0
    this.armed.push({ fault, skip, calls: "calls" in fault ? fault.calls : 1 })
  }

  /** Nothing goes wrong any more. */
  disarm(): void {
    this.armed = []
  }

  /** The fault of a kind that strikes this call; whatever it does not strike, it counts. */
  strikes<Tag extends AtHost["_tag"]>(
    tag: Tag,
    host: number,
    call: Call
  ): Extract<AtHost, { readonly _tag: Tag }> | null {
    for (const one of this.armed) {
      const { fault } = one
      if (fault._tag !== tag || fault.host !== host || ("port" in fault && fault.port !== call.port)) continue
      if (one.skip-- > 0) continue
      if (--one.calls <= 0) this.armed = this.armed.filter((other) => other !== one)
      this.count(tag)
      return fault as Extract<AtHost, { readonly _tag: Tag }>
    }
    return null
  }

  count(kind: Kind): void {
    this.struck.set(kind, (this.struck.get(kind) ?? 0) + 1)
  }
}
