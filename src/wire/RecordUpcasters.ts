import type { Upcaster } from "./Upcast.ts"

type Json = Readonly<Record<string, unknown>>

/** Lifts the value of a snapshot, by kind; one that is not named here is as it was. */
type Lifts = Readonly<Record<string, (value: Json) => Json>>

/** Version 2 came with presence, assigned routing and timers. */
const since2: Lifts = {
  /** B8: hours came; whoever had none stays always open. */
  settings: (value) => ({ hours: null, ...value })
}

const step = (from: number, lift: ((value: Json) => Json) | undefined): Upcaster => ({
  from,
  lift: (snapshot) => {
    const value = snapshot.value
    return lift === undefined || typeof value !== "object" || value === null
      ? { ...snapshot }
      : { ...snapshot, value: lift(value as Json) }
  }
})

/** The steps that stored snapshots of a kind are lifted by (K5). A step is never changed after its release. */
export const recordUpcasters = (kind: string): ReadonlyArray<Upcaster> => [step(1, since2[kind])]
