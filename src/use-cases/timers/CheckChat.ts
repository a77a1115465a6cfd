import { Effect } from "effect"
import * as Actor from "../../domain/account/Actor.ts"
import type { AgentId, ChatId } from "../../domain/account/Id.ts"
import * as Chat from "../../domain/chat/Chat.ts"
import type { ChatCommand } from "../../domain/chat/ChatCommand.ts"
import * as ChatTimeouts from "../../domain/chat/ChatTimeouts.ts"
import type { Settings } from "../../domain/settings/Settings.ts"
import { changeStatus } from "../agent/ReleaseChats.ts"
import type { Caller } from "../execution/Caller.ts"
import { closingBy } from "../execution/ClosingChat.ts"
import { agentKey, chatKey, type DeskTransaction, deskKey, onDesk } from "../execution/DeskCommand.ts"
import { currentSettings } from "../execution/Rights.ts"

/**
 * What time has brought to a chat: its offer is missed (C5), its visitor idle or gone for too long (D5). Nothing yet: the
 * next look is set. Decided anew from what is stored, so that two hosts, or a host that is late, do it once.
 */
export const checkChat = Effect.fn("checkChat")(function* (caller: Caller, chatId: ChatId) {
  return yield* onChat(caller, { _tag: "PassTime", chatId })
})

/** The account closed: a waiting chat ends (B8). */
export const closeForHours = Effect.fn("closeForHours")(function* (caller: Caller, chatId: ChatId) {
  return yield* onChat(caller, { _tag: "CloseForHours", chatId })
})

const onChat = Effect.fnUntraced(function* (
  caller: Caller,
  command: Extract<ChatCommand, { readonly _tag: "PassTime" | "CloseForHours" }>
) {
  const settings = yield* currentSettings(caller)
  return yield* onDesk(caller, command._tag, command, (transaction) =>
    Effect.gen(function* () {
      const [read] = yield* transaction.get(chatKey(command.chatId))
      const before = read.value
      if (before === null) return
      const after = yield* closingBy(transaction, { ...read, value: before }, command)
      if (after === before) {
        const wakeAt = ChatTimeouts.next(before)?.at ?? null
        if (wakeAt !== before.wakeAt) transaction.put(read, { ...before, wakeAt }, Chat.contentsOf(before), wakeAt)
      }
      const missedBy = before.offer !== null && after.exclusions.some((one) => isMissOf(one, before.offer?.to))
      if (missedBy && before.offer !== null) yield* idleAfterMisses(transaction, settings, before.offer.to)
    })
  )
})

const isMissOf = (exclusion: Chat.Chat["exclusions"][number], agentId: AgentId | undefined): boolean =>
  exclusion.agentId === agentId && exclusion.why === "missed" && exclusion.isExcluded

/** Who misses N offers in a row becomes idle: as they chose to be, `away` else (C5). */
const idleAfterMisses = Effect.fnUntraced(function* (
  transaction: DeskTransaction,
  { offers: { autoIdleAfterMisses } }: Settings,
  agentId: AgentId
) {
  if (autoIdleAfterMisses === null) return
  const [desk, agent] = yield* transaction.get(deskKey(agentId), agentKey(agentId))
  const now = transaction.latest(desk)
  if (now === null || now.status !== "online" || now.missesInARow < autoIdleAfterMisses) return
  yield* changeStatus(transaction, desk, agentId, agent.value?.idle?.becomes ?? "away", "missedOffers")
})

/** Leadline itself, as the caller of what its timers and its routing do. */
export const systemOf = (account: Caller["account"]): Caller => ({ account, actor: Actor.system, surface: "api" })
