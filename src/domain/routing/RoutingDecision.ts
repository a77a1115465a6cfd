import { Schema } from "effect"
import { AgentId, ChatId } from "../account/Id.ts"
import { Instant } from "../account/Instant.ts"
import { Chosen, Criterion } from "./Ranking.ts"
import { RoutingMode } from "./RoutingPolicy.ts"

/** Why an agent was not chosen, or does not ring (C7). The criteria: the chosen one came before them by it (C3). */
export const NotChosen = Schema.Union([
  Schema.Literals(["closed", "disabled", "status", "department", "skills", "limit"]),
  Schema.Literals(["holdsOffer", "excluded", "tooSoon"]),
  Criterion
])
export type NotChosen = typeof NotChosen.Type

/** What routing decided of one chat, with a reason for **each** agent (C7). Each agent appears once. */
export const Decision = Schema.Struct({
  chatId: ChatId,
  at: Instant,
  mode: RoutingMode,
  /** Broadcast and hybrid: at whom it rings. */
  ringsAt: Schema.Array(AgentId),
  /** Assigned: to whom it is held out. */
  chosen: Schema.NullOr(Chosen),
  /** Everybody eligible was excluded: nobody is any more (C4). */
  clearsExclusions: Schema.Boolean,
  /** All others, by reason: a reason is written once, however many agents it is about. */
  others: Schema.Array(Schema.Struct({ why: NotChosen, agents: Schema.Array(AgentId) }))
})
export type Decision = typeof Decision.Type

/** Agents by reason, in the order in which reasons came up. */
export class Grouped {
  private readonly groups = new Map<NotChosen, Array<AgentId>>()

  add(why: NotChosen, agentId: AgentId): void {
    const group = this.groups.get(why)
    if (group === undefined) this.groups.set(why, [agentId])
    else group.push(agentId)
  }

  get all(): Decision["others"] {
    return [...this.groups].map(([why, agents]) => ({ why, agents }))
  }
}

/** What a decision says of one agent; `null`: they were not there. */
export const reasonFor = (decision: Decision, agentId: AgentId): "chosen" | "rings" | NotChosen | null => {
  if (decision.chosen?.agentId === agentId) return "chosen"
  if (decision.ringsAt.includes(agentId)) return "rings"
  return decision.others.find(({ agents }) => agents.includes(agentId))?.why ?? null
}
