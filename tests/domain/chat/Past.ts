import { ChatDecide, type ChatEvent, ChatEvolve, Id } from "leadline"
import { ChatCommands, DeciderSpecification } from "leadline/testing"

/** A chat's past in few words. Events happen a second apart: `at(0)`, `at(1)`, … */
export const chat = DeciderSpecification.of({
  initial: null,
  decide: ChatDecide.decide,
  evolve: ChatEvolve.evolve
})

export const { agentIds, chatId, visitorId } = ChatCommands
export const [ann, ben, cem] = agentIds
export const { at } = DeciderSpecification
export const [sales, support] = [Id.DepartmentId.make("sales"), Id.DepartmentId.make("support")]

/** Deadline of the offers below. */
export const UNTIL = at(30)

export const requested: ChatEvent.ChatEvent = {
  _tag: "ChatRequested",
  chatId,
  visitorId,
  department: sales,
  name: null,
  email: null,
  phone: null
}

type Named = "ChatAnswered" | "AgentReturned" | "AgentJoined" | "OfferMissed" | "OfferDeclined" | "ObservingStarted"

const by =
  <Tag extends Named>(_tag: Tag) =>
  (agentId: Id.AgentId): { readonly _tag: Tag; readonly agentId: Id.AgentId } => ({ _tag, agentId })

export const answered = by("ChatAnswered")
export const joined = by("AgentJoined")
export const missed = by("OfferMissed")
export const declined = by("OfferDeclined")
export const observing = by("ObservingStarted")

export const left = (agentId: Id.AgentId, wasLast = true): ChatEvent.ChatEvent => ({
  _tag: "AgentLeft",
  agentId,
  wasLast
})

export const offered = (agentId: Id.AgentId, kind: "routing" | "transfer" = "routing"): ChatEvent.ChatEvent => ({
  _tag: "ChatOffered",
  agentId,
  until: UNTIL,
  kind
})

/** A transfer to an agent, whole. */
export const transferred = (by: Id.AgentId, to: Id.AgentId): ReadonlyArray<ChatEvent.ChatEvent> => [
  { _tag: "TransferredToAgent", by, to },
  offered(to, "transfer")
]

export const withdrawn = (
  agentId: Id.AgentId,
  reason: Extract<ChatEvent.ChatEvent, { readonly _tag: "OfferWithdrawn" }>["reason"]
): ChatEvent.ChatEvent => ({ _tag: "OfferWithdrawn", agentId, reason })

export const visitorGone: ChatEvent.ChatEvent = { _tag: "VisitorGone" }
