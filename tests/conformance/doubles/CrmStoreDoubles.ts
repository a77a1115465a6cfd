import { Effect } from "effect"
import type { Record } from "leadline"
import type { ActivitiesQuery, CrmStoreShape } from "leadline/ports"
import { type Break, type Doubles, leaksOf, mapped, pause } from "./Double.ts"

type Store = CrmStoreShape

const forgets =
  (without: Partial<ActivitiesQuery>): Break<Store> =>
  (store) => ({ activities: (account, query) => store.activities(account, { ...query, ...without }) })

/** The addresses as they were typed are compared, not the keys. */
const asTyped: Break<Store> = (store) => {
  const typed = new Map<string, Record.Person>()
  return {
    commit: (account, asked) => {
      for (const { key, value } of asked.put) if (key.kind === "person") typed.set(key.id, value as Record.Person)
      return store.commit(account, asked)
    },
    byKeys: (_account, query) =>
      Effect.sync(() =>
        [...typed.values()].filter(
          ({ emails, phones }) =>
            emails.some((email) => query.emails.some((key) => key === email)) ||
            phones.some((phone) => query.phones.some((key) => key === phone))
        )
      )
  }
}

/** A store of a CRM of our own, beside what every store does. */
export const crmStoreDoubles: Doubles<Store> = {
  "crmStore.byKeys.live": {
    "deleted and merged records match": (store) => ({ byKeys: store.holding }),
    "a record keeps the keys that it had": (store) => {
      const first = new Map<string, unknown>()
      return {
        commit: (account, asked) => {
          const put = asked.put.map((one) => {
            if (one.key.kind !== "person") return one
            const value = one.value as Record.Person
            const keys = first.get(value.id) ?? value.keys
            first.set(value.id, keys)
            return { ...one, value: { ...value, keys } } as typeof one
          })
          return store.commit(account, { ...asked, put })
        }
      }
    }
  },
  "crmStore.byKeys.once": {
    "a record comes once per key": (store) => ({
      byKeys: (account, query) =>
        Effect.map(
          Effect.all([
            store.byKeys(account, { ...query, phones: [] }),
            store.byKeys(account, { ...query, emails: [] })
          ]),
          (parts) => parts.flat()
        )
    }),
    "a record comes as it was": (store) => {
      const first = new Map<string, unknown>()
      return {
        commit: (account, asked) => {
          for (const { key, value } of asked.put) if (!first.has(key.id)) first.set(key.id, value)
          return store.commit(account, asked)
        },
        byKeys: mapped(store, "byKeys", (found) => found.map((one) => first.get(one.id) ?? one))
      }
    }
  },
  "crmStore.byKeys.phones": {
    "phones are forgotten": (store) => ({
      byKeys: (account, query) => store.byKeys(account, { ...query, phones: [] })
    }),
    "emails are forgotten where there is a phone": (store) => ({
      byKeys: (account, query) => store.byKeys(account, query.phones.length > 0 ? { ...query, emails: [] } : query)
    })
  },
  "crmStore.byKeys.normalised": { "addresses are compared as they were typed": asTyped },
  "crmStore.holding.all": {
    "only live records hold a key": (store) => ({ holding: store.byKeys }),
    "deleted records are forgotten": (store) => ({
      holding: mapped(store, "holding", (found) => found.filter(({ lifecycle }) => lifecycle._tag !== "Deleted"))
    })
  },
  "crmStore.leadFacts.all": {
    "keys that nobody moved are left out": (store) => ({
      leadFacts: mapped(store, "leadFacts", (facts) => ({
        ...facts,
        identityKeys: facts.identityKeys.filter(({ version }) => version > 0)
      }))
    }),
    "deleted records are candidates": (store) => ({
      leadFacts: (account, query) =>
        Effect.map(Effect.all([store.leadFacts(account, query), store.holding(account, query)]), ([facts, held]) => ({
          ...facts,
          candidates: held
        }))
    }),
    "pools come by id": (store) => ({
      leadFacts: mapped(store, "leadFacts", (facts) => ({ ...facts, pools: facts.pools.toReversed() }))
    })
  },
  "crmStore.leadFacts.together": {
    "candidates are read before the rest": (store) => ({
      leadFacts: (account, query) =>
        Effect.gen(function* () {
          const candidates = yield* store.byKeys(account, query)
          yield* pause(1)
          return { ...(yield* store.leadFacts(account, query)), candidates }
        })
    })
  },
  "crmStore.users.all": {
    "inactive users are left out": (store) => ({
      users: mapped(store, "users", (users) => users.filter(({ isActive }) => isActive))
    }),
    "removed users stay": (store) => {
      const ever = new Map<string, unknown>()
      return {
        commit: (account, asked) => {
          for (const { key, value } of asked.put) if (key.kind === "user") ever.set(key.id, value)
          return store.commit(account, asked)
        },
        users: mapped(store, "users", () => [...ever.values()])
      }
    }
  },
  "crmStore.pools.all": {
    "ids by a locale": (store) => ({
      pools: mapped(store, "pools", (pools) => pools.toSorted((a, b) => a.id.localeCompare(b.id, "en")))
    })
  },
  "crmStore.list.live": {
    "a page begins with its position": (store) => ({
      list: (account, kind, after, limit) =>
        Effect.map(store.list(account, kind, after, limit), (refs) =>
          after === null || kind === "deal" ? refs : [{ kind, id: after }, ...refs].slice(0, limit)
        )
    }),
    "every kind is listed as the first": (store) => ({
      list: (account, _kind, after, limit) => store.list(account, "person", after, limit)
    })
  },
  "crmStore.peopleOf.live": {
    "a company asked for twice gives its people twice": (store) => ({
      peopleOf: (account, companies) =>
        Effect.map(
          Effect.forEach(companies, (one) => store.peopleOf(account, [one])),
          (parts) => parts.flat()
        )
    }),
    "only the first company is looked up": (store) => ({
      peopleOf: (account, companies) => store.peopleOf(account, companies.slice(0, 1))
    })
  },
  "crmStore.activities.order": {
    "the oldest come first": (store) => ({ activities: mapped(store, "activities", (all) => all.toReversed()) }),
    "ids by a locale": (store) => ({
      activities: mapped(store, "activities", (all) =>
        all.toSorted((a, b) => b.at - a.at || b.id.localeCompare(a.id, "en"))
      )
    }),
    "the kind of the record is forgotten": (store) => ({
      activities: (account, query) =>
        store.activities(account, { ...query, records: query.records.map(({ id }) => ({ kind: "person", id })) })
    })
  },
  "crmStore.activities.after": {
    "all of the last entry's time are left out": (store) => ({
      activities: (account, query) =>
        store.activities(account, { ...query, after: query.after === null ? null : { ...query.after, id: "" } })
    }),
    "all of the last entry's time come again": (store) => ({
      activities: (account, query) =>
        store.activities(account, { ...query, after: query.after === null ? null : { ...query.after, id: "~" } })
    })
  },
  "crmStore.activities.filter": {
    "until is forgotten": forgets({ until: null }),
    "from is forgotten": forgets({ from: null }),
    "types are forgotten": forgets({ types: null }),
    "who did it is forgotten": forgets({ byAny: null }),
    "the limit is forgotten": forgets({ limit: 99 })
  },
  "crmStore.account.separate": leaksOf<Store>(
    ...(["byKeys", "holding", "leadFacts", "users", "pools", "peopleOf", "activities", "list"] as const)
  )
}
