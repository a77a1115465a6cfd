import {
  Access,
  Ban,
  ChatLimit,
  ChatRefusal,
  CrmRefusal,
  CrmRequest,
  Dealing,
  Erasure,
  FeedCursor,
  Idempotency,
  LayoutRules,
  LeadOwner,
  Limits,
  Merging,
  Presence,
  Ringing,
  SearchText,
  Signal,
  TopmostManager,
  User,
  Webhook
} from "leadline"
import * as UseCases from "leadline/use-cases"
import * as Problem from "./Problem.ts"

/**
 * Every refusal with its status: 403 may not, 404 is not there, 409 not in this state, 410 not any more, 412 changed
 * meanwhile, 422 cannot be done with what was given.
 *
 * @module
 */

// asked of every command and query
export const AccessDenied = Problem.refusal(403, "Not allowed", Access.AccessDenied)
export const IdempotencyKeyReused = Problem.refusal(
  409,
  "The key was used for another command",
  Idempotency.IdempotencyKeyReused
)
export const BadIdempotencyKey = Problem.refusal(422, "Not an idempotency key", Idempotency.BadIdempotencyKey)

// texts and lists (D11)
export const TooLong = Problem.refusal(422, "Too long", Limits.TooLong)
export const TooMany = Problem.refusal(422, "Too many", Limits.TooMany)
export const Blank = Problem.refusal(422, "Blank", Limits.Blank)

// chats
export const ChatNotFound = Problem.refusal(404, "No such chat", ChatRefusal.ChatNotFound)
export const ChatAlreadyAnswered = Problem.refusal(409, "Somebody else was first", ChatRefusal.ChatAlreadyAnswered)
export const ChatIsClosed = Problem.refusal(409, "The chat is over", ChatRefusal.ChatIsClosed)
export const ChatNotWaiting = Problem.refusal(409, "The chat does not wait", ChatRefusal.ChatNotWaiting)
export const NotServing = Problem.refusal(409, "Only an agent who serves may", ChatRefusal.NotServing)
export const NotOffered = Problem.refusal(409, "Not offered to this agent", ChatRefusal.NotOffered)
export const OfferedToAnother = Problem.refusal(409, "Held out to another agent", ChatRefusal.OfferedToAnother)
export const ChatErased = Problem.refusal(410, "Its visitor was erased", ChatRefusal.ChatErased)
export const BadTag = Problem.refusal(422, "Not a tag", ChatRefusal.BadTag)
export const ChatIdTaken = Problem.refusal(409, "The id is taken", ChatRefusal.ChatIdTaken)
export const NotEligible = Problem.refusal(409, "Not for this agent now", Ringing.NotEligible)
export const AtLimit = Problem.refusal(409, "No free slot", ChatLimit.AtLimit)
export const NothingWaiting = Problem.refusal(409, "Nothing waits", UseCases.NothingWaiting)
export const LeaseEnded = Problem.refusal(410, "The console's lease has ended", Presence.LeaseEnded)
export const AgentNotFound = Problem.refusal(404, "No such agent", UseCases.AgentNotFound)
export const HoldsOffer = Problem.refusal(409, "The agent holds another offer", UseCases.HoldsOffer)
export const NobodyElseOnline = Problem.refusal(409, "Nobody else is online there", UseCases.NobodyElseOnline)
export const JoiningNotAllowed = Problem.refusal(
  409,
  "Agents may not join by themselves here",
  UseCases.JoiningNotAllowed
)
export const NoSuchMessage = Problem.refusal(404, "No such message", Signal.NoSuchMessage)
export const Banned = Problem.refusal(403, "Banned", Ban.Banned)
export const BeingErased = Problem.refusal(409, "The visitor is being erased", Erasure.BeingErased)
export const UnusableEmail = Problem.refusal(422, "The address takes no mail", UseCases.UnusableEmail)
export const CannotSearchBy = Problem.refusal(422, "Not searchable by that", SearchText.CannotSearchBy)
export const BadCursor = Problem.refusal(422, "Not a cursor of this list", FeedCursor.BadCursor)

