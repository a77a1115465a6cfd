/**
 * What the desk has asked of a foreign CRM. A request that has ended has an outcome of its kind, a time, and no evidence
 * any more (J4).
 *
 * @module
 */
import fc from "fast-check"
import * as Instant from "../../domain/account/Instant.ts"
import * as NoticeRecipient from "../../domain/assignment/NoticeRecipient.ts"
import * as CrmRequest from "../../domain/request/CrmRequest.ts"
import * as CrmRequestEvent from "../../domain/request/CrmRequestEvent.ts"
import * as Account from "./Account.ts"
import * as Assignment from "./Assignment.ts"
import { deriving, type Known } from "./Derived.ts"
import * as Identity from "./Identity.ts"
import * as Record from "./Record.ts"

const base: Known = [[NoticeRecipient.NoticeRecipient, Assignment.noticeRecipient], ...Record.known]
const of = deriving(base)

export const crmRequestId: fc.Arbitrary<CrmRequest.CrmRequestId> = fc
  .nat({ max: 99 })
  .map((number) => CrmRequest.CrmRequestId.make(`request-${number}`))
export const textErased = of(CrmRequest.TextErased)
export const superseded = of(CrmRequest.Superseded)
export const requestRefusal = of(CrmRequest.RequestRefusal)
export const open = of(CrmRequest.Open)
export const outcome = of(CrmRequest.Outcome)

/** A lead is looked for by keys; its email is one of them (E3). */
export const wanted: fc.Arbitrary<CrmRequest.Wanted> = fc
  .tuple(of(CrmRequest.Wanted), Identity.emailKey, fc.option(Identity.phoneKey, { nil: null }))
  .map(([drawn, email, phone]) => (drawn._tag === "Lead" ? { ...drawn, evidence: { email, phone } } : drawn))

const [Made, Noted, PhoneSet, , Spread, Refused] = CrmRequest.Outcome.members
const outcomes = fc.record({
  Made: of(Made),
  Noted: of(Noted),
  PhoneSet: of(PhoneSet),
  Spread: of(Spread),
  Refused: of(Refused)
})

/** How each kind may end, besides `Refused`. */
const ends = { Lead: "Made", Note: "Noted", Phone: "PhoneSet", Copy: "Copied", Copies: "Spread" } as const

/** A request at any point of its life: opened, begun some times, settled with an outcome of its kind. */
export const crmRequest: fc.Arbitrary<CrmRequest.CrmRequest> = fc
  .record({
    id: crmRequestId,
    chatId: Account.chatId,
    wanted,
    requestedAt: Account.instant,
    begun: fc.nat({ max: 3 }),
    wait: fc.integer({ min: 1, max: 3_600_000 }),
    outcomes: fc.option(outcomes, { nil: null }),
    isRefused: fc.boolean()
  })
  .map(({ begun, chatId, id, isRefused, outcomes, requestedAt, wait, wanted }) => {
    const nextTryAt = Instant.plusMillis(requestedAt, wait)
    let request = CrmRequest.opened({ id, chatId, wanted }, requestedAt, nextTryAt)
    for (let times = 0; times < begun; times++) request = CrmRequest.begun(request, nextTryAt)
    if (outcomes === null) return request
    const kind = ends[wanted._tag]
    const outcome = isRefused ? outcomes.Refused : kind === "Copied" ? { _tag: kind } : outcomes[kind]
    return CrmRequest.settled(request, outcome, nextTryAt)
  })

/** On its way, or made: then it has a time from which the CRM's own word counts. */
export const leadClaim: fc.Arbitrary<CrmRequest.LeadClaim> = fc
  .record({
    requestId: crmRequestId,
    since: Account.instant,
    made: fc.option(fc.record({ lead: Record.recordId, owner: Account.userId }), { nil: null }),
    staleness: fc.nat({ max: 60_000 })
  })
  .map(({ made, requestId, since, staleness }) => ({
    requestId,
    since,
    made,
    until: made === null ? null : Instant.plusMillis(since, staleness)
  }))

export const crmRequestEvent = of(CrmRequestEvent.CrmRequestEvent)
