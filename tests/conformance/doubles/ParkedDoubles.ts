import { Effect } from "effect"
import type { DeskStoreShape } from "leadline/ports"
import { type Doubles, mapped } from "./Double.ts"

/** What bridges could not do (G4). */
export const parkedDoubles: Doubles<DeskStoreShape> = {
  "desk.givenUp.all": {
    "by the event's id, not by position": (store) => ({
      givenUp: mapped(store, "givenUp", (items) => items.toSorted((a, b) => (a.eventId < b.eventId ? 1 : -1)))
    }),
    "every bridge's come": (store) => ({
      givenUp: (account, _bridge, limit) =>
        Effect.map(Effect.all([store.givenUp(account, "b", limit), store.givenUp(account, "other", limit)]), (parts) =>
          parts.flat().toSorted((a, b) => a.position - b.position)
        )
    }),
    "the limit is forgotten": (store) => ({ givenUp: (account, bridge) => store.givenUp(account, bridge, 99) })
  },
  "desk.givenUp.now": {
    "what was given up once stays so": (store) => {
      const ever = new Map<string, unknown>()
      return {
        givenUp: mapped(store, "givenUp", (items) => items),
        commit: (account, asked) => {
          for (const { key, value } of asked.put)
            if (key.kind === "parked" && !ever.has(key.id)) ever.set(key.id, value)
          const put = asked.put.map((one) =>
            ever.has(one.key.id) ? ({ ...one, value: ever.get(one.key.id) } as typeof one) : one
          )
          return store.commit(account, { ...asked, put })
        }
      }
    }
  },
  "desk.parked.all": {
    "by the event's id, not by position": (store) => ({
      parked: mapped(store, "parked", (items) => items.toSorted((a, b) => (a.eventId > b.eventId ? -1 : 1)))
    }),
    "only what is due": (store) => ({
      parked: mapped(store, "parked", (items) => items.filter(({ nextTryAt }) => nextTryAt !== null && nextTryAt < 100))
    }),
    "every bridge's come": (store) => ({
      parked: (account, _bridge, limit) =>
        Effect.map(Effect.all([store.parked(account, "b", limit), store.parked(account, "other", limit)]), (parts) =>
          parts.flat().toSorted((a, b) => a.position - b.position)
        )
    }),
    "what was given up comes, too": (store) => ({
      parked: (account, bridge, limit) =>
        Effect.map(Effect.all([store.parked(account, bridge, limit), store.givenUp(account, bridge, limit)]), (parts) =>
          parts.flat().toSorted((a, b) => a.position - b.position)
        )
    }),
    "the limit is forgotten": (store) => ({ parked: (account, bridge) => store.parked(account, bridge, 99) })
  },
  "desk.parked.now": {
    "what was parked once stays so": (store) => {
      const ever = new Map<string, unknown>()
      return {
        parked: mapped(store, "parked", (items) => items),
        commit: (account, asked) => {
          for (const { key, value } of asked.put)
            if (key.kind === "parked" && !ever.has(key.id)) ever.set(key.id, value)
          const put = asked.put.map((one) =>
            ever.has(one.key.id) ? ({ ...one, value: ever.get(one.key.id) } as typeof one) : one
          )
          return store.commit(account, { ...asked, put })
        }
      }
    }
  }
}
