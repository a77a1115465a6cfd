import { type Agent, Chat, ChatEvolve, ChatLimit, Desk, type Id, type Instant, Ringing, Transcript } from "leadline"
import type { DeskPayload, LogEntry } from "leadline/ports"
import { LIMIT, SKILL_WAIT_MILLIS } from "./Company.ts"

/** What is checked of a day, and every breach of it. */
export type Breaches = Map<string, Array<string>>

/** The rules a day must keep, as they are printed. */
export const rules = {
  limit: "no agent above their limit when they take a chat or an offer (B5, B6)",
  oneOffer: "at most one open offer per agent (C4)",
  fifo: "no offer while an older chat that the same agent could serve waits (C2)",
  agree: "chats and desks agree on who serves and who holds an offer (C8)",
  status: "nobody offline serves or holds an offer (B1, B4)",
  ended: "every chat ended, once (D2, D5)",
  sealed: "every transcript verifies against its digest (D7)",
  feeds: "every chat of a known visitor is in their feed once (H8)"
} as const

const offerTags = new Set(["OfferMissed", "OfferDeclined", "OfferWithdrawn"])

/**
 * Lives through the log once more, event by event, and looks after each whether the rules hold. Uses what decides live
 * only to apply events; what it checks, it counts for itself.
 */
export class Observer {
  readonly breaches: Breaches = new Map(Object.values(rules).map((rule) => [rule, []]))
  readonly chats = new Map<string, Chat.Chat>()
  readonly desks = new Map<string, Desk.Desk>()
  private readonly agents: ReadonlyMap<string, Agent.Agent>
  private readonly waiting = new Map<string, Chat.Chat>()
  private readonly lines = new Map<string, Array<Transcript.Message>>()
  private readonly numbers = new Map<string, number>()
  private lastNumber = 0

  constructor(agents: ReadonlyArray<Agent.Agent>) {
    this.agents = new Map(agents.map((agent) => [agent.id, agent]))
  }

  /** The events of one instant and one commit come together; between commits the world is in order. */
  see({ event }: LogEntry<DeskPayload>): void {
    const { at, payload, stream } = event
    const [kind = "", id = ""] = stream.split("/")
    if (kind === "chat") this.chatEvent(id, payload as Parameters<typeof ChatEvolve.evolve>[1], at)
    if (kind === "desk") this.deskEvent(id, payload as Desk.DeskEvent, at)
  }

  /** After the last event. */
  end(): void {
    for (const [id, chat] of this.chats) {
      if (!Chat.isClosed(chat)) this.breach("ended", `${id} is ${chat.state._tag}`)
      const flaw = Transcript.verify(this.lines.get(id) ?? [], chat.digest)
      if (flaw !== null) this.breach("sealed", `${id}: ${flaw._tag}`)
    }
    this.settled()
  }

  breach(rule: keyof typeof rules, what: string): void {
    this.breaches.get(rules[rule])?.push(what)
  }

  /** Between two commits: what chats say of agents, desks say of chats. */
  settled(): void {
    for (const [id, desk] of this.desks) {
      for (const chatId of desk.serving) {
        const chat = this.chats.get(chatId)
        if (chat === undefined || !Chat.isServing(chat, desk.agentId)) this.breach("agree", `${id} serves ${chatId}`)
      }
      if (desk.offer !== null && this.chats.get(desk.offer.chatId)?.offer?.to !== desk.agentId) {
        this.breach("agree", `${id} holds ${desk.offer.chatId}`)
      }
      if (desk.status === "offline" && (desk.serving.length > 0 || desk.offer !== null)) this.breach("status", id)
    }
  }

  private chatEvent(id: string, event: Parameters<typeof ChatEvolve.evolve>[1], at: Instant.Instant): void {
    const before = this.chats.get(id) ?? null
    if (before !== null && event._tag === "ChatClosed" && Chat.isClosed(before)) this.breach("ended", `${id} twice`)
    if (event._tag === "ChatOffered" && before !== null && event.kind === "routing")
      this.checkOrder(before, event.agentId, at)
    if (event._tag === "MessageSent") {
      const lines = this.lines.get(id)
      if (lines === undefined) this.lines.set(id, [event.message])
      else lines.push(event.message)
    }
    const after = ChatEvolve.evolve(before, event, at)
    if (after === null) return
    this.chats.set(id, after)
    if (after.state._tag === "Waiting") {
      if (!this.numbers.has(id) || (after.queuedAt === at && !offerTags.has(event._tag) && before?.queuedAt !== at)) {
        this.numbers.set(id, ++this.lastNumber)
      }
      this.waiting.set(id, after)
    } else {
      this.waiting.delete(id)
      if (event._tag === "ChatOffered" && event.kind === "transfer") this.numbers.set(id, ++this.lastNumber)
    }
  }

  private deskEvent(id: string, event: Desk.DeskEvent, at: Instant.Instant): void {
    const before = this.desks.get(id) ?? Desk.initial(event.agentId)
    if (event._tag === "OfferHeld" && before.offer !== null) this.breach("oneOffer", `${id} at ${at}`)
    const after = Desk.evolve(before, event, at)
    this.desks.set(id, after)
    const takes = event._tag === "OfferHeld" || event._tag === "ChatTaken"
    if (takes && this.used(after, at) > this.limitOf(id)) this.breach("limit", `${id} at ${at}`)
  }

  private used(desk: Desk.Desk, at: Instant.Instant): number {
    const served = desk.serving.flatMap((chatId) => {
      const chat = this.chats.get(chatId)
      const mine = chat?.serving.find(({ agentId }) => agentId === desk.agentId)
      return chat === undefined || mine === undefined
        ? []
        : [{ joinedAt: mine.joinedAt, lastPublicAt: chat.lastPublicAt }]
    })
    return ChatLimit.slotsInUse(served, at) + (desk.offer === null ? 0 : 1)
  }

  private limitOf(agentId: string): number {
    return this.agents.get(agentId)?.chatLimit ?? LIMIT
  }

  private checkOrder(offered: Chat.Chat, agentId: Id.AgentId, at: Instant.Instant): void {
    const agent = this.agents.get(agentId)
    const number = this.numbers.get(offered.id) ?? 0
    if (agent === undefined) return
    for (const [id, chat] of this.waiting) {
      if ((this.numbers.get(id) ?? 0) >= number || chat.exclusions.some((one) => one.agentId === agentId)) continue
      const asked = { department: chat.department, skills: Ringing.skillsAsked(chat, SKILL_WAIT_MILLIS, at) }
      if (Ringing.rings({ agent, status: "online", used: 0, limit: null }, asked)) {
        this.breach("fifo", `${offered.id} before ${id} to ${agentId}`)
      }
    }
  }
}
