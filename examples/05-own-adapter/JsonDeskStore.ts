import { Layer } from "effect"
import type { Chat, Id } from "leadline"
import {
  type ClosedChatsQuery,
  type DeskPayload,
  type DeskRecords,
  DeskStore,
  type Parked,
  type Read,
  type SettingsPayload,
  type SettingsRecords,
  SettingsStore
} from "leadline/ports"
import type { Document } from "./JsonFile.ts"
import * as JsonRecordStore from "./JsonRecordStore.ts"

/** A chat that enters the queue gets a number higher than all before, those that came with one included (C2). */
const withQueueNumber: JsonRecordStore.FillIn = (document, kind, value) => {
  if (kind !== "chat") return value
  const chat = value as Chat.Chat
  if (chat.state._tag !== "Waiting" && chat.state._tag !== "Offered") return chat
  const queueNumber = chat.queueNumber ?? document.lastQueueNumber + 1
  document.lastQueueNumber = Math.max(document.lastQueueNumber, queueNumber)
  return { ...chat, queueNumber }
}

/** All records of a kind. A file has no indexes; who needs them takes a database. */
const all = <Kind extends keyof DeskRecords>({ slots }: Document, kind: Kind): ReadonlyArray<DeskRecords[Kind]> =>
  Object.entries(slots).flatMap(([name, { value }]) =>
    name.startsWith(`${kind}/`) ? [value as DeskRecords[Kind]] : []
  )

const valueOf = <Kind extends keyof DeskRecords>({ slots }: Document, kind: Kind, id: string) =>
  (slots[`${kind}/${id}`]?.value ?? null) as DeskRecords[Kind] | null

/** A bridge's items, in order of the log. */
const itemsOf = (document: Document, bridge: string, fits: (nextTryAt: Parked["nextTryAt"]) => boolean) =>
  all(document, "parked")
    .filter((item) => item.bridge === bridge && fits(item.nextTryAt))
    .sort((a, b) => a.position - b.position || (a.eventId < b.eventId ? -1 : 1))

const byId = <Thing extends { readonly id: string }>(a: Thing, b: Thing): number => (a.id < b.id ? -1 : 1)

/** Newest first by (start, id), ids by code unit (H4). */
const newestFirst = (a: Chat.Chat, b: Chat.Chat): number => b.requestedAt - a.requestedAt || -byId(a, b)

const isWanted =
  (query: ClosedChatsQuery) =>
  ({ answered, id, kind, requestedAt, servedBy, state, visitor }: Chat.Chat): boolean => {
    const { after, chatIds, from, keys, servedByAny, until } = query
    const isHere = (visitor.emailKey !== null && keys.includes(visitor.emailKey)) || chatIds.includes(id)
    const isOlder = after === null || requestedAt < after.at || (requestedAt === after.at && id < after.id)
    const isWithin = (from === null || requestedAt >= from) && (until === null || requestedAt < until)
    const isServed = servedByAny === null || servedBy.some((agentId) => servedByAny.includes(agentId))
    const isShown = kind === "offlineMessage" ? query.includeOfflineMessages : answered !== null || query.includeMissed
    return state._tag === "Closed" && isHere && isOlder && isWithin && isServed && isShown
  }

/** The chat side in a folder of JSON files. */
export const makeDesk = (folder: string, holds?: JsonRecordStore.Holds): DeskStore["Service"] => {
  const { read, store } = JsonRecordStore.make<DeskRecords, DeskPayload>(folder, withQueueNumber, holds)
  const texts = (document: Document, refs: ReadonlyArray<string>) =>
    new Map(
      refs.flatMap((ref) => (document.texts[ref] === undefined ? [] : [[ref, document.texts[ref].value]]))
    ) as never
  return {
    ...store,
    capabilities: { isDurable: true, erase: true },
    waiting: (account, limit) =>
      read(account, (document) =>
        all(document, "chat")
          .filter(({ state }) => state._tag === "Waiting")
          .sort((a, b) => (a.queueNumber ?? 0) - (b.queueNumber ?? 0))
          .slice(0, limit)
      ),
    roster: (account) =>
      read(account, (document) =>
        all(document, "agent").map((agent) => {
          const slot = document.slots[`desk/${agent.id}`]
          const key = { kind: "desk", id: agent.id } as const
          const desk = { key, version: slot?.version ?? 0, value: slot?.value ?? null } as Read<DeskRecords, "desk">
          const served = (desk.value?.serving ?? []).flatMap((chatId: Id.ChatId) => {
            const chat = valueOf(document, "chat", chatId)
            const serving = chat?.serving.find(({ agentId }) => agentId === agent.id)
            return chat === null || serving === undefined
              ? []
              : [{ joinedAt: serving.joinedAt, lastPublicAt: chat.lastPublicAt }]
          })
          return { agent, desk, presence: valueOf(document, "presence", agent.id), served }
        })
      ),
    closedChats: (account, query) =>
      read(account, (document) => {
        const chats = all(document, "chat").filter(isWanted(query)).sort(newestFirst).slice(0, query.limit)
        return {
          chats,
          texts: texts(
            document,
            chats.flatMap(({ id }) => document.slots[`chat/${id}`]?.contents ?? [])
          )
        }
      }),
    transcript: (account, chatId, after, limit) =>
      read(account, ({ events, texts: stored }) =>
        events
          .flatMap(({ payload, stream }) => {
            const said = payload as DeskPayload
            return stream === `chat/${chatId}` && said._tag === "MessageSent" ? [said.message] : []
          })
          .filter(({ number }) => number > after)
          .slice(0, limit)
          .map((message) => ({ message, text: stored[message.content.ref]?.value ?? null }))
      ),
    personChats: (account, { after, emails, limit, phones, visitors }) =>
      read(account, (document) =>
        all(document, "chat")
          .filter(({ id, visitor: { emailKey, id: visitorId, phoneKey } }) => {
            const isTheirs = visitors.includes(visitorId) || (emailKey !== null && emails.includes(emailKey))
            return (isTheirs || (phoneKey !== null && phones.includes(phoneKey))) && (after === null || id > after)
          })
          .sort(byId)
          .slice(0, limit)
      ),
    givenUp: (account, bridge, limit) =>
      read(account, (document) => itemsOf(document, bridge, (nextTryAt) => nextTryAt === null).slice(0, limit)),
    parked: (account, bridge, limit) =>
      read(account, (document) => itemsOf(document, bridge, (nextTryAt) => nextTryAt !== null).slice(0, limit))
  }
}

/** The chat side, in a folder of its own. */
export const layerDesk = (folder: string, holds?: JsonRecordStore.Holds): Layer.Layer<DeskStore> =>
  Layer.sync(DeskStore, () => makeDesk(folder, holds))

/** Settings and layouts, in a folder of their own: the thin store, and nothing else. */
export const layerSettings = (folder: string): Layer.Layer<SettingsStore> =>
  Layer.sync(SettingsStore, () => ({
    ...JsonRecordStore.make<SettingsRecords, SettingsPayload>(folder).store,
    capabilities: { isDurable: true, erase: true }
  }))
