import { Effect } from "effect"
import type { AccessDenied } from "../../domain/account/Access.ts"
import type { AgentId, ChatId } from "../../domain/account/Id.ts"
import type { Agent } from "../../domain/agent/Agent.ts"
import { type Chat, isServing } from "../../domain/chat/Chat.ts"
import type { ChatIsClosed, ChatNotFound, NotServing } from "../../domain/chat/ChatRefusal.ts"
import type { Sender } from "../../domain/chat/Signal.ts"
import { DeskStore } from "../../ports/DeskStore.ts"
import type { Caller } from "../execution/Caller.ts"
import { actingAgentKey, agentKey, allowed, chatKey } from "../execution/DeskCommand.ts"

/** What is asked of a chat: an observer reads only (C10). */
type Part = "send" | "follow"

/**
 * An open chat for those who take part in it now: its visitor, the agents who serve it; to follow, those who observe it,
 * too (J1, C10). `about`: an agent whose name is wanted, as well. Refusals: `ChatNotFound`, `AccessDenied`, `NotServing`, `ChatIsClosed`. Cost: one read.
 */
export const takingPart = Effect.fnUntraced(function* (
  caller: Caller,
  chatId: ChatId,
  part: Part,
  about: AgentId | null = null
) {
  const store = yield* DeskStore
  const [read, agent, named] = yield* store.get(caller.account, [
    chatKey(chatId),
    actingAgentKey(caller),
    about === null ? actingAgentKey(caller) : agentKey(about)
  ])
  if (read.value === null) return yield* Effect.fail<ChatNotFound>({ _tag: "ChatNotFound", chatId })
  const from = yield* senderIn(caller, read.value, agent.value, part)
  return { chat: read.value, from, agentName: about === null ? "" : (named.value?.displayName ?? "") }
})

const senderIn = (
  caller: Caller,
  chat: Chat,
  agent: Agent | null,
  part: Part
): Effect.Effect<Sender, AccessDenied | NotServing | ChatIsClosed> =>
  Effect.andThen(
    allowed(caller, agent, { action: "chat.takePart", visitorId: chat.visitor.id }),
    (): Effect.Effect<Sender, AccessDenied | NotServing | ChatIsClosed> => {
      const { actor } = caller
      const { state } = chat
      if (actor._tag !== "Visitor" && actor._tag !== "Agent")
        return Effect.fail({ _tag: "AccessDenied", action: "chat.takePart", reason: "notAnAgent" })
      if (state._tag === "Closed") return Effect.fail({ _tag: "ChatIsClosed", at: state.at, reason: state.reason })
      if (actor._tag === "Visitor") return Effect.succeed({ _tag: "Visitor" })
      return isServing(chat, actor.agentId) || (part === "follow" && chat.observers.includes(actor.agentId))
        ? Effect.succeed({ _tag: "Agent", agentId: actor.agentId })
        : Effect.fail({ _tag: "NotServing", agentId: actor.agentId })
    }
  )
