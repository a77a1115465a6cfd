/**
 * Chats as they come about: commands in any order go through the pure deciders ({@link ChatCommands}), and what happened
 * makes the chat. So state, serving, counts, digest and transcript always agree (D1, D7), and what fails shrinks to the
 * few commands that it takes.
 *
 * @example
 * ```ts
 * import fc from "fast-check"
 * import { Transcript } from "leadline"
 * import { ChatArbitrary } from "leadline/testing"
 *
 * // a transcript verifies against its chat's digest (D7)
 * fc.assert(
 *   fc.property(ChatArbitrary.log(), ({ chat, messages }) => Transcript.verify(messages, chat.digest) === null)
 * )
 * ```
 *
 * @module
 */
import fc from "fast-check"
import * as Instant from "../../domain/account/Instant.ts"
import * as Ban from "../../domain/chat/Ban.ts"
import * as ChatRefusal from "../../domain/chat/ChatRefusal.ts"
import * as PastChat from "../../domain/chat/PastChat.ts"
import * as SearchText from "../../domain/chat/SearchText.ts"
import * as Signal from "../../domain/chat/Signal.ts"
import * as HostileText from "../HostileText.ts"
import * as Account from "./Account.ts"
import * as Chat from "./ChatLog.ts"
import { deriving, structDeriving } from "./Derived.ts"
import * as Identity from "./Identity.ts"

export * from "./ChatLog.ts"

const of = deriving(Chat.known)
const struct = structDeriving(Chat.known)
const nullable = <A>(arbitrary: fc.Arbitrary<A>) => fc.option(arbitrary, { nil: null })

// --- chats of the past ----------------------------------------------------------------------------------------------

const said = HostileText.meaningful
export const pastMessage: fc.Arbitrary<PastChat.PastMessage> = fc.oneof(
  { withCrossShrink: true },
  fc.record({ at: Account.instant, text: said, visibility: fc.constant("public" as const), author: Chat.author }),
  fc.record({
    at: Account.instant,
    text: said,
    visibility: fc.constant("internal" as const),
    author: Account.agentId.map((agentId) => ({ _tag: "Agent" as const, agentId }))
  })
)
export const pastOutcome = of(PastChat.PastOutcome)

/** Of whom a line is, before it is known who served. */
const line = fc.record({
  text: said,
  isInternal: fc.boolean(),
  speaker: fc.nat({ max: 3 }),
  pause: fc.nat({ max: 60_000 })
})
type Line = typeof line extends fc.Arbitrary<infer A> ? A : never

/** decision: within limits of D11 whatever it holds; limits have tests of their own. */
const short = (text: fc.Arbitrary<string>) => nullable(text.map((typed) => typed.slice(0, 64)))

/**
 * A chat that an import takes: its outcome, who served and who wrote what agree, times do not go backwards (D4, D7, C10).
 * Shrinks to a missed chat without a word.
 */
export const pastChat: fc.Arbitrary<PastChat.PastChat> = fc
  .record({
    id: Account.chatId,
    visitor: fc.record({
      id: Account.visitorId,
      name: short(Identity.name),
      email: short(Identity.typedEmail),
      phone: short(Identity.typedPhone)
    }),
    department: nullable(Account.departmentId),
    servedBy: fc.uniqueArray(Account.agentId, { maxLength: 3 }),
    lines: fc.array(line, { maxLength: 6 }),
    isOffline: fc.boolean(),
    knowsAnswer: fc.boolean(),
    tags: fc.uniqueArray(fc.constantFrom("vip", "follow-up", "größe_2"), { maxLength: 3 }),
    rating: nullable(fc.record({ rating: Chat.rating, comment: short(HostileText.text) })),
    startedAt: fc.integer({ min: 0, max: Date.UTC(2026) }).map(Instant.fromMillis),
    closedBy: Chat.closeReason
  })
  .map(({ isOffline, knowsAnswer, lines, servedBy, ...drawn }) => {
    const { startedAt } = drawn
    const messages = spoken(lines, servedBy, startedAt)
    const endedAt = Instant.plusMillis(messages.at(-1)?.at ?? startedAt, 1_000)
    const wasServed = servedBy.length > 0
    const outcome = wasServed ? "served" : isOffline && messages.length > 0 ? "offlineMessage" : "missed"
    return { ...drawn, servedBy, messages, endedAt, outcome, answeredAt: wasServed && knowsAnswer ? startedAt : null }
  })

