import { Effect } from "effect"
import type { Chat, Content, Id } from "leadline"
import type { DeskRecords, DeskStoreShape, Key, Put } from "leadline/ports"
import { type Break, type Doubles, leaksOf, mapped, pause } from "./Double.ts"
import { parkedDoubles } from "./ParkedDoubles.ts"

type Store = DeskStoreShape

/** What is put is changed before it is written. */
const puts =
  (change: (put: Put<DeskRecords>) => Put<DeskRecords>): Break<Store> =>
  (store) => ({ commit: (account, asked) => store.commit(account, { ...asked, put: asked.put.map(change) }) })

const isQueued = (put: Put<DeskRecords>): put is Extract<typeof put, { readonly key: { readonly kind: "chat" } }> =>
  put.key.kind === "chat" && (put.value as Chat.Chat).state._tag === "Waiting"

const withNumber = (put: Put<DeskRecords>, queueNumber: number | null): Put<DeskRecords> =>
  isQueued(put) ? { ...put, value: { ...(put.value as Chat.Chat), queueNumber } } : put

/** The next number is looked up before the write: two who come at once get the same. */
const numbersBefore: Break<Store> = (store) => {
  let last = 0
  return {
    commit: (account, asked) =>
      Effect.gen(function* () {
        const next = last + 1
        yield* pause()
        last = next
        const put = asked.put.map((one) =>
          isQueued(one) && (one.value as Chat.Chat).queueNumber === null ? withNumber(one, next) : one
        )
        return yield* store.commit(account, { ...asked, put })
      })
  }
}

/** The queue keeps chats that left it. */
const keepsQueued: Break<Store> = (store) => {
  const seen = new Set<string>()
  return {
    commit: (account, asked) => {
      for (const put of asked.put) if (isQueued(put)) seen.add(put.key.id)
      return store.commit(account, asked)
    },
    waiting: (account) =>
      Effect.map(
        store.get(
          account,
          [...seen].map((id) => ({ kind: "chat" as const, id }))
        ),
        (reads) => reads.flatMap(({ value }) => (value === null ? [] : [value]))
      )
  }
}

/** Keeps the texts it gave, and gives them again. */
const keeping = () => {
  const kept = new Map<Content.ContentRef, string>()
  return (texts: Content.Texts): Content.Texts => {
    for (const [ref, text] of texts) kept.set(ref, text)
    return new Map(kept)
  }
}

/** Gives the first that it ever saw of each, not the last. */
const staleOf = <A>(idOf: (one: A) => string) => {
  const first = new Map<string, A>()
  return (all: ReadonlyArray<A>): ReadonlyArray<A> =>
    all.map((one) => {
      const kept = first.get(idOf(one)) ?? one
      first.set(idOf(one), kept)
      return kept
    })
}

const getChats = (store: Store, account: Id.AccountId, ids: ReadonlyArray<string>) =>
  Effect.map(
    store.get(
      account,
      ids.map((id): Key<DeskRecords, "chat"> => ({ kind: "chat", id }))
    ),
    (reads) => reads.flatMap(({ value }) => (value === null ? [] : [value]))
  )

/** Filters that a query forgets: closed chats are asked for without them. */
const forgetsFilter =
  (without: Partial<Parameters<Store["closedChats"]>[1]>): Break<Store> =>
  (store) => ({
    closedChats: (account, query) => store.closedChats(account, { ...query, ...without })
  })

