import { Order } from "effect"
import type { Instant } from "../account/Instant.ts"
import type { RecordKeys } from "../record/Record.ts"
import { type MatchableRef, toKey } from "../record/RecordRef.ts"
import type { EmailKey } from "./EmailKey.ts"
import type { PhoneKey } from "./PhoneKey.ts"

/** What a visitor's claim is compared by (A2). It finds records; it never changes them (A8). */
export interface Evidence {
  readonly email: EmailKey | null
  readonly phone: PhoneKey | null
}

/** What matching needs to know of a record. */
export interface Candidate {
  readonly ref: MatchableRef
  /** Aliases included (A5). */
  readonly keys: RecordKeys
  readonly updatedAt: Instant
  readonly isLive: boolean
}

/** A record that matches, and by which address; by the email if by both (A3). */
export interface Matched {
  readonly ref: MatchableRef
  readonly by: "email" | "phone"
}

/** All records that match, the primary first (A3). `NoEvidence`: there was nothing to compare by. */
export type Match =
  | { readonly _tag: "Match"; readonly records: readonly [Matched, ...ReadonlyArray<Matched>] }
  | { readonly _tag: "None" }
  | { readonly _tag: "NoEvidence" }

/** The addresses that the account's match strategy lets compare (A2). */
export const evidenceFor = (
  strategy: "emailOnly" | "emailOrPhone",
  email: EmailKey | null,
  phone: PhoneKey | null
): Evidence => ({ email, phone: strategy === "emailOrPhone" ? phone : null })

/**
 * The candidates that match, in A3's order; only live ones (A5). The order of the candidates does not matter, and a
 * record that is among them twice, as two indexes may find it, matches once.
 */
export const match = (evidence: Evidence, candidates: Iterable<Candidate>): Match => {
  if (evidence.email === null && evidence.phone === null) return { _tag: "NoEvidence" }
  const hits: Array<Hit> = []
  for (const candidate of candidates) {
    const by = candidate.isLive ? hitBy(evidence, candidate.keys) : null
    if (by !== null) hits.push({ ref: candidate.ref, by, updatedAt: candidate.updatedAt })
  }
  const [primary, ...others] = firstOfEach(hits.sort(order))
  return primary === undefined ? { _tag: "None" } : { _tag: "Match", records: [primary, ...others] }
}

interface Hit extends Matched {
  readonly updatedAt: Instant
}

const hitBy = ({ email, phone }: Evidence, keys: RecordKeys): Matched["by"] | null => {
  if (email !== null && keys.emails.includes(email)) return "email"
  return phone !== null && keys.phones.includes(phone) ? "phone" : null
}

const ranks = { email: 0, phone: 1, person: 0, company: 1, lead: 2 } as const

/** A3: email before phone; person, company, lead; most recently updated; id by UTF-16 code units, as `<` compares. */
const order: Order.Order<Hit> = Order.combineAll([
  Order.mapInput(Order.Number, (hit) => ranks[hit.by]),
  Order.mapInput(Order.Number, (hit) => ranks[hit.ref.kind]),
  Order.mapInput(Order.flip(Order.Number), (hit) => hit.updatedAt),
  Order.mapInput(Order.String, (hit) => hit.ref.id)
])

/** Of each record its first hit. */
const firstOfEach = (hits: ReadonlyArray<Hit>): ReadonlyArray<Matched> => {
  const byKey = new Map<string, Matched>()
  for (const { ref, by } of hits) {
    const key = toKey(ref)
    if (!byKey.has(key)) byKey.set(key, { ref, by })
  }
  return [...byKey.values()]
}
