import { Clock, Effect } from "effect"
import * as Instant from "../../domain/account/Instant.ts"
import { servesDepartment } from "../../domain/agent/Agent.ts"
import * as ChatLimit from "../../domain/agent/ChatLimit.ts"
import * as Desk from "../../domain/agent/Desk.ts"
import * as OperatingHours from "../../domain/agent/OperatingHours.ts"
import * as Presence from "../../domain/agent/Presence.ts"
import * as Chat from "../../domain/chat/Chat.ts"
import { chatIcon } from "../../domain/routing/ChatIcon.ts"
import * as Ringing from "../../domain/routing/Ringing.ts"
import { DeskStore } from "../../ports/DeskStore.ts"
import { QUEUE_WINDOW } from "../chat/AnswerNext.ts"
import type { Caller } from "../execution/Caller.ts"
import { servedBy } from "../execution/Candidates.ts"
import { actingAgent, agentKey, allowed, chatKey, deskKey, presenceKey } from "../execution/DeskCommand.ts"
import { currentSettings } from "../execution/Rights.ts"

/**
 * What an agent's console shows: the icon in the CRM (C9), what rings (an offer to them first), what waits in their
 * departments, what they serve, and the texts that these chats refer to. Closed by the hours, nothing rings but an offer of a transfer (B8). Without a Chat licence: a hidden icon and nothing else. Refusals: `AccessDenied`.
 */
export const readConsole = Effect.fn("readConsole")(function* (caller: Caller) {
  const agentId = yield* actingAgent(caller, "chat.serve")
  const settings = yield* currentSettings(caller)
  const store = yield* DeskStore
  const now = Instant.fromMillis(yield* Clock.currentTimeMillis)
  const [agent, found, presence] = yield* store.get(caller.account, [
    agentKey(agentId),
    deskKey(agentId),
    presenceKey(agentId)
  ])
  yield* allowed(caller, agent.value, { action: "chat.serve" })
  const desk = found.value ?? Desk.initial(agentId)
  const held = desk.offer === null ? [] : [desk.offer.chatId]
  const here = [...desk.serving, ...held].map(chatKey)
  const chats = here.length === 0 ? [] : (yield* store.get(caller.account, here)).flatMap(({ value }) => value ?? [])
  const own = agent.value
  const queue = (yield* store.waiting(caller.account, QUEUE_WINDOW)).filter(
    (chat) => own !== null && servesDepartment(own, chat.department)
  )
  const serving = chats.filter((chat) => Chat.isServing(chat, agentId))
  const offered = chats.find((chat) => chat.offer?.to === agentId) ?? null
  const used = held.length + (own === null ? 0 : ChatLimit.slotsInUse(servedBy(own, serving), now))
  const limit = ChatLimit.limitOf(own?.chatLimit ?? null, settings.chatLimit)
  const status = Presence.effective(desk, presence.value, settings.timeouts.graceMillis, now)
  const isOpen = OperatingHours.isOpen(settings.hours, now)
  const candidate = own === null ? null : { agent: own, status, used, limit }
  const ringsByHand =
    candidate === null || settings.routing === "assigned" || !isOpen
      ? []
      : queue.filter((chat) =>
          Ringing.rings(candidate, {
            department: chat.department,
            skills: Ringing.skillsAsked(chat, settings.skillWaitMillis, now)
          })
        )
  const ringing = offered === null ? ringsByHand : [offered, ...ringsByHand]
  const icon = chatIcon({
    isSwitchedOn: settings.chatInsideCrm,
    hasChatLicence: own?.isEnabled === true,
    status,
    waiting: queue.length,
    ringing: ringing.length
  })
  const refs = [...new Set([...ringing, ...queue, ...serving].flatMap(Chat.contentsOf))]
  const texts = refs.length === 0 ? new Map() : yield* store.contents(caller.account, refs)
  return { icon, status, ringing, offer: desk.offer, waiting: queue, serving, used, limit, texts }
})
