import type { Upcaster } from "./Upcast.ts"

type Json = Readonly<Record<string, unknown>>

/** What version 2 added to the payload of an event, by its tag. An event that is not named here is as it was. */
const since2: Readonly<Record<string, (payload: Json) => Json>> = {
  StatusChanged: (payload) => ({ ...payload, reason: "chosen" })
}

/** Version 2 came with presence, assigned routing and timers. */
const from1: Upcaster = {
  from: 1,
  lift: (envelope) => {
    const payload = envelope.payload
    if (typeof payload !== "object" || payload === null || !("_tag" in payload)) return { ...envelope }
    const lift = since2[String(payload._tag)]
    return { ...envelope, payload: lift === undefined ? payload : lift(payload as Json) }
  }
}

/** The steps that stored events are lifted by, all worlds' (K5). A step is never changed after its release. */
export const eventUpcasters: ReadonlyArray<Upcaster> = [from1]
