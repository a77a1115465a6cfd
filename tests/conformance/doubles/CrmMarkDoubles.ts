import { Effect } from "effect"
import type { Id } from "leadline"
import { type CrmShape, StoreError } from "leadline/ports"
import { type Break, type Doubles, mapped } from "./Double.ts"

type Crm = CrmShape

/** Says other things of itself. */
export const declaring = (crm: Crm, capabilities: Partial<Crm["capabilities"]>) => ({
  capabilities: { ...crm.capabilities, ...capabilities }
})

const unsupported = new StoreError({ reason: "unsupported", isRetryable: false, operation: "double" })

/** A copy is a note, found again by its text. */
const copying =
  (change: (ids: ReadonlyArray<Id.ChatId>) => ReadonlyArray<Id.ChatId>): Break<Crm> =>
  (crm) => {
    const copies = new Map<string, Array<Id.ChatId>>()
    return {
      ...declaring(crm, { chatCopies: true }),
      putChatCopy: (_account, { entry, record }) =>
        Effect.sync(() => {
          copies.set(record.id, [...(copies.get(record.id) ?? []), entry.id])
        }),
      chatCopies: (_account, record) => Effect.sync(() => change(copies.get(record.id) ?? []))
    }
  }

/** What a CRM says of its own writes; copies; erasure. */
export const crmMarkDoubles: Doubles<Crm> = {
  "crm.findWritten.missing": {
    "whatever was written last is found": (crm) => ({ findWritten: (account, by) => crm.findWritten(account, by, "k") })
  },
  "crm.findWritten.made": {
    "phones leave no mark": (crm) => ({
      findWritten: mapped(crm, "findWritten", (written) => (written?._tag === "Phone" ? null : written))
    }),
    "leads are found without their owner": (crm) => ({
      findWritten: mapped(crm, "findWritten", (written) =>
        written?._tag === "Lead" ? { ...written, owner: "nobody" as Id.UserId } : written
      )
    })
  },
  "crm.findWritten.separate": {
    "the mark does not say whose it is": (crm) => {
      let first: Parameters<Crm["findWritten"]>[1] | null = null
      return {
        addNote: (account, note, key) => {
          first ??= note.author
          return crm.addNote(account, note, key)
        },
        findWritten: (account, by, key) => crm.findWritten(account, first ?? by, key)
      }
    }
  },
  "crm.putChatCopy.found": {
    "copies are lost": copying(() => []),
    "a copy on a missing record is accepted": copying((ids) => ids)
  },
  "crm.putChatCopy.unsupported": {
    "copies are accepted and dropped": () => ({ putChatCopy: () => Effect.void })
  },
  "crm.chatCopies.asked": { "all copies come, twice where they were put twice": copying((ids) => ids) },
  "crm.erase.values": {
    "nothing is erased": () => ({ erase: () => Effect.succeed({ erased: 3, next: null }) }),
    "texts of the history stay": (crm) => {
      const first = new Map<string, Effect.Success<ReturnType<Crm["activities"]>>>()
      return {
        activities: mapped(crm, "activities", (found, _account, _viewer, { record }) => first.get(record.id) ?? found),
        addNote: (account, note, key) =>
          Effect.tap(crm.addNote(account, note, key), () =>
            Effect.map(
              Effect.orDie(
                crm.activities(
                  account,
                  { _tag: "All" },
                  {
                    ...{ record: note.record, types: null, byAny: null, after: null },
                    ...{ from: null, until: null, limit: 99 }
                  }
                ) as Effect.Effect<Effect.Success<ReturnType<Crm["activities"]>>>
              ),
              (found) => first.set(note.record.id, found)
            )
          )
      }
    }
  },
  "crm.erase.merged": {
    "who was merged is forgotten": (crm) => ({
      erase: (account, batch, key) => crm.erase(account, { ...batch, person: { ...batch.person, records: [] } }, key)
    }),
    "who answers to the address is forgotten": (crm) => ({
      erase: (account, batch, key) => crm.erase(account, { ...batch, person: { ...batch.person, emails: [] } }, key)
    })
  },
  "crm.erase.others": {
    "everybody is erased": (crm) => ({
      erase: (account, batch, key) =>
        crm.erase(
          account,
          { ...batch, person: { ...batch.person, emails: [...batch.person.emails, "bob@example.com" as never] } },
          key
        )
    })
  },
  "crm.erase.batches": {
    "the limit is forgotten": (crm) => ({
      erase: (account, batch, key) => crm.erase(account, { ...batch, limit: 1_000 }, key)
    }),
    "the first batch is taken for the last": (crm) => ({
      erase: mapped(crm, "erase", (done) => ({ ...done, next: null }))
    })
  },
  "crm.erase.repeat": {
    "what is gone is counted again": (crm) => ({
      erase: mapped(crm, "erase", (done) => ({ ...done, erased: Math.max(1, done.erased) }))
    })
  },
  "crm.erase.unsupported": {
    "erases nothing, and says that it did": (crm) => ({
      ...declaring(crm, { erase: false }),
      erase: () => Effect.succeed({ erased: 0, next: null })
    }),
    "says so, as something to try again": (crm) => ({
      ...declaring(crm, { erase: false }),
      erase: () => Effect.fail(new StoreError({ ...unsupported, isRetryable: true }))
    })
  }
}
