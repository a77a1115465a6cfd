import { Effect, Schedule, Stream } from "effect"
import * as Actor from "../../domain/account/Actor.ts"
import type { AccountId, ChatId, MailId } from "../../domain/account/Id.ts"
import type { SpokenLine } from "../../domain/chat/Conversation.ts"
import { type DeskPayload, DeskStore } from "../../ports/DeskStore.ts"
import type { LogEntry } from "../../ports/RecordStore.ts"
import { VisitorMail } from "../../ports/VisitorMail.ts"
import { conversationOf } from "../chat/ReadTranscript.ts"
import type { Caller } from "../execution/Caller.ts"
import { chatKey } from "../execution/DeskCommand.ts"
import { POLL, whileDown } from "./Bridge.ts"
import { drain, type Follower, follow } from "./Follower.ts"

/** The name in cursors and parked items: `readGivenUp(caller, 100, MAIL_BRIDGE)`. */
export const MAIL_BRIDGE = "transcript-mail"

/** decision: most entries ask for nothing, and who asks for a mail is worked off well within the claim. */
const PAGE = 50

/** The most that a store is asked for at once. */
const LINES = 1_000

/**
 * Mails the transcripts that were asked for in chats that have ended (D9), one page of the desk's log, and what was
 * parked and is due. At least once, under one mail id on every try; what fails waits, later and later, and is given up
 * visibly, as notices are (G4). Any number of hosts may run it.
 */
export const mailTranscripts = Effect.fn("mailTranscripts")(function* (account: AccountId) {
  const desk = yield* DeskStore
  return yield* follow({ account, actor: Actor.system, surface: "api" }, {
    ...{ bridge: MAIL_BRIDGE, log: "desk", read: desk.log, page: PAGE },
    asks: ({ event }) => event.payload._tag === "ChatClosed",
    work: mail
  } satisfies MailFollower)
})

/** Mails until nothing is left to do now. */
export const drainTranscriptMails = Effect.fn("drainTranscriptMails")(function* (account: AccountId) {
  return yield* drain(mailTranscripts(account))
})

/** Mails for ever: at every change of the desk, and by the clock. Survives failures of the stores. */
export const keepMailingTranscripts = Effect.fn("keepMailingTranscripts")(function* (account: AccountId) {
  const desk = yield* DeskStore
  yield* Stream.merge(desk.changes(account), Stream.fromSchedule(Schedule.spaced(POLL))).pipe(
    Stream.runForEach(() => Effect.retry(drainTranscriptMails(account), whileDown))
  )
}, Effect.retry(whileDown))

type Mailing = ReturnType<typeof mail>
type MailFollower = Follower<DeskPayload, Effect.Error<Mailing>, Effect.Services<Mailing>>

/** Mails a closed chat's transcript, if that was asked for. What was erased since is mailed to nobody (J4). */
const mail = Effect.fnUntraced(function* (caller: Caller, { event }: LogEntry<DeskPayload>) {
  const store = yield* DeskStore
  const chatId = event.stream.slice("chat/".length) as ChatId
  const { reads, texts } = yield* store.getWithTexts(caller.account, [chatKey(chatId)])
  const chat = reads[0].value
  const address = chat?.transcriptTo
  if (chat === null || address === undefined || chat.erasedAt !== undefined) return
  const to = texts.get(address.ref)
  if (to === undefined) return
  const lines: Array<SpokenLine> = []
  let page = yield* conversationOf(store, caller, chat, texts, { chatId, limit: LINES })
  lines.push(...page.lines)
  while (page.next !== null) {
    page = yield* conversationOf(store, caller, chat, texts, { chatId, after: page.next, limit: LINES })
    lines.push(...page.lines)
  }
  const { next: _, ...conversation } = page
  const post = yield* VisitorMail
  yield* post.send(caller.account, { id: mailId(event.id), to, conversation: { ...conversation, lines } })
})

/** Closing happens once (D2), so its event names the mail: the same on every try. */
const mailId = (id: string): MailId => id as MailId
