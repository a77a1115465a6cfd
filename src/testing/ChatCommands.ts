/**
 * Command sequences for one chat: what visitors, agents and timers may ask in any order, sensible or not, with a clock
 * that also goes backwards. Plain data: a failing sequence shrinks to few short steps and prints as it is.
 *
 * @example
 * ```ts
 * import fc from "fast-check"
 * import { Chat } from "leadline"
 * import { ChatCommands } from "leadline/testing"
 *
 * // once closed, closed for ever (D1)
 * fc.assert(
 *   fc.property(ChatCommands.steps(), (steps) =>
 *     ChatCommands.play(steps).every(
 *       ({ after, before }) => before === null || !Chat.isClosed(before) || (after !== null && Chat.isClosed(after))
 *     )
 *   )
 * )
 * ```
 *
 * @module
 */
import { Result } from "effect"
import fc from "fast-check"
import type { ContentRef, StoredContent } from "../domain/account/Content.ts"
import { AgentId, ChatId, DepartmentId, ErasureId, UserId, VisitorId } from "../domain/account/Id.ts"
import * as Instant from "../domain/account/Instant.ts"
import type { Chat } from "../domain/chat/Chat.ts"
import { CloseReason, Rating } from "../domain/chat/Chat.ts"
import type { ChatCommand, ChatRefusal, Details, Text } from "../domain/chat/ChatCommand.ts"
import { decide } from "../domain/chat/ChatDecide.ts"
import type { ChatEvent } from "../domain/chat/ChatEvent.ts"
import { evolve } from "../domain/chat/ChatEvolve.ts"
import * as Commitment from "../domain/chat/Commitment.ts"
import { RecordId } from "../domain/record/RecordRef.ts"
import * as HostileText from "./HostileText.ts"

/** The chat all commands are about. */
export const chatId: ChatId = ChatId.make("chat-1")

/** The chat's visitor, and one who asks for a chat with the same id. */
export const visitorId: VisitorId = VisitorId.make("visitor-1")
export const otherVisitorId: VisitorId = VisitorId.make("visitor-2")

/** Who serves. Four, because three can wait while the first has answered and one more comes. */
export const agentIds = [
  AgentId.make("agent-1"),
  AgentId.make("agent-2"),
  AgentId.make("agent-3"),
  AgentId.make("agent-4")
] as const

/** When a sequence begins. decision: a real date, because times far from zero find other faults. */
export const START: Instant.Instant = Instant.fromMillis(Date.UTC(2026, 0, 1))

/** A command and the clock when it is decided. */
export interface Step {
  readonly command: ChatCommand
  readonly now: Instant.Instant
}

/** What a sequence may hold. */
export interface Options {
  /** Steps after the first. Default 30. */
  readonly maxLength?: number
  /** What is typed into details, messages and comments. Default: {@link HostileText.text}. */
  readonly text?: fc.Arbitrary<string>
}

/**
 * A chat's request (sometimes an offline message instead), then anything. The clock moves between steps by up to 15
 * minutes ahead, beyond a slot's 10 (B5), or a minute back.
 */
export const steps = (options: Options = {}): fc.Arbitrary<ReadonlyArray<Step>> => {
  const text = options.text ?? HostileText.text
  const any = draft(text)
  const first = fc.oneof({ weight: 9, arbitrary: requestChat(text) }, { weight: 1, arbitrary: offlineMessage(text) })
  const pause = fc.integer({ min: -60_000, max: 15 * 60_000 })
  return fc
    .tuple(first, fc.array(fc.tuple(any, pause), { maxLength: options.maxLength ?? 30, size: "max" }))
    .map(([request, rest]) => timed([[request, 0], ...rest]))
}

/** One command of any kind. Its texts have references of their own, unless `seed` is that of another. */
export const command = (text: fc.Arbitrary<string> = HostileText.text, seed = 0): fc.Arbitrary<ChatCommand> =>
  draft(text).map((make) => make(sealing(seed)))

const timed = (drafts: ReadonlyArray<readonly [Draft, number]>): ReadonlyArray<Step> => {
  let now = START
  return drafts.map(([make, pause], index) => {
    now = Instant.plusMillis(now, pause)
    return { command: make(sealing(index)), now }
  })
}

/** A step of a sequence, played. */
export interface Turn extends Step {
  readonly before: Chat | null
  readonly result: Result.Result<ReadonlyArray<ChatEvent>, ChatRefusal>
  /** What happened; empty after a refusal. */
  readonly events: ReadonlyArray<ChatEvent>
  readonly after: Chat | null
}

