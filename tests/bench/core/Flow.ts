import { Result } from "effect"
import {
  ActivityEntry,
  Chat,
  type ChatCommand,
  ChatDecide,
  ChatEvolve,
  Content,
  Desk,
  type DistributionPool,
  EmailKey,
  FeedPage,
  Id,
  Instant,
  LeadName,
  LeadOwner,
  Matching,
  PoolEvent,
  RecordRef,
  Ringing,
  type User
} from "leadline"
import { agent, agentId } from "../Office.ts"
import type { Given, Outcome } from "./Given.ts"

/** The complete flow by the deciders alone: every command decided, every event applied; nothing is stored. */

const ada = agentId(0)
const poolId = Id.PoolId.make("inbound")

const user = (id: string): User.User => ({
  id: Id.UserId.make(id),
  name: id,
  email: `${id}@acme.example`,
  isActive: true,
  reportsTo: null,
  isAccountOwner: false,
  isCrmAdministrator: false,
  teams: [],
  groups: [],
  visibility: "all"
})

export interface Desks {
  readonly directory: ReadonlyMap<Id.UserId, User.User>
  pool: DistributionPool.DistributionPool
  desk: Desk.Desk
}

export const opened = (sellers: ReadonlyArray<string>): Desks => ({
  directory: new Map(sellers.map((id) => [Id.UserId.make(id), user(id)])),
  pool: {
    id: poolId,
    name: "Inbound",
    recordKind: "lead",
    members: sellers.map((id) => Id.UserId.make(id)),
    isDeleted: false,
    eventCount: 1
  },
  desk: { ...Desk.initial(ada), status: "online" }
})

export const text = ({ commitment, ref, typed }: Given["name"]): ChatCommand.Text => ({
  typed,
  content: { ref: Content.ContentRef.make(ref), commitment: Content.Commitment.make(commitment) }
})

/** What is given, as commands hold it; made before anything is measured. */
export const commandsOf = (given: Given) => ({
  chatId: Id.ChatId.make("chat"),
  visitorId: Id.VisitorId.make("visitor"),
  details: { name: text(given.name), email: text(given.email), phone: null },
  texts: given.messages.map(text),
  lead: RecordRef.RecordId.make("lead"),
  earlier: given.earlier.map(
    ({ at, id }): ActivityEntry.RecordEntry => ({
      _tag: "Activity",
      id,
      at: Instant.fromMillis(at),
      byName: null,
      activity: {
        _tag: "Note",
        id: Id.ActivityId.make(id),
        record: { kind: "lead", id: RecordRef.RecordId.make("lead") },
        at: Instant.fromMillis(at),
        by: { _tag: "System" },
        text: "a note",
        chatId: null
      }
    })
  ),
  typed: new Map<string, string>(given.messages.map(({ ref, typed }) => [ref, typed]))
})
export type Commands = ReturnType<typeof commandsOf>

/** A chat on its way. */
export class Walk {
  chat: Chat.Chat | null = null
  events = 0

  /** Decides and applies; what it is asked here is never refused. */
  do(command: ChatCommand.ChatCommand, now: Instant.Instant): void {
    const decided = ChatDecide.decide(command, this.chat, now)
    if (Result.isFailure(decided)) throw new Error(decided.failure._tag)
    for (const event of decided.success) {
      this.chat = ChatEvolve.evolve(this.chat, event, now)
      this.events++
    }
  }
}

export const flow = (given: Given, commands: Commands, desks: Desks): Outcome => {
  const { chatId, details, texts, visitorId } = commands
  let now = Instant.fromMillis(given.from)
  const walk = new Walk()
  walk.do({ _tag: "RequestChat", chatId, visitorId, department: null, details }, now)
  const emailKey = EmailKey.make(given.email.typed)
  if (walk.chat !== null) walk.chat = { ...walk.chat, queueNumber: 1, visitor: { ...walk.chat.visitor, emailKey } }

  const candidate = { agent: agent(0), status: desks.desk.status, used: desks.desk.serving.length, limit: 5 }
  if (Result.isFailure(Ringing.mayAnswer(candidate, null))) throw new Error("may not answer")
  walk.do({ _tag: "AnswerChat", chatId, agentId: ada }, now)
  desks.desk = Desk.evolve(desks.desk, { _tag: "ChatTaken", agentId: ada, chatId }, now)

  for (const [n, said] of texts.entries()) {
    now = Instant.fromMillis(given.from + n * 1000)
    walk.do(
      n % 2 === 0
        ? { _tag: "SendVisitorMessage", chatId, text: said }
        : { _tag: "SendAgentMessage", chatId, agentId: ada, text: said },
      now
    )
  }

  const matched = Matching.match(Matching.evidenceFor("emailOnly", emailKey, null), [])
  if (matched._tag !== "None") throw new Error("somebody matches")
  const { lastName } = LeadName.fromVisitor({ name: given.name.typed, email: given.email.typed })
  const assigned = LeadOwner.decide({
    anyOwnerAllowed: false,
    configured: [{ _tag: "Pool", poolId }],
    access: "allAgents",
    picked: null,
    creator: null,
    directory: desks.directory,
    pools: new Map([[poolId, desks.pool]])
  })
  if (Result.isFailure(assigned)) throw new Error(assigned.failure._tag)
  const { decision, pool } = assigned.success
  for (const event of pool?.events ?? []) desks.pool = PoolEvent.evolve(desks.pool, event)
  walk.do({ _tag: "RecordLead", chatId, lead: commands.lead, owner: decision.owner }, now)

  walk.do({ _tag: "EndChat", chatId, reason: "agent", by: ada }, now)
  desks.desk = Desk.evolve(desks.desk, { _tag: "ChatReleased", agentId: ada, chatId }, now)
  const { chat } = walk
  if (chat === null || chat.state._tag !== "Closed") throw new Error("the chat is not closed")

  const entry = entryOf(chat, given, (ref) => commands.typed.get(ref) ?? "")
  const page = FeedPage.assemble({
    chats: { _tag: "Rows", rows: [entry], limitReached: null },
    activities: { _tag: "Rows", rows: commands.earlier, limitReached: null },
    pageSize: 10,
    profile: FeedPage.profiles.full,
    from: null
  })
  return {
    emailKey,
    lastName,
    digest: chat.digest,
    messages: chat.messages,
    servedBy: chat.servedBy,
    owner: decision.owner,
    next: desks.pool.members[0] ?? null,
    serving: desks.desk.serving.length,
    events: walk.events,
    beginning: entry.beginning as string,
    feed: page.entries.map(({ id }) => id),
    hasMore: page.next !== null
  }
}

/** As `readFeed` makes it of a closed chat. */
export const entryOf = (chat: Chat.Chat, given: Given, textOf: (ref: string) => string): ActivityEntry.ChatEntry => ({
  _tag: "Chat",
  id: chat.id,
  at: chat.requestedAt,
  endedAt: chat.state._tag === "Closed" ? chat.state.at : chat.requestedAt,
  outcome: Chat.outcomeOf(chat),
  servedBy: chat.servedBy,
  agentNames: ["Agent 0"],
  recordName: given.name.typed,
  visitorName: given.name.typed,
  beginning: ActivityEntry.beginningOf(textOf(chat.beginning?.ref ?? "")),
  rating: null,
  comment: null,
  tags: chat.tags,
  chatUrl: null
})
