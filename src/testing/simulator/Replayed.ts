import type { Instant } from "../../domain/account/Instant.ts"
import * as ChatLimit from "../../domain/agent/ChatLimit.ts"
import * as Desk from "../../domain/agent/Desk.ts"
import * as Chat from "../../domain/chat/Chat.ts"
import type { ChatEvent } from "../../domain/chat/ChatEvent.ts"
import { evolve } from "../../domain/chat/ChatEvolve.ts"
import * as Transcript from "../../domain/chat/Transcript.ts"
import type { DeskPayload } from "../../ports/DeskStore.ts"
import type { LogEntry } from "../../ports/RecordStore.ts"
import type { Setup } from "./History.ts"

/** Reports a breach of a rule. */
export type Breach = (rule: string, what: string) => void

/**
 * Lives through the desk's log once more, event by event, and looks whether the rules hold after each: one winner (C8), one
 * offer (C4), limits (B6), one open chat (D6), one end (D2), an unbroken transcript (D7). Uses what decides live only to
 * apply events; what it checks, it counts for itself.
 */
export class Replayed {
  readonly chats = new Map<string, Chat.Chat>()
  readonly desks = new Map<string, Desk.Desk>()
  private readonly lines = new Map<string, Array<Transcript.Message>>()
  private readonly setup: Setup
  private readonly breach: Breach

  constructor(setup: Setup, breach: Breach) {
    this.setup = setup
    this.breach = breach
  }

  see({ event }: LogEntry<DeskPayload>): void {
    const { at, payload, stream } = event
    const [kind = "", id = ""] = stream.split("/")
    if (kind === "chat") this.chatEvent(id, payload as ChatEvent, at, event.number)
    if (kind === "desk") this.deskEvent(id, payload as Desk.DeskEvent, at, event.number)
  }

  /** After the last event: what chats say of agents, desks say of chats (C8). */
  end(): void {
    for (const [id, desk] of this.desks) {
      for (const chatId of desk.serving) {
        const chat = this.chats.get(chatId)
        if (chat === undefined || !Chat.isServing(chat, desk.agentId)) {
          this.breach("chats and desks agree (C8)", `${id} serves ${chatId}, which is ${chat?.state._tag}`)
        }
      }
      const held = desk.offer
      if (held !== null && this.chats.get(held.chatId)?.offer?.to !== desk.agentId) {
        this.breach("chats and desks agree (C8)", `${id} holds ${held.chatId}, which is not offered to them`)
      }
    }
    for (const [id, chat] of this.chats) {
      for (const { agentId } of chat.serving) {
        if (this.desks.get(agentId)?.serving.includes(chat.id) !== true) {
          this.breach("chats and desks agree (C8)", `${id} is served by ${agentId}, whose desk does not know`)
        }
      }
      const flaw = Transcript.verify(this.lines.get(id) ?? [], chat.digest)
      if (flaw !== null) this.breach("a transcript verifies (D7)", `${id}: ${flaw._tag}`)
    }
  }

  private chatEvent(id: string, event: ChatEvent, at: Instant, number: number): void {
    const before = this.chats.get(id) ?? null
    const said = `${id}, event ${number}`
    if (number !== (before?.eventCount ?? 0) + 1) this.breach("events are numbered without gaps (K2)", said)
    if (before !== null && Chat.isClosed(before) && (event._tag === "ChatClosed" || event._tag === "MessageSent")) {
      this.breach("a chat ends once, and nothing is said after (D2, D7)", `${said}: ${event._tag}`)
    }
    if (event._tag === "ChatAnswered" && before !== null && before.state._tag !== "Waiting") {
      const isOffered = before.offer?.to === event.agentId
      if (!isOffered)
        this.breach("one of many who answer wins (C8)", `${said}: ${event.agentId} while ${before.state._tag}`)
    }
    if (event._tag === "ChatRequested") this.requested(id, event.visitorId)
    if (event._tag === "MessageSent") this.lines.set(id, [...(this.lines.get(id) ?? []), event.message])
    const after = evolve(before, event, at)
    if (after !== null) this.chats.set(id, { ...after, eventCount: number })
  }

  private requested(id: string, visitorId: string): void {
    for (const other of this.chats.values()) {
      if (other.visitor.id === visitorId && !Chat.isClosed(other)) {
        this.breach("one open chat per visitor (D6)", `${id} beside ${other.id}`)
      }
    }
  }

  private deskEvent(id: string, event: Desk.DeskEvent, at: Instant, number: number): void {
    const before = this.desks.get(id) ?? Desk.initial(event.agentId)
    if (number !== before.eventCount + 1) this.breach("events are numbered without gaps (K2)", `${id}, event ${number}`)
    if (event._tag === "OfferHeld" && before.offer !== null) this.breach("one open offer per agent (C4)", id)
    if (event._tag === "ChatTaken" && before.serving.includes(event.chatId)) {
      this.breach("chats and desks agree (C8)", `${id} takes ${event.chatId} twice`)
    }
    const after = Desk.evolve(before, event, at)
    this.desks.set(id, after)
    const takes = event._tag === "OfferHeld" || event._tag === "ChatTaken"
    const limit = this.limitOf(id)
    const used = takes ? this.used(after, at) : 0
    if (limit !== null && used > limit) this.breach("no agent above their limit (B6)", `${id}: ${used} of ${limit}`)
  }

  /** Counted at the instant of whoever decided: clocks differ, but a decision is by one of them. */
  used(desk: Desk.Desk, at: Instant): number {
    const served = desk.serving.flatMap((chatId) => {
      const chat = this.chats.get(chatId)
      const mine = chat?.serving.find(({ agentId }) => agentId === desk.agentId)
      return chat === undefined || mine === undefined
        ? []
        : [{ joinedAt: mine.joinedAt, lastPublicAt: chat.lastPublicAt }]
    })
    return ChatLimit.slotsInUse(served, at) + (desk.offer === null ? 0 : 1)
  }

  limitOf(agentId: string): number | null {
    const number = Number(agentId.slice("agent-".length))
    return this.setup.agents[number - 1]?.limit ?? this.setup.chatLimit
  }
}