/** Decides and evolves step by step, as a store would: each command sees what those before it made. */
export const play = (steps: ReadonlyArray<Step>): ReadonlyArray<Turn> => {
  let chat: Chat | null = null
  return steps.map((step) => {
    const before: Chat | null = chat
    const result = decide(step.command, before, step.now)
    const events = Result.isSuccess(result) ? result.success : []
    for (const event of events) chat = evolve(chat, event, step.now)
    return { ...step, before, result, events, after: chat }
  })
}

// --- texts ----------------------------------------------------------------------------------------------------------

/** Detaches a text (J4). The salt is not random, so that a sequence prints and repeats; never do this elsewhere. */
export const sealed = (typed: string, ref: string): { readonly text: Text; readonly stored: StoredContent } => {
  const salt = Commitment.sha256Hex(ref).slice(0, 32)
  const seal = { ref: ref as ContentRef, salt }
  const { content, stored } = Commitment.seal(seal, { _tag: "Visitor", visitorId }, typed)
  return { text: { typed, content }, stored }
}

/** A text with a reference of its own. */
export const text = (typed: string, ref = `text-${Commitment.sha256Hex(typed).slice(0, 8)}`): Text =>
  sealed(typed, ref).text

type Sealing = (typed: string) => Text

/** Gives each text of one command a reference of its own. */
const sealing = (step: number): Sealing => {
  let count = 0
  return (typed) => text(typed, `text-${step}-${++count}`)
}

/** A command that still needs its references: sequences number their texts, and shrink to smaller numbers. */
type Draft = (seal: Sealing) => ChatCommand

// --- drafts ---------------------------------------------------------------------------------------------------------

/** One agent more often than the others: who leaves should often be who answered. */
const agentId = fc.oneof(
  { weight: 3, arbitrary: fc.constant(agentIds[0]) },
  { weight: 2, arbitrary: fc.constantFrom(...agentIds) }
)
const nullable = <A>(arbitrary: fc.Arbitrary<A>) => fc.option(arbitrary, { nil: null })

const details = (text: fc.Arbitrary<string>): fc.Arbitrary<(seal: Sealing) => Details> =>
  fc
    .record({ name: nullable(text), email: nullable(text), phone: nullable(text) })
    .map(({ email, name, phone }) => (seal) => ({
      name: sealedOrNull(name, seal),
      email: sealedOrNull(email, seal),
      phone: sealedOrNull(phone, seal)
    }))

const sealedOrNull = (typed: string | null, seal: Sealing): Text | null => (typed === null ? null : seal(typed))

const requestChat = (text: fc.Arbitrary<string>, visitor: VisitorId = visitorId): fc.Arbitrary<Draft> =>
  fc
    .record({ department: nullable(fc.constant(DepartmentId.make("sales"))), details: details(text) })
    .map(({ department, details }) => (seal) => ({
      _tag: "RequestChat",
      chatId,
      visitorId: visitor,
      department,
      details: details(seal)
    }))

const offlineMessage = (text: fc.Arbitrary<string>): fc.Arbitrary<Draft> =>
  fc
    .record({ details: details(text), texts: fc.array(text, { maxLength: 3 }) })
    .map(({ details, texts }) => (seal) => ({
      _tag: "LeaveOfflineMessage",
      chatId,
      visitorId,
      details: details(seal),
      texts: texts.map(seal)
    }))

const byAgent = (
  ...tags: ReadonlyArray<Extract<ChatCommand, { readonly _tag: "AnswerChat" | "LeaveChat" | "ReleaseAgent" }>["_tag"]>
): fc.Arbitrary<Draft> =>
  fc.tuple(fc.constantFrom(...tags), agentId).map(([_tag, agentId]) => () => ({ _tag, chatId, agentId }))

const speaking = (text: fc.Arbitrary<string>): fc.Arbitrary<Draft> =>
  fc.oneof(
    text.map(
      (typed): Draft =>
        (seal) => ({ _tag: "SendVisitorMessage", chatId, text: seal(typed) })
    ),
    fc.tuple(fc.constantFrom("SendAgentMessage" as const, "WriteInternalNote" as const), agentId, text).map(
      ([_tag, agentId, typed]): Draft =>
        (seal) => ({ _tag, chatId, agentId, text: seal(typed) })
    )
  )

/** Every subset of the fields, each given or cleared (A6). */
const changing = (text: fc.Arbitrary<string>): fc.Arbitrary<Draft> =>
  fc
    .tuple(fc.record({ name: nullable(text), email: nullable(text), phone: nullable(text) }, { requiredKeys: [] }), by)
    .map(([changes, by]) => (seal) => ({
      _tag: "ChangeVisitorDetails",
      chatId,
      by,
      details: Object.fromEntries(
        Object.entries(changes).map(([field, typed]) => [field, sealedOrNull(typed ?? null, seal)])
      )
    }))

