import { Effect } from "effect"
import type { Chat, Content } from "leadline"
import type { ChatSearchPage, ChatSearchQuery, ChatSearchShape } from "leadline/ports"
import { type Break, type Doubles, leaks, mapped } from "./Double.ts"

type Search = ChatSearchShape

const forgets =
  (without: Partial<ChatSearchQuery>): Break<Search> =>
  (search) => ({ find: (account, query) => search.find(account, { ...query, ...without }) })

const found =
  (change: (page: ChatSearchPage, query: ChatSearchQuery) => ChatSearchPage): Break<Search> =>
  (search) => ({ find: mapped(search, "find", (page, _account, query) => change(page, query)) })

/** Words mean what a database's patterns mean. */
const likePatterns: Break<Search> = (search) => ({
  find: (account, query) =>
    Effect.map(search.find(account, { ...query, words: null }), (page) => {
      const patterns = query.words?.map(
        (word) =>
          new RegExp(
            word
              .replaceAll(/[.*+?^$|()[\]\\{}]/g, "\\$&")
              .replaceAll("%", ".*")
              .replaceAll("_", ".")
          )
      )
      if (patterns === undefined) return page
      const said = [...page.texts.values()].filter((text) =>
        patterns.every((pattern) => pattern.test(text.toLowerCase()))
      )
      return said.length > 0 ? page : { ...page, found: [] }
    })
})

/** Searches in past chats. */
export const searchDoubles: Doubles<Search> = {
  "chatSearch.find.closed": {
    "a chat comes as it closed": (search) => {
      const first = new Map<string, Chat.Chat>()
      return found((page) => ({
        ...page,
        found: page.found.map((one) => {
          const chat = first.get(one.chat.id) ?? one.chat
          first.set(chat.id, chat)
          return { ...one, chat }
        })
      }))(search)
    },
    "offline messages are forgotten": found((page) => ({
      ...page,
      found: page.found.filter(({ chat }) => chat.kind !== "offlineMessage")
    })),
    "texts do not come": found((page) => ({ ...page, texts: new Map() }))
  },
  "chatSearch.find.criteria": {
    "the agent is forgotten": forgets({ agentId: null }),
    "the visitor is forgotten": forgets({ visitorId: null }),
    "until is forgotten": forgets({ until: null }),
    "notes always count": forgets({ includeNotes: true }),
    "the oldest come first": found((page) => ({ ...page, found: page.found.toReversed() }))
  },
  "chatSearch.find.pages": {
    "the next page begins with the last chat": found((page) => ({
      ...page,
      next: page.next === null ? null : { ...page.next, id: `${page.next.id}~` }
    })),
    "a short page is taken for the last": found((page) => ({ ...page, next: null })),
    "the limit is forgotten": forgets({ limit: 99 })
  },
  "chatSearch.find.account": { "find forgets the account": leaks("find") },
  "chatSearch.find.nobody": {
    "a page of nothing is not the last": found((page) => ({
      ...page,
      next: page.found.length === 0 ? { at: 0 as never, id: "a" } : page.next
    })),
    "whom nobody knows is not asked for": forgets({ agentId: null })
  },
  "chatSearch.find.words": {
    "only the first word counts": (search) => ({
      find: (account, query) => search.find(account, { ...query, words: query.words?.slice(0, 1) ?? null })
    }),
    "case counts": (search) => ({
      find: mapped(search, "find", (page, _account, query) => ({
        ...page,
        found: page.found.filter(({ hit }) => query.words?.every((word) => hit?.text.includes(word)) ?? true)
      }))
    }),
    "the hit has another message": found((page) => ({
      ...page,
      found: page.found.map(({ chat, hit }) => ({
        chat,
        hit: hit === null ? null : { ...hit, message: { ...hit.message, number: 1 } }
      }))
    }))
  },
  "chatSearch.find.literal": { "% and _ are wildcards": likePatterns },
  "chatSearch.find.notes": {
    "notes count where nobody asked for them": forgets({ includeNotes: true }),
    "notes never count": forgets({ includeNotes: false })
  },
  "chatSearch.find.noNotes": {
    "notes count, though it does not declare them": (search) => ({
      capabilities: { ...search.capabilities, notes: false },
      find: search.find
    })
  },
  "chatSearch.find.erased": {
    "texts that were found once come again": (search) => {
      const kept = new Map<Content.ContentRef, string>()
      return found((page) => {
        for (const [ref, text] of page.texts) kept.set(ref, text)
        return { ...page, texts: new Map(kept) }
      })(search)
    },
    "what was found once is found again": (search) => {
      const first = new Map<string, ChatSearchPage>()
      return found((page, query) => {
        const asked = JSON.stringify(query)
        const kept = first.get(asked) ?? page
        first.set(asked, kept)
        return kept
      })(search)
    }
  }
}
