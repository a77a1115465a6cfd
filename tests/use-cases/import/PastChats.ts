import { Effect } from "effect"
import {
  Actor,
  type Chat,
  type ChatCommand,
  Commitment,
  Content,
  Id,
  Instant,
  type PastChat,
  Transcript
} from "leadline"
import { DeskStore } from "leadline/ports"
import { account, chatId } from "../crm/World.ts"
import { agentId, visitorId } from "../panel/Chats.ts"

const at = Instant.fromMillis

/** The tests' clock stands here when an import begins: an hour after the chats of the past. */
export const NOW = 3_600_000

/** A served chat of the past: two lines, by Ann and `a1`, from 10 to 70 seconds. */
export const past = (id: string, more: Partial<PastChat.PastChat> = {}): PastChat.PastChat => ({
  id: chatId(id),
  visitor: { id: visitorId(`v-${id}`), name: "Annie", email: "ANN@example.com", phone: null },
  department: null,
  servedBy: [agentId("a1")],
  answeredAt: at(12_000),
  messages: [
    { at: at(11_000), visibility: "public", author: { _tag: "Visitor" }, text: "Hello there" },
    { at: at(20_000), visibility: "public", author: { _tag: "Agent", agentId: agentId("a1") }, text: "Hi Annie" }
  ],
  tags: [],
  rating: null,
  startedAt: at(10_000),
  endedAt: at(70_000),
  outcome: "served",
  closedBy: "agent",
  ...more
})

/** The same, that nobody answered. */
export const unserved = (id: string, outcome: "missed" | "offlineMessage", more: Partial<PastChat.PastChat> = {}) =>
  past(id, {
    servedBy: [],
    answeredAt: null,
    messages: [{ at: at(11_000), visibility: "public", author: { _tag: "Visitor" }, text: "Anybody?" }],
    outcome,
    closedBy: "visitor",
    ...more
  })

let refs = 0

/** A text, detached. */
export const text = (typed: string): ChatCommand.Text => {
  const seal = { ref: Content.ContentRef.make(`ref-${++refs}`), salt: "00".repeat(16) }
  return { typed, content: Commitment.seal(seal, { _tag: "Visitor", visitorId: visitorId("v") }, typed).content }
}

const given = (typed: string | null) => (typed === null ? null : text(typed))

/** As the use case takes a chat apart (J4). */
export const sealed = (of: PastChat.PastChat): PastChat.Sealed => ({
  details: { name: given(of.visitor.name), email: given(of.visitor.email), phone: given(of.visitor.phone) },
  texts: of.messages.map(({ text: typed }) => text(typed)),
  comment: given(of.rating?.comment ?? null),
  original: text("digest").content
})

/** What is stored of a chat, with its transcript. */
export const stored = Effect.fnUntraced(function* (id: string) {
  const store = yield* DeskStore
  const [read] = yield* store.get(account, [{ kind: "chat", id }])
  const lines = yield* store.transcript(account, chatId(id), 0, 1_000)
  return { chat: read.value, lines, flaw: flawOf(read.value, lines) }
})

const flawOf = (chat: Chat.Chat | null, lines: ReadonlyArray<{ readonly message: Transcript.Message }>) =>
  chat === null
    ? "no chat"
    : Transcript.verify(
        lines.map(({ message }) => message),
        chat.digest
      )

/** The chat side's log. */
export const deskLog = Effect.gen(function* () {
  const store = yield* DeskStore
  return yield* store.log(account, 0, 10_000)
})

/** Somebody who may not import. */
export const chatAdministrator = { account, actor: Actor.agent(Id.AgentId.make("boss")), surface: "chat" } as const
