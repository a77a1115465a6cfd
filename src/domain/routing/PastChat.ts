import type { AgentId, ChatId, DepartmentId } from "../account/Id.ts"
import { type Instant, max } from "../account/Instant.ts"
import { SLOT_WINDOW_MILLIS } from "../agent/ChatLimit.ts"
import type { Chat } from "../chat/Chat.ts"

/** Where in a turn's handling people talked: milliseconds of it. Between two spells the chat is quiet and frees its slot (B5). */
export interface Spell {
  readonly from: number
  readonly until: number
}

/** One time that routing had to find an agent for a chat, and what came of it. Being put back by B4 is the same turn. */
export interface PastTurn {
  readonly begins: "request" | "visitorWrote" | "transfer"
  /** After the handling of the turn before, or the request. */
  readonly afterMillis: number
  readonly department: DepartmentId | null
  readonly skills: ReadonlyArray<string>
  /** How long the visitor waits for an answer. */
  readonly patienceMillis: number
  /** How long somebody served it; `null`: nobody did. */
  readonly handlingMillis: number | null
  readonly spells: ReadonlyArray<Spell>
}

/** A chat of the past, as far as routing is concerned. */
export interface PastChat {
  readonly chatId: ChatId
  readonly requestedAt: Instant
  readonly turns: ReadonlyArray<PastTurn>
}

type OpenTurn = { -readonly [Field in keyof PastTurn]: PastTurn[Field] } & {
  readonly queuedAt: Instant
  readonly spells: Array<Spell>
}

/** A chat of the past while it is read: what its events leave of it. */
export class PastChatReader {
  private readonly turns: Array<OpenTurn> = []
  private servingSince: Instant | null = null
  private lastServedAt: Instant
  /** Since when it stands in the queue; `null`: it does not. */
  staySince: Instant | null = null
  chat: Chat

  constructor(chat: Chat) {
    this.chat = chat
    this.lastServedAt = chat.requestedAt
  }

  /** It stands in the queue; B4 puts it back into the turn it was in. */
  queue(begins: PastTurn["begins"] | "agentsGone", at: Instant): void {
    this.staySince = at
    if (begins === "agentsGone") return
    this.turns.push({
      begins,
      afterMillis: Math.max(0, at - this.lastServedAt),
      department: this.chat.department,
      skills: this.chat.skills,
      patienceMillis: this.chat.timeouts.idleMillis + this.chat.timeouts.idleCloseMillis,
      handlingMillis: null,
      spells: [],
      queuedAt: at
    })
  }

  /** Somebody serves it, whom nobody did. A wait that was longer than D5 allows was had all the same. */
  served(at: Instant): void {
    this.servingSince = at
    this.staySince = null
    const turn = this.turns.at(-1)
    if (turn === undefined || turn.handlingMillis !== null) return
    turn.handlingMillis = 0
    turn.spells.push({ from: 0, until: 0 })
    turn.patienceMillis = Math.max(turn.patienceMillis, at - turn.queuedAt)
  }

  /** Nobody serves it any more. */
  released(at: Instant): void {
    const turn = this.turns.at(-1)
    if (turn !== undefined) turn.handlingMillis = this.handledUntil(turn, at)
    this.servingSince = null
    this.lastServedAt = max(this.lastServedAt, at)
  }

  /** A public message while somebody serves (B5). */
  spoke(at: Instant): void {
    const turn = this.turns.at(-1)
    const last = turn?.spells.at(-1)
    if (turn === undefined || last === undefined || this.servingSince === null) return
    const place = this.handledUntil(turn, at)
    if (place - last.until >= SLOT_WINDOW_MILLIS) turn.spells.push({ from: place, until: place })
    else turn.spells[turn.spells.length - 1] = { from: last.from, until: Math.max(last.until, place) }
  }

  /** The visitor left the queue. Of a turn that somebody served, that says nothing about its first wait. */
  left(at: Instant): void {
    this.staySince = null
    const turn = this.turns.at(-1)
    if (turn?.handlingMillis === null) turn.patienceMillis = Math.max(0, at - turn.queuedAt)
  }

  get past(): PastChat {
    const turns = this.turns.map(({ queuedAt: _, ...turn }): PastTurn => turn)
    return { chatId: this.chat.id, requestedAt: this.chat.requestedAt, turns }
  }

  private handledUntil(turn: OpenTurn, at: Instant): number {
    return (turn.handlingMillis ?? 0) + Math.max(0, at - (this.servingSince ?? at))
  }
}

/** Who serves in `these` and not in `those`. */
export const servingOnlyIn = (these: Chat | null, those: Chat | null): ReadonlyArray<AgentId> => {
  if (these === null || these.serving === those?.serving) return []
  return these.serving.flatMap(({ agentId }) =>
    those?.serving.some((one) => one.agentId === agentId) === true ? [] : [agentId]
  )
}