/** An agent, or the visitor. */
const by = fc.option(agentId, { nil: null, freq: 1 })

const afterwards = (text: fc.Arbitrary<string>): fc.Arbitrary<Draft> =>
  fc.oneof(
    fc.tuple(nullable(fc.constantFrom(...Rating.literals)), nullable(text)).map(
      ([rating, comment]): Draft =>
        (seal) => ({ _tag: "RateChat", chatId, rating, comment: sealedOrNull(comment, seal) })
    ),
    fc.array(fc.constantFrom("vip", "follow-up", "größe_2", "two words"), { maxLength: 3 }).map(
      (tags): Draft =>
        () => ({ _tag: "TagChat", chatId, tags })
    ),
    fc.tuple(text, by).map(
      ([email, by]): Draft =>
        (seal) => ({ _tag: "RequestTranscript", chatId, email: seal(email), by })
    ),
    fc.constantFrom("erasure-1", "erasure-2").map(
      (id): Draft =>
        () => ({ _tag: "EraseVisitor", chatId, erasureId: ErasureId.make(id) })
    ),
    fc.constantFrom("lead-1", "lead-2").map(
      (id): Draft =>
        () => ({ _tag: "RecordLead", chatId, lead: RecordId.make(id), owner: UserId.make("user-1") })
    )
  )

const ending: fc.Arbitrary<Draft> = fc
  .tuple(fc.constantFrom(...CloseReason.literals), by)
  .map(([reason, by]) => () => ({ _tag: "EndChat", chatId, reason, by }))

const page: fc.Arbitrary<Draft> = fc
  .constantFrom("LeavePage" as const, "ReturnToPage" as const)
  .map((_tag) => () => ({ _tag, chatId }))

/** Offers, transfers, and who else comes to a chat (C4, C10, C11). Deadlines lie before, at and after what a clock reaches. */
const routing: fc.Arbitrary<Draft> = fc
  .record({
    one: agentId,
    other: agentId,
    minutes: fc.integer({ min: 0, max: 20 }),
    flag: fc.boolean(),
    tag: fc.constantFrom(
      ...(["OfferChat", "OfferChat", "ClearExclusions", "DeclineOffer", "WithdrawOffer", "TransferToAgent"] as const),
      ...(["TransferToDepartment", "InviteAgent", "JoinChat", "ObserveChat", "StopObserving", "AnswerChat"] as const)
    )
  })
  .map((drawn) => () => routingCommand(drawn))

const routingCommand = (drawn: {
  readonly one: AgentId
  readonly other: AgentId
  readonly minutes: number
  readonly flag: boolean
  readonly tag: string
}): ChatCommand => {
  const { flag, one, other, minutes, tag } = drawn
  const until = Instant.plusMillis(START, minutes * 60_000)
  switch (tag) {
    case "OfferChat":
      return { _tag: tag, chatId, offer: { to: one, until, kind: "routing" }, clearsExclusions: flag }
    case "ClearExclusions":
      return { _tag: tag, chatId }
    case "TransferToAgent":
      return { _tag: tag, chatId, by: one, to: other, until }
    case "TransferToDepartment":
      return { _tag: tag, chatId, by: one, to: flag ? DepartmentId.make("support") : null }
    case "InviteAgent":
      return { _tag: tag, chatId, by: one, agentId: other }
    case "DeclineOffer":
    case "WithdrawOffer":
    case "JoinChat":
    case "ObserveChat":
    case "StopObserving":
      return { _tag: tag, chatId, agentId: one }
    default:
      return { _tag: "AnswerChat", chatId, agentId: one, isAssigned: flag }
  }
}

/** What time and the clock on the wall bring (D5, B8). */
const time: fc.Arbitrary<Draft> = fc
  .constantFrom("PassTime" as const, "PassTime" as const, "PassTime" as const, "CloseForHours" as const)
  .map((_tag) => () => ({ _tag, chatId }))

/** The weights let chats live long enough to be served, left and served again. */
const draft = (text: fc.Arbitrary<string>): fc.Arbitrary<Draft> =>
  fc.oneof(
    { weight: 6, arbitrary: byAgent("AnswerChat") },
    { weight: 3, arbitrary: byAgent("LeaveChat", "ReleaseAgent") },
    { weight: 8, arbitrary: speaking(text) },
    { weight: 8, arbitrary: routing },
    { weight: 1, arbitrary: time },
    { weight: 3, arbitrary: page },
    { weight: 2, arbitrary: changing(text) },
    { weight: 2, arbitrary: afterwards(text) },
    { weight: 1, arbitrary: ending },
    { weight: 1, arbitrary: requestChat(text) },
    { weight: 1, arbitrary: requestChat(text, otherVisitorId) },
    { weight: 1, arbitrary: offlineMessage(text) }
  )