/** The queue, transcripts, closed chats. */
const queueDoubles: Doubles<Store> = {
  "desk.waiting.fifo": {
    "the last comes first": (store) => ({ waiting: mapped(store, "waiting", (chats) => chats.toReversed()) }),
    "by id": (store) => ({
      waiting: mapped(store, "waiting", (chats) => chats.toSorted((a, b) => (a.id < b.id ? -1 : 1)))
    }),
    "a number that came with a chat is not counted": (store) => {
      let last = 0
      return puts((put) =>
        isQueued(put) && (put.value as Chat.Chat).queueNumber === null ? withNumber(put, ++last) : put
      )(store)
    },
    "the limit is forgotten": (store) => ({ waiting: (account) => store.waiting(account, 99) })
  },
  "desk.waiting.keepsNumber": {
    "a chat that waits again gets a new number": puts((put) => withNumber(put, null)),
    "a chat never loses its number": (store) => {
      const numbers = new Map<string, number>()
      return {
        commit: (account, asked) => {
          const put = asked.put.map((one) => {
            const known = numbers.get(one.key.id)
            if (!isQueued(one)) return one
            numbers.set(one.key.id, known ?? numbers.size + 1)
            return withNumber(one, known ?? numbers.size)
          })
          return store.commit(account, { ...asked, put })
        }
      }
    }
  },
  "desk.waiting.only": {
    "chats that left stay in the queue": keepsQueued,
    "every chat gets a number": puts((put) =>
      put.key.kind === "chat" ? ({ ...put, value: { ...(put.value as Chat.Chat), queueNumber: 7 } } as typeof put) : put
    )
  },
  "desk.waiting.unique": { "the next number is looked up before the write": numbersBefore },
  "desk.transcript.order": {
    "numbers are compared as text": (store) => ({
      transcript: mapped(store, "transcript", (lines) =>
        lines.toSorted((a, b) => (`${a.message.number}` < `${b.message.number}` ? -1 : 1))
      )
    }),
    "each line has the first line's text": (store) => ({
      transcript: mapped(store, "transcript", (lines) =>
        lines.map((line) => ({ ...line, text: lines[0]?.text ?? null }))
      )
    })
  },
  "desk.transcript.range": {
    "the number given comes again": (store) => ({
      transcript: (account, chatId, after, limit) => store.transcript(account, chatId, Math.max(0, after - 1), limit)
    }),
    "the limit is forgotten": (store) => ({
      transcript: (account, chatId, after) => store.transcript(account, chatId, after, 99)
    })
  },
  "desk.transcript.erased": {
    "lines are kept with their texts": (store) => {
      const stale = new Map<Id.ChatId, Effect.Success<ReturnType<Store["transcript"]>>>()
      return {
        transcript: mapped(store, "transcript", (lines, _account, chatId) => {
          const kept = stale.get(chatId) ?? lines
          stale.set(chatId, kept)
          return kept
        })
      }
    }
  },
  "desk.closedChats.keys": {
    "a chat found by key and by id comes twice": (store) => ({
      closedChats: (account, query) =>
        Effect.map(
          Effect.all([
            store.closedChats(account, { ...query, chatIds: [] }),
            store.closedChats(account, { ...query, keys: [] })
          ]),
          ([byKey, byId]) => ({ ...byKey, chats: [...byKey.chats, ...byId.chats] })
        )
    }),
    "an open chat is found by its id": (store) => ({
      closedChats: (account, query) =>
        Effect.gen(function* () {
          const found = yield* store.closedChats(account, query)
          const open = (yield* getChats(store, account, query.chatIds)).filter(({ state }) => state._tag !== "Closed")
          return { ...found, chats: [...open, ...found.chats] }
        })
    }),
    "only the first key is looked up": (store) => ({
      closedChats: (account, query) => store.closedChats(account, { ...query, keys: query.keys.slice(0, 1) })
    })
  },
  "desk.closedChats.now": {
    "a chat is kept as it closed": (store) => {
      const stale = staleOf((chat: Chat.Chat) => chat.id)
      return { closedChats: mapped(store, "closedChats", (found) => ({ ...found, chats: stale(found.chats) })) }
    },
    "a chat stays under the key that it had": (store) => {
      const keys = new Map<string, Set<string>>()
      return {
        commit: (account, asked) => {
          for (const { key, value } of asked.put) {
            const emailKey = key.kind === "chat" ? (value as Chat.Chat).visitor.emailKey : null
            if (emailKey !== null) keys.set(emailKey, (keys.get(emailKey) ?? new Set()).add(key.id))
          }
          return store.commit(account, asked)
        },
        closedChats: (account, query) => {
          const old = query.keys.flatMap((key) => [...(keys.get(key) ?? [])]) as unknown as typeof query.chatIds
          return store.closedChats(account, { ...query, chatIds: [...query.chatIds, ...old] })
        }
      }
    }
  },
  "desk.closedChats.texts": {
    "texts do not come": (store) => ({
      closedChats: mapped(store, "closedChats", (found) => ({ ...found, texts: new Map() }))
    }),
    "texts of what the limit cut off come, too": (store) => ({
      closedChats: (account, query) =>
        Effect.map(
          Effect.all([store.closedChats(account, query), store.closedChats(account, { ...query, limit: 99 })]),
          ([found, whole]) => ({ ...found, texts: whole.texts })
        )
    })
  },
  "desk.closedChats.erased": {
    "erased texts come with their chats": (store) => {
      const keep = keeping()
      return { closedChats: mapped(store, "closedChats", (found) => ({ ...found, texts: keep(found.texts) })) }
    },
    "a chat goes with its text": (store) => ({
      closedChats: mapped(store, "closedChats", (found) => ({
        ...found,
        chats: found.texts.size < 4 ? found.chats.slice(1) : found.chats
      }))
    })
  },
  "desk.closedChats.order": {
    "ids upwards where the start is the same": (store) => ({
      closedChats: mapped(store, "closedChats", (found) => ({
        ...found,
        chats: found.chats.toSorted((a, b) => b.requestedAt - a.requestedAt || (a.id < b.id ? -1 : 1))
      }))
    }),
    "ids by a locale, not by code unit": (store) => ({
      closedChats: mapped(store, "closedChats", (found) => ({
        ...found,
        chats: found.chats.toSorted((a, b) => b.requestedAt - a.requestedAt || b.id.localeCompare(a.id, "en"))
      }))
    })
  },
  "desk.closedChats.after": {
    "all of the last chat's time are left out": (store) => ({
      closedChats: (account, query) =>
        store.closedChats(account, { ...query, after: query.after === null ? null : { ...query.after, id: "" } })
    }),
    "all of the last chat's time come again": (store) => ({
      closedChats: (account, query) =>
        store.closedChats(account, { ...query, after: query.after === null ? null : { ...query.after, id: "~" } })
    })
  },
  "desk.closedChats.filter": {
    "until is inclusive": (store) => ({
      closedChats: (account, query) =>
        store.closedChats(account, {
          ...query,
          until: query.until === null ? null : ((query.until + 1) as typeof query.until)
        })
    }),
    "from is forgotten": forgetsFilter({ from: null }),
    "who served is forgotten": forgetsFilter({ servedByAny: null }),
    "missed chats always come": forgetsFilter({ includeMissed: true }),
    "offline messages always come": forgetsFilter({ includeOfflineMessages: true }),
    "the limit is forgotten": forgetsFilter({ limit: 99 })
  }
}

