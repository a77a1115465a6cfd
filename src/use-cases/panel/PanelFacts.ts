import { Effect } from "effect"
import { type AccessDenied, viewAs } from "../../domain/account/Access.ts"
import type { Texts } from "../../domain/account/Content.ts"
import type { ChatId } from "../../domain/account/Id.ts"
import type { Agent } from "../../domain/agent/Agent.ts"
import type { Chat } from "../../domain/chat/Chat.ts"
import * as Matching from "../../domain/identity/Matching.ts"
import * as Record from "../../domain/record/Record.ts"
import type { MatchableRef } from "../../domain/record/RecordRef.ts"
import type { Settings } from "../../domain/settings/Settings.ts"
import { Crm, type CrmShape, type Viewer } from "../../ports/Crm.ts"
import type { Caller } from "../execution/Caller.ts"
import type { DeskTransaction } from "../execution/DeskCommand.ts"
import { actingAgent, actingAgentKey, allowed, chatKey } from "../execution/DeskCommand.ts"
import { withUser } from "../execution/Rights.ts"

/** An agent beside a chat, with their view of the CRM. */
export interface Beside {
  readonly chat: Chat
  readonly texts: Texts
  readonly agent: Agent
  readonly rights: Effect.Success<ReturnType<typeof withUser>>
  /** `null`: no access to the CRM (E2, H6). */
  readonly viewer: Viewer | null
}

/** Loads the chat with its texts, and the agent who sits beside it. Refusals: `ChatNotFound`, `AccessDenied`. */
export const beside = Effect.fnUntraced(function* (transaction: DeskTransaction, settings: Settings, chatId: ChatId) {
  const { caller } = transaction
  yield* actingAgent(caller, "chat.serve")
  const { reads, texts } = yield* transaction.getWithTexts(chatKey(chatId), actingAgentKey(caller))
  const [chat, agent] = reads
  yield* allowed(caller, agent.value, { action: "chat.serve" })
  if (chat.value === null || agent.value === null) return yield* Effect.fail({ _tag: "ChatNotFound" as const, chatId })
  const rights = yield* withUser(caller, agent.value, agent.value.userId)
  const view = viewAs(rights, settings)
  const viewer: Viewer | null =
    view === "all"
      ? { _tag: "All" }
      : view === "user" && rights.user !== null
        ? { _tag: "User", userId: rights.user.id }
        : null
  return { read: chat, beside: { chat: chat.value, texts, agent: agent.value, rights, viewer } satisfies Beside }
})

/** The caller may not see CRM data (E2, H6). */
export const noCrmAccess = (caller: Caller): AccessDenied => ({
  _tag: "AccessDenied",
  action: `${caller.actor._tag}: crm`,
  reason: "noCrmAccess"
})

/** All matches of the chat's visitor, those the viewer may see, and the live lead made here (A2–A5, E1, E7). */
export const matchesOf = Effect.fnUntraced(function* (caller: Caller, settings: Settings, chat: Chat, viewer: Viewer) {
  const crm = yield* Crm
  const evidence = Matching.evidenceFor(settings.matchBy, chat.visitor.emailKey, chat.visitor.phoneKey)
  const { matched, visible } = yield* crm.match(caller.account, viewer, evidence)
  const madeHere =
    matched.length === 0 && chat.lead !== null
      ? yield* liveLead(crm, caller, viewer, { kind: "lead", id: chat.lead.id })
      : null
  return { matched, visible, madeHere, evidence }
})

const liveLead = (crm: CrmShape, caller: Caller, viewer: Viewer, lead: MatchableRef) =>
  Effect.map(crm.read(caller.account, viewer, lead), (record) =>
    Record.isLive(record) ? { lead, isVisible: true } : null
  ).pipe(
    Effect.catchTags({
      RecordNotFound: () => Effect.succeed(null),
      RecordHidden: () => Effect.succeed({ lead, isVisible: false })
    })
  )
