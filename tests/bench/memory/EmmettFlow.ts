import { randomBytes, randomUUID } from "node:crypto"
import { CommandHandler, getInMemoryEventStore } from "@event-driven-io/emmett"
import { Result } from "effect"
import {
  type Chat,
  type ChatCommand,
  ChatDecide,
  type ChatEvent,
  ChatEvolve,
  Commitment,
  Content,
  Desk,
  EmailKey,
  FeedPage,
  Id,
  Instant,
  LeadName,
  LeadOwner,
  PoolEvent,
  RecordRef,
  Ringing
} from "leadline"
import * as Flow from "../core/Flow.ts"
import type { Given } from "../core/Given.ts"
import { agent, agentId } from "../Office.ts"

/**
 * The same deciders on emmett's store in memory, as its documentation shows: one stream per chat, desk and pool, a
 * `CommandHandler` each, which folds the stream and appends. Texts lie apart in a map, as ours do.
 */
type Happened = {
  readonly type: "happened"
  readonly data: { readonly event: ChatEvent.ChatEvent; readonly at: number }
}
type AtDesk = { readonly type: "desk"; readonly data: { readonly event: Desk.DeskEvent; readonly at: number } }
type InPool = { readonly type: "pool"; readonly data: { readonly event: PoolEvent.PoolEvent } }

const onChat = CommandHandler<Chat.Chat | null, Happened>({
  evolve: (chat, { data }) => ChatEvolve.evolve(chat, data.event, Instant.fromMillis(data.at)),
  initialState: () => null
})

const ada = agentId(0)

const onDesk = CommandHandler<Desk.Desk, AtDesk>({
  evolve: (desk, { data }) => Desk.evolve(desk, data.event, Instant.fromMillis(data.at)),
  initialState: () => ({ ...Desk.initial(ada), status: "online" })
})

/** Flows in a store of their own, so that the streams of desk and pool stay short. */
export const world = (sellers: ReadonlyArray<string>) => {
  const store = getInMemoryEventStore()
  const desks = Flow.opened(sellers)
  const texts = new Map<string, { readonly salt: string; readonly value: string }>()
  const poolId = desks.pool.id
  const onPool = CommandHandler<typeof desks.pool, InPool>({
    evolve: (pool, { data }) => PoolEvent.evolve(pool, data.event),
    initialState: () => desks.pool
  })

  const text = (typed: string, visitorId: Id.VisitorId): ChatCommand.Text => {
    const seal = { ref: Content.ContentRef.make(randomUUID()), salt: randomBytes(16).toString("hex") }
    const { content, stored } = Commitment.seal(seal, { _tag: "Visitor", visitorId }, typed)
    texts.set(seal.ref, stored)
    return { typed, content }
  }

  const decide = async (command: ChatCommand.ChatCommand): Promise<Chat.Chat> => {
    const at = Date.now()
    const { newState } = await onChat(store, `chat-${command.chatId}`, (chat) => {
      const decided = ChatDecide.decide(command, chat, Instant.fromMillis(at))
      if (Result.isFailure(decided)) throw new Error(decided.failure._tag)
      return decided.success.map((event) => ({ type: "happened", data: { event, at } }))
    })
    if (newState === null) throw new Error("no chat")
    return newState
  }

  const flow = async (given: Given, visitor: string) => {
    const [chatId, visitorId] = [Id.ChatId.make(randomUUID()), Id.VisitorId.make(visitor)]
    const typedEmail = `${visitor}@example.com`
    const details = { name: text(given.name.typed, visitorId), email: text(typedEmail, visitorId), phone: null }
    await decide({ _tag: "RequestChat", chatId, visitorId, department: null, details })
    const emailKey = EmailKey.make(typedEmail)

    await onDesk(store, "desk", (desk) => {
      const candidate = { agent: agent(0), status: desk.status, used: desk.serving.length, limit: 5 }
      if (Result.isFailure(Ringing.mayAnswer(candidate, null))) throw new Error("may not answer")
      return { type: "desk", data: { event: { _tag: "ChatTaken", agentId: ada, chatId }, at: Date.now() } }
    })
    await decide({ _tag: "AnswerChat", chatId, agentId: ada })
    for (const [n, { typed }] of given.messages.entries()) {
      const said = text(typed, visitorId)
      await decide(
        n % 2 === 0
          ? { _tag: "SendVisitorMessage", chatId, text: said }
          : { _tag: "SendAgentMessage", chatId, agentId: ada, text: said }
      )
    }

    const { lastName } = LeadName.fromVisitor({ name: given.name.typed, email: typedEmail })
    let owner: Id.UserId | null = null
    await onPool(store, "pool", (pool) => {
      const assigned = LeadOwner.decide({
        anyOwnerAllowed: false,
        configured: [{ _tag: "Pool", poolId }],
        access: "allAgents",
        picked: null,
        creator: null,
        directory: desks.directory,
        pools: new Map([[poolId, pool]])
      })
      if (Result.isFailure(assigned)) throw new Error(assigned.failure._tag)
      owner = assigned.success.decision.owner
      return (assigned.success.pool?.events ?? []).map((event) => ({ type: "pool" as const, data: { event } }))
    })
    const lead = RecordRef.RecordId.make(randomUUID())
    await decide({ _tag: "RecordLead", chatId, lead, owner: owner ?? Id.UserId.make("-") })

    const chat = await decide({ _tag: "EndChat", chatId, reason: "agent", by: ada })
    await onDesk(store, "desk", () => ({
      type: "desk",
      data: { event: { _tag: "ChatReleased", agentId: ada, chatId }, at: Date.now() }
    }))
    const entry = Flow.entryOf(chat, given, (ref) => texts.get(ref)?.value ?? "")
    const page = FeedPage.assemble({
      chats: { _tag: "Rows", rows: [entry], limitReached: null },
      activities: { _tag: "Rows", rows: [], limitReached: null },
      pageSize: 50,
      profile: FeedPage.profiles.full,
      from: null
    })
    return { owner, lastName, emailKey, messages: chat.messages.total, feed: page.entries.length }
  }
  return { flow }
}