/** People and parked work. */
const peopleDoubles: Doubles<Store> = {
  "desk.personChats.all": {
    "phones are forgotten": (store) => ({
      personChats: (account, query) => store.personChats(account, { ...query, phones: [] })
    }),
    "closed chats are forgotten": (store) => ({
      personChats: mapped(store, "personChats", (chats) => chats.filter(({ state }) => state._tag !== "Closed"))
    }),
    "a chat comes once per key": (store) => ({
      personChats: (account, query) =>
        Effect.map(
          Effect.all([
            store.personChats(account, { ...query, emails: [], phones: [] }),
            store.personChats(account, { ...query, visitors: [] })
          ]),
          (parts) => parts.flat().toSorted((a, b) => (a.id < b.id ? -1 : 1))
        )
    })
  },
  "desk.personChats.after": {
    "the cursor repeats the last chat": (store) => ({
      personChats: (account, query) =>
        Effect.gen(function* () {
          const last = query.after === null ? [] : yield* getChats(store, account, [query.after])
          const found = yield* store.personChats(account, query)
          return [...last, ...found].slice(0, query.limit)
        })
    }),
    "ids by a locale, not by code unit": (store) => ({
      personChats: (account, query) =>
        Effect.map(store.personChats(account, { ...query, after: null, limit: 99 }), (chats) =>
          chats
            .toSorted((a, b) => a.id.localeCompare(b.id, "en"))
            .filter(({ id }) => query.after === null || id.localeCompare(query.after, "en") > 0)
            .slice(0, query.limit)
        )
    })
  },
  "desk.roster.all": {
    "agents without a desk are left out": (store) => ({
      roster: mapped(store, "roster", (entries) => entries.filter(({ desk }) => desk.value !== null))
    }),
    "the desk's version is lost": (store) => ({
      roster: mapped(store, "roster", (entries) =>
        entries.map((one) => ({ ...one, desk: { ...one.desk, version: 0 } }))
      )
    })
  },
  "desk.roster.served": {
    "an entry is kept until its agent is put again": (store) => {
      const stale = staleOf((entry: { readonly agent: { readonly id: string } }) => entry.agent.id)
      return { roster: mapped(store, "roster", stale) }
    },
    "leases are left out": (store) => ({
      roster: mapped(store, "roster", (entries) => entries.map((one) => ({ ...one, presence: null })))
    }),
    "a quiet chat has no slot": (store) => ({
      roster: mapped(store, "roster", (entries) =>
        entries.map((one) => ({ ...one, served: one.served.filter(({ lastPublicAt }) => lastPublicAt !== null) }))
      )
    })
  },
  "desk.account.separate": leaksOf<Store>(
    ...(["waiting", "roster", "closedChats", "transcript", "personChats", "givenUp", "parked"] as const)
  )
}

/** What is the chat side's own. */
export const deskDoubles: Doubles<Store> = { ...queueDoubles, ...peopleDoubles, ...parkedDoubles }
