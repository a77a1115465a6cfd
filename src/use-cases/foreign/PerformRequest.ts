import { Effect, Result } from "effect"
import type { Texts } from "../../domain/account/Content.ts"
import type { AccountId } from "../../domain/account/Id.ts"
import type { KeyRefusal } from "../../domain/account/Idempotency.ts"
import * as LeadName from "../../domain/record/LeadName.ts"
import * as CrmRequest from "../../domain/request/CrmRequest.ts"
import { Crm, type CrmShape, type LeadMade, type NewLead, type OwnerWanted, type Written } from "../../ports/Crm.ts"
import { DeskStore } from "../../ports/DeskStore.ts"
import { StoreError } from "../../ports/StoreError.ts"
import { currentSettings } from "../execution/Rights.ts"
import { performCopies, performCopy } from "./CopyChat.ts"
import { claimKey, searchesFirst } from "./Requests.ts"
import { toldOfLead, toldOfNote } from "./Telling.ts"

type Wanted<Tag> = Extract<CrmRequest.Wanted, { readonly _tag: Tag }>
type Request = CrmRequest.OpenRequest

/** Asks the CRM for what is wanted, unless an earlier attempt got it. Fails only with what a later try may mend. */
export const perform = Effect.fnUntraced(function* (account: AccountId, request: Request) {
  const { wanted } = request
  switch (wanted._tag) {
    case "Lead":
      return yield* performLead(account, request, wanted)
    case "Note":
      return yield* performNote(account, request, wanted)
    case "Phone":
      return yield* performPhone(account, request, wanted)
    case "Copy":
      return yield* performCopy(account, request.chatId, wanted.record)
    case "Copies":
      return yield* performCopies(account, request.chatId)
  }
})

const refused = (refusal: CrmRequest.RequestRefusal): CrmRequest.Outcome => ({ _tag: "Refused", refusal })

/** On a repeat: what an earlier attempt left under the mark. The request was not due before it could be found. */
const found = Effect.fnUntraced(function* <Tag extends Written["_tag"]>(
  crm: CrmShape,
  account: AccountId,
  by: NewLead["creator"],
  request: Request,
  tag: Tag
) {
  if (request.state.attempts === 1 || !searchesFirst(crm)) return null
  const written = yield* crm.findWritten(account, by, request.id)
  return written?._tag === tag ? (written as Extract<Written, { readonly _tag: Tag }>) : null
})

/** The request's id is nobody else's: a CRM that says so is broken. */
const isKeyRefusal = (error: { readonly _tag: string }): error is KeyRefusal =>
  error._tag === "IdempotencyKeyReused" || error._tag === "BadIdempotencyKey"

/** A refusal is an outcome; a failure of the world is not. */
const outcome = <A, E extends { readonly _tag: string }>(
  answer: Result.Result<A, E>,
  done: (made: A) => CrmRequest.Outcome
): Effect.Effect<CrmRequest.Outcome, StoreError> => {
  if (Result.isSuccess(answer)) return Effect.succeed(done(answer.success))
  const error: { readonly _tag: string } = answer.failure
  if (error instanceof StoreError) return Effect.fail(error)
  return isKeyRefusal(error)
    ? Effect.fail(new StoreError({ reason: "corrupt", isRetryable: false, operation: "Crm", cause: error }))
    : Effect.succeed(refused(error as CrmRequest.RequestRefusal))
}

const textsOf = Effect.fnUntraced(function* (account: AccountId, request: Request) {
  return yield* (yield* DeskStore).contents(account, CrmRequest.contentsOf(request))
})

/**
 * The lead, once. Where the CRM checks nothing in its own commit it is searched first; that this request holds its
 * claims since before the search makes the search sure to see every lead of ours.
 */
const performLead = Effect.fnUntraced(function* (account: AccountId, request: Request, wanted: Wanted<"Lead">) {
  const crm = yield* Crm
  const before = yield* found(crm, account, wanted.creator, request, "Lead")
  if (before !== null) return yield* made(account, wanted, before)
  const texts = yield* textsOf(account, request)
  const lead = leadOf(request, wanted, texts, yield* ownerOf(account, wanted), storesNote(crm))
  if (lead === null) return refused({ _tag: "TextErased" })
  if (!crm.capabilities.atomicIdentity) {
    const { matched, visible } = yield* crm.match(account, wanted.viewer, wanted.evidence)
    if (matched.length > 0) return refused(matchRefusal(visible))
  }
  const answer = yield* Effect.result(crm.createLead(account, lead, request.id))
  if (Result.isSuccess(answer)) return yield* made(account, wanted, answer.success)
  return yield* outcome(answer, () => refused({ _tag: "TextErased" }))
})

