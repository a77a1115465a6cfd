import { Effect } from "effect"
import type { ChatId } from "../../domain/account/Id.ts"
import type { ChatCommand } from "../../domain/chat/ChatCommand.ts"
import type { Caller } from "../execution/Caller.ts"
import { actingAgent, actingAgentKey, allowed, chatKey, decideChat, onDesk } from "../execution/DeskCommand.ts"

/** A message in a chat. */
export interface MessageToSend {
  readonly chatId: ChatId
  /** 1 to 16,000 characters, not blank (D11). */
  readonly text: string
}

/**
 * Sends a message to the other side: as the visitor, or as an agent who serves (C10). If the visitor writes after the
 * last agent left, the chat waits again (D3). Answers the message's number (D7).
 *
 * Refusals: `ChatNotFound`, `ChatIsClosed`, `NotServing`, `Blank`, `TooLong`, `AccessDenied`. Cost: one read and one
 * write, the same in a chat of ten messages and of ten thousand.
 */
export const sendMessage = Effect.fn("sendMessage")((caller: Caller, input: MessageToSend) =>
  send(caller, "sendMessage", input, (text) =>
    caller.actor._tag === "Agent"
      ? { _tag: "SendAgentMessage", chatId: input.chatId, agentId: caller.actor.agentId, text }
      : { _tag: "SendVisitorMessage", chatId: input.chatId, text }
  )
)

/** Writes a note between agents into a chat one serves; the visitor never sees it (D8). Refusals as `sendMessage`. */
export const writeInternalNote = Effect.fn("writeInternalNote")(function* (caller: Caller, input: MessageToSend) {
  const agentId = yield* actingAgent(caller, "chat.takePart")
  return yield* send(caller, "writeInternalNote", input, (text) => ({
    _tag: "WriteInternalNote",
    chatId: input.chatId,
    agentId,
    text
  }))
})

type Spoken = Extract<ChatCommand, { readonly _tag: "SendAgentMessage" | "SendVisitorMessage" | "WriteInternalNote" }>

const send = (caller: Caller, name: string, input: MessageToSend, command: (text: Spoken["text"]) => Spoken) =>
  onDesk(caller, name, input, (transaction) =>
    Effect.gen(function* () {
      const [read, agent] = yield* transaction.get(chatKey(input.chatId), actingAgentKey(caller))
      const chat = read.value
      if (chat === null) return yield* Effect.fail({ _tag: "ChatNotFound" as const, chatId: input.chatId })
      const visitorId = chat.visitor.id
      yield* allowed(caller, agent.value, { action: "chat.takePart", visitorId })
      const text = transaction.text({ _tag: "Visitor", visitorId }, input.text)
      const decided = yield* decideChat(transaction, read, command(text))
      return { number: decided.chat?.messages.total ?? 0 }
    })
  )
