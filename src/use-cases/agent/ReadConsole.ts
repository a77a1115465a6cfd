import { Clock, Effect } from "effect"
import * as Instant from "../../domain/account/Instant.ts"
import { servesDepartment } from "../../domain/agent/Agent.ts"
import * as ChatLimit from "../../domain/agent/ChatLimit.ts"
import * as Desk from "../../domain/agent/Desk.ts"
import { chatIcon } from "../../domain/routing/ChatIcon.ts"
import * as Ringing from "../../domain/routing/Ringing.ts"
import { DeskStore } from "../../ports/DeskStore.ts"
import { QUEUE_WINDOW } from "../chat/AnswerNext.ts"
import type { Caller } from "../execution/Caller.ts"
import { actingAgent, agentKey, allowed, chatKey, deskKey } from "../execution/DeskCommand.ts"
import { currentSettings } from "../execution/Rights.ts"

/**
 * What an agent's console shows: the icon in the CRM (C9), what rings, what waits in their departments, what they
 * serve. Without a Chat licence: a hidden icon and nothing else. Refusals: `AccessDenied`.
 */
export const readConsole = Effect.fn("readConsole")(function* (caller: Caller) {
  const agentId = yield* actingAgent(caller, "chat.serve")
  const settings = yield* currentSettings(caller)
  const store = yield* DeskStore
  const now = Instant.fromMillis(yield* Clock.currentTimeMillis)
  const [agent, found] = yield* store.get(caller.account, [agentKey(agentId), deskKey(agentId)])
  yield* allowed(caller, agent.value, { action: "chat.serve" })
  const desk = found.value ?? Desk.initial(agentId)
  const serving =
    desk.serving.length === 0
      ? []
      : (yield* store.get(caller.account, desk.serving.map(chatKey))).flatMap(({ value }) =>
          value === null ? [] : [value]
        )
  const own = agent.value
  const queue = (yield* store.waiting(caller.account, QUEUE_WINDOW)).filter(
    (chat) => own !== null && servesDepartment(own, chat.department)
  )
  const used = ChatLimit.slotsInUse(
    serving.flatMap((chat) => {
      const mine = chat.serving.find((served) => served.agentId === agentId)
      return mine === undefined ? [] : [{ joinedAt: mine.joinedAt, lastPublicAt: chat.lastPublicAt }]
    }),
    now
  )
  const limit = ChatLimit.limitOf(own?.chatLimit ?? null, settings.chatLimit)
  const candidate = own === null ? null : { agent: own, status: desk.status, used, limit }
  const ringing = candidate === null ? [] : queue.filter((chat) => Ringing.rings(candidate, chat.department))
  const icon = chatIcon({
    isSwitchedOn: settings.chatInsideCrm,
    hasChatLicence: own?.isEnabled === true,
    status: desk.status,
    waiting: queue.length,
    ringing: ringing.length
  })
  return { icon, status: desk.status, ringing, waiting: queue, serving, used, limit }
})