/** E1, E5: what matches and may be seen; or that something matches. */
export const matchRefusal = (visible: Extract<CrmRequest.RequestRefusal, { _tag: "AlreadyMatched" }>["records"]) =>
  visible.length === 0
    ? ({ _tag: "MatchHidden", noteStored: false } as const)
    : ({ _tag: "AlreadyMatched", records: visible, noteStored: false } as const)

/**
 * Whether `createLead` stores the note, too. A CRM of markers has no transactions: lead and note are two writes, each
 * with a mark of its own.
 */
export const storesNote = ({ capabilities }: CrmShape): boolean => capabilities.idempotentWrites === "native"

const made = Effect.fnUntraced(function* (
  account: AccountId,
  wanted: Wanted<"Lead">,
  { lead, owner, ...answer }: Omit<LeadMade, "decision"> & { readonly decision: LeadMade["decision"] | null }
) {
  const decision = wanted.decision ?? answer.decision
  if (decision === null) {
    return yield* new StoreError({ reason: "corrupt", isRetryable: false, operation: "Crm.findWritten: no decision" })
  }
  const told = yield* toldOfLead(account, wanted, owner, answer.told)
  const noteStored = wanted.note !== null
  return { _tag: "Made", lead, owner, decision, noteStored, told } satisfies CrmRequest.Outcome
})

const ownerOf = Effect.fnUntraced(function* (account: AccountId, { decision, picked }: Wanted<"Lead">) {
  if (decision !== null) return { _tag: "Decided", decision } satisfies OwnerWanted
  const { accessToCrmData: access, anyOwnerAllowed, leadOwners } = yield* currentSettings({ account })
  return { _tag: "ByPolicy", anyOwnerAllowed, configured: leadOwners, access, picked } satisfies OwnerWanted
})

/** `null`: the email was erased meanwhile (J4); a name, a phone or a note that was is left out. */
const leadOf = (
  request: Request,
  wanted: Wanted<"Lead">,
  texts: Texts,
  owner: OwnerWanted,
  withNote: boolean
): NewLead | null => {
  const text = (content: typeof wanted.name) => (content === null ? null : (texts.get(content.ref) ?? null))
  const email = text(wanted.email)
  if (email === null) return null
  const { creator, creatorUser, defaultRegion, evidence, source, status, viewer } = wanted
  return {
    ...{ chatId: request.chatId, evidence, email, owner, creator, creatorUser, viewer, status, source, defaultRegion },
    ...LeadName.fromVisitor({ name: text(wanted.name), email }),
    phone: text(wanted.phone),
    note: withNote ? text(wanted.note) : null
  }
}

const performNote = Effect.fnUntraced(function* (account: AccountId, request: Request, wanted: Wanted<"Note">) {
  const crm = yield* Crm
  const before = yield* found(crm, account, wanted.author, request, "Note")
  const told = (native: Parameters<typeof toldOfNote>[2]) => toldOfNote(account, wanted, native)
  if (before !== null) {
    return { _tag: "Noted", activityId: before.activityId, told: yield* told(before.told) } satisfies CrmRequest.Outcome
  }
  const text = (yield* textsOf(account, request)).get(wanted.text.ref)
  if (text === undefined) return refused({ _tag: "TextErased" })
  const { author, authorUser, record, viewer } = wanted
  const note = { record, text, chatId: request.chatId, author, authorUser, viewer }
  const answer = yield* Effect.result(crm.addNote(account, note, request.id))
  if (Result.isFailure(answer)) return yield* outcome(answer, () => refused({ _tag: "TextErased" }))
  const { activityId } = answer.success
  return { _tag: "Noted", activityId, told: yield* told(answer.success.told) } satisfies CrmRequest.Outcome
})

/** A phone that a later change has overtaken is not set: the lead would have the older one. */
const performPhone = Effect.fnUntraced(function* (account: AccountId, request: Request, wanted: Wanted<"Phone">) {
  const crm = yield* Crm
  const before = yield* found(crm, account, wanted.by, request, "Phone")
  if (before !== null) return { _tag: "PhoneSet", isChanged: before.isChanged } satisfies CrmRequest.Outcome
  const [claim] = yield* (yield* DeskStore).get(account, [claimKey(CrmRequest.phoneClaimOf(wanted.lead))])
  if (claim.value?.requestId !== request.id) return refused({ _tag: "Superseded" })
  const phone = (yield* textsOf(account, request)).get(wanted.phone.ref)
  if (phone === undefined) return refused({ _tag: "TextErased" })
  const { by, defaultRegion, lead, viewer } = wanted
  const answer = yield* Effect.result(crm.changePhone(account, { lead, phone, by, viewer, defaultRegion }, request.id))
  return yield* outcome(answer, ({ isChanged }) => ({ _tag: "PhoneSet", isChanged }))
})