const spoken = (
  lines: ReadonlyArray<Line>,
  servedBy: PastChat.PastChat["servedBy"],
  startedAt: Instant.Instant
): ReadonlyArray<PastChat.PastMessage> => {
  let at = startedAt
  return lines.map(({ isInternal, pause, speaker, text }) => {
    at = Instant.plusMillis(at, pause)
    const agentId = servedBy[speaker]
    if (agentId === undefined) return { at, text, visibility: "public", author: { _tag: "Visitor" } }
    return { at, text, visibility: isInternal ? "internal" : "public", author: { _tag: "Agent", agentId } }
  })
}

export const timeOutside = of(PastChat.TimeOutside)
export const contradiction = of(PastChat.Contradiction)
export const authorNotServing = of(PastChat.AuthorNotServing)

// --- bans -----------------------------------------------------------------------------------------------------------

const ip = fc.oneof({ withCrossShrink: true }, fc.ipV4(), fc.ipV6())

/** The banned addresses of an account, linked by neighbours as {@link Ban.banIp} links them, and the list's ends. */
export const ipBans: fc.Arbitrary<{ readonly list: Ban.IpBanList; readonly bans: ReadonlyArray<Ban.IpBan> }> = fc
  .array(fc.record({ ip, by: Account.agentId, isLifted: fc.boolean() }), { maxLength: 6 })
  .map((wanted) => {
    let list = Ban.emptyList
    const bans = new Map<string, Ban.IpBan>()
    const apply = (change: Ban.IpBanChange) => {
      list = change.list
      for (const [ip, ban] of change.bans) ban === null ? bans.delete(ip) : bans.set(ip, ban)
    }
    for (const [at, { by, ip }] of wanted.entries()) apply(Ban.banIp(list, bans, ip, by, Instant.fromMillis(at)))
    for (const { ip, isLifted } of wanted) if (isLifted) apply(Ban.unbanIp(list, bans, ip))
    return { list, bans: [...bans.values()] }
  })
export const ipBanList: fc.Arbitrary<Ban.IpBanList> = ipBans.map(({ list }) => list)
export const ipBan: fc.Arbitrary<Ban.IpBan> = struct(Ban.IpBan, { ip, older: nullable(ip), newer: nullable(ip) })
export const visitorBan = of(Ban.VisitorBan)
export const banEvent = of(Ban.BanEvent)
export const banned = of(Ban.Banned)

// --- signals --------------------------------------------------------------------------------------------------------

const ending = <S extends Signal.Signal | Signal.ShownSignal>(signal: S): S =>
  signal._tag === "Typing" ? { ...signal, until: Instant.plusMillis(signal.at, Signal.TYPING_MILLIS) } : signal

export const sender = of(Signal.Sender)
export const signal: fc.Arbitrary<Signal.Signal> = of(Signal.Signal).map(ending)
export const shownSender = of(Signal.ShownSender)
export const shownSignal: fc.Arbitrary<Signal.ShownSignal> = of(Signal.ShownSignal).map(ending)
/** Beyond the last, or no number of a message at all. */
export const noSuchMessage: fc.Arbitrary<Signal.NoSuchMessage> = fc
  .tuple(fc.nat({ max: 100 }), fc.oneof({ withCrossShrink: true }, fc.integer({ min: 1, max: 5 }), fc.constant(0.5)))
  .map(([last, beyond]) => ({ _tag: "NoSuchMessage", number: last + beyond, last }))

// --- refusals -------------------------------------------------------------------------------------------------------

export const chatNotFound = of(ChatRefusal.ChatNotFound)
export const chatAlreadyAnswered = of(ChatRefusal.ChatAlreadyAnswered)
export const chatIsClosed = of(ChatRefusal.ChatIsClosed)
export const chatNotWaiting = of(ChatRefusal.ChatNotWaiting)
export const offeredToAnother = of(ChatRefusal.OfferedToAnother)
export const notOffered = of(ChatRefusal.NotOffered)
export const notServing = of(ChatRefusal.NotServing)
export const chatErased = of(ChatRefusal.ChatErased)
/** What D9 does not let in. */
export const badTag: fc.Arbitrary<ChatRefusal.BadTag> = fc
  .constantFrom("two words", "", "a/b", "<b>", "😀")
  .map((tag) => ({ _tag: "BadTag", tag }))
export const chatIdTaken = of(ChatRefusal.ChatIdTaken)
export const cannotSearchBy = of(SearchText.CannotSearchBy)
