import { Clock, Effect } from "effect"
import type { AccountId, AgentId } from "../../domain/account/Id.ts"
import * as Instant from "../../domain/account/Instant.ts"
import { servesDepartment } from "../../domain/agent/Agent.ts"
import type { AgentStatus } from "../../domain/agent/AgentStatus.ts"
import * as ChatLimit from "../../domain/agent/ChatLimit.ts"
import * as Desk from "../../domain/agent/Desk.ts"
import * as OperatingHours from "../../domain/agent/OperatingHours.ts"
import * as Presence from "../../domain/agent/Presence.ts"
import { type ChatIcon, chatIcon } from "../../domain/routing/ChatIcon.ts"
import * as Ringing from "../../domain/routing/Ringing.ts"
import { DeskStore } from "../../ports/DeskStore.ts"
import { QUEUE_WINDOW } from "../chat/AnswerNext.ts"
import { currentSettings } from "../execution/Rights.ts"

/** What an agent's icon shows, and the numbers behind it (C9, B5). */
export interface IconState {
  readonly icon: ChatIcon
  readonly status: AgentStatus
  readonly offer: Desk.HeldOffer | null
  readonly ringing: number
  readonly waiting: number
  readonly used: number
  readonly limit: number | null
}

/**
 * The icons of all agents at once (C9): what `readConsole` says of each, for a host that keeps many consoles up to date.
 * By Leadline itself: asks nobody's rights. Cost: the roster, the head of the queue and the settings, one statement each.
 */
export const readIcons = Effect.fn("readIcons")(function* (account: AccountId) {
  const store = yield* DeskStore
  const settings = yield* currentSettings({ account })
  const now = Instant.fromMillis(yield* Clock.currentTimeMillis)
  const [roster, queue] = yield* Effect.all([store.roster(account), store.waiting(account, QUEUE_WINDOW)])
  const ringsAtAll = settings.routing !== "assigned" && OperatingHours.isOpen(settings.hours, now)
  const icons = new Map<AgentId, IconState>()
  for (const { agent, desk: found, presence, served } of roster) {
    const desk = found.value ?? Desk.initial(agent.id)
    const status = Presence.effective(desk, presence, settings.timeouts.graceMillis, now)
    const used = (desk.offer === null ? 0 : 1) + ChatLimit.slotsInUse(served, now)
    const limit = ChatLimit.limitOf(agent.chatLimit, settings.chatLimit)
    const candidate = { agent, status, used, limit }
    const waiting = queue.filter((chat) => servesDepartment(agent, chat.department))
    const byHand = !ringsAtAll
      ? []
      : waiting.filter((chat) =>
          Ringing.rings(candidate, {
            department: chat.department,
            skills: Ringing.skillsAsked(chat, settings.skillWaitMillis, now)
          })
        )
    const ringing = byHand.length + (desk.offer === null ? 0 : 1)
    const icon = chatIcon({
      isSwitchedOn: settings.chatInsideCrm,
      hasChatLicence: agent.isEnabled,
      status,
      waiting: waiting.length,
      ringing
    })
    icons.set(agent.id, { icon, status, offer: desk.offer, ringing, waiting: waiting.length, used, limit })
  }
  return icons as ReadonlyMap<AgentId, IconState>
})
