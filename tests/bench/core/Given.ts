import { createHash } from "node:crypto"

/** A personal text on its way in, with what stands for it in events. Both sides are given the same. */
export interface Text {
  readonly typed: string
  readonly ref: string
  readonly commitment: string
}

/** What the flow is about. */
export interface Given {
  readonly from: number
  readonly name: Text
  readonly email: Text
  readonly messages: ReadonlyArray<Text>
  /** What the lead's feed holds already, newest first. */
  readonly earlier: ReadonlyArray<{ readonly at: number; readonly id: string }>
}

/** What both sides say came out. */
export interface Outcome {
  readonly emailKey: string | null
  readonly lastName: string
  readonly digest: string
  readonly messages: { readonly total: number; readonly visitor: number; readonly agent: number }
  readonly servedBy: ReadonlyArray<string>
  readonly owner: string
  /** Who is dealt to next. */
  readonly next: string | null
  readonly serving: number
  readonly events: number
  readonly beginning: string
  readonly feed: ReadonlyArray<string>
  readonly hasMore: boolean
}

const MESSAGES = 15
const EARLIER = 11

const text = (typed: string, n: number): Text => ({
  typed,
  ref: `text-${n}`,
  commitment: createHash("sha256").update(typed).digest("hex")
})

export const given: Given = {
  from: 1_700_000_000_000,
  name: text("Zoë van der Berg", 0),
  email: text("Zoe.Berg@Example.COM", 1),
  messages: Array.from({ length: MESSAGES }, (_, n) =>
    text(`Message ${n}: where is my order? I ordered on Monday and have not heard of it since.`, n + 2)
  ),
  earlier: Array.from({ length: EARLIER }, (_, n) => ({ at: 1_600_000_000_000 - n, id: `note-${n}` }))
}