// the panel, records, pools
export const RecordNotFound = Problem.refusal(404, "No such record", CrmRefusal.RecordNotFound)
export const RecordHidden = Problem.refusal(403, "Not visible to this caller", CrmRefusal.RecordHidden)
export const AlreadyCreated = Problem.refusal(409, "A lead was made from this chat", CrmRefusal.AlreadyCreated)
export const AlreadyMatched = Problem.refusal(409, "A record matches", CrmRefusal.AlreadyMatched)
export const MatchHidden = Problem.refusal(409, "A record matches that is not visible", CrmRefusal.MatchHidden)
export const NoEmail = Problem.refusal(409, "No email is known", UseCases.NoEmail)
export const NoMatch = Problem.refusal(409, "No record matches", UseCases.NoMatch)
export const NotALead = Problem.refusal(409, "Not a lead", UseCases.NotALead)
export const NoCardUrl = Problem.refusal(404, "Cards have no address here", UseCases.NoCardUrl)
export const NoLeadMade = Problem.refusal(404, "No lead was made from this chat", UseCases.NoLeadMade)
export const CrmPending = Problem.refusal(409, "The CRM is still at it", UseCases.CrmPending)
export const TextErased = Problem.refusal(410, "The text was erased", CrmRequest.TextErased)
export const Superseded = Problem.refusal(409, "A later request took its place", CrmRequest.Superseded)
export const OwnerNotAllowed = Problem.refusal(422, "Not an owner to choose here", LeadOwner.OwnerNotAllowed)
export const OwnerRequired = Problem.refusal(422, "Choose an owner", LeadOwner.OwnerRequired)
export const NoActiveUser = Problem.refusal(409, "No active user", TopmostManager.NoActiveUser)
export const PoolNotFound = Problem.refusal(404, "No such pool", UseCases.PoolNotFound)
export const PoolExists = Problem.refusal(409, "The pool exists", UseCases.PoolExists)
export const DeletedPool = Problem.refusal(410, "The pool was deleted", Dealing.DeletedPool)
export const NotLive = Problem.refusal(409, "The record is not live", Merging.NotLive)
export const SameRecord = Problem.refusal(422, "One record, twice", Merging.SameRecord)
export const KindsDiffer = Problem.refusal(422, "Records of different kinds", Merging.KindsDiffer)
export const ReportingCycle = Problem.refusal(409, "Users would report in a circle", User.ReportingCycle)
export const FieldIdTaken = Problem.refusal(409, "The field's id is taken", UseCases.FieldIdTaken)

// layouts, settings, erasure
export const VersionChanged = Problem.refusal(412, "Changed meanwhile", UseCases.VersionChanged)
export const FieldNotAvailable = Problem.refusal(422, "No such field", LayoutRules.FieldNotAvailable)
export const FieldAlreadyShown = Problem.refusal(409, "The field is shown already", LayoutRules.FieldAlreadyShown)
export const FieldNotShown = Problem.refusal(409, "The field is not shown", LayoutRules.FieldNotShown)
export const LayoutInvalid = Problem.refusal(422, "Not a layout", LayoutRules.LayoutInvalid)
export const StaleDraft = Problem.refusal(409, "The draft began before the last publication", LayoutRules.StaleDraft)
export const VersionNotFound = Problem.refusal(404, "No such version", LayoutRules.VersionNotFound)
export const BadSettings = Problem.refusal(422, "Not settings", UseCases.BadSettings)
export const ErasureNotFound = Problem.refusal(404, "No such erasure", Erasure.ErasureNotFound)
export const NobodyNamed = Problem.refusal(422, "Nobody was named", Erasure.NobodyNamed)
export const UnusableAddress = Problem.refusal(422, "The address compares with nothing", Erasure.UnusableAddress)

// of HTTP itself
export const KindMismatch = Problem.refusal(422, "Another kind of record than in the path", Problem.KindMismatch)
export const OneByOnly = Problem.refusal(422, "By one of agent, user, team and group", Problem.OneByOnly)
export const BadRequest = Problem.refusal(400, "Not a request as described", Problem.BadRequest)
export const Unauthenticated = Problem.refusal(401, "Who are you?", Problem.Unauthenticated)
export const WrongCaller = Problem.refusal(403, "Not for callers of this kind", Problem.WrongCaller)
export const NotFound = Problem.refusal(404, "No such route", Problem.NotFound)
export const MethodNotAllowed = Problem.refusal(405, "Not by this method", Problem.MethodNotAllowed)
export const UnsupportedMediaType = Problem.refusal(415, "Not JSON", Problem.UnsupportedMediaType)
export const BodyTooLarge = Problem.refusal(413, "Too large", Problem.BodyTooLarge)
export const TooManyRequests = Problem.refusal(429, "Too many requests", Problem.TooManyRequests)
export const InternalError = Problem.refusal(500, "A defect of ours", Problem.InternalError)

/** What any command on a chat may refuse, besides its own. */
export const ofChats = [
  ...[ChatNotFound, ChatAlreadyAnswered, ChatIsClosed, ChatNotWaiting, NotServing, NotOffered, OfferedToAnother],
  ...[ChatErased, BadTag, ChatIdTaken, TooLong, TooMany, Blank]
] as const

/** What taking a chat may refuse, besides. */
export const ofTaking = [...ofChats, NotEligible, AtLimit] as const

/** What writes to a CRM from beside a chat may refuse, besides (E5, F1). */
export const ofCrmWrites = [
  ...[...ofChats, RecordNotFound, RecordHidden, AlreadyCreated, AlreadyMatched, MatchHidden],
  ...[OwnerNotAllowed, OwnerRequired, NoActiveUser, TextErased, Superseded, CrmPending]
] as const

// webhooks
export const WebhookNotFound = Problem.refusal(404, "No such webhook", Webhook.WebhookNotFound)
export const UnusableUrl = Problem.refusal(422, "Not an address to post to", Webhook.UnusableUrl)
