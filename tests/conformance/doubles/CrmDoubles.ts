import { Effect } from "effect"
import type { Id, RecordRef, User } from "leadline"
import type { CrmShape } from "leadline/ports"
import { crmMarkDoubles, declaring } from "./CrmMarkDoubles.ts"
import { type Break, type Doubles, leaksOf, mapped, pause } from "./Double.ts"

type Crm = CrmShape

/** A key of its own for each try: what was done under it is forgotten. */
const forgetsKeys =
  (member: "createLead" | "addNote" | "changePhone"): Break<Crm> =>
  (crm) => {
    let tries = 0
    const call = (account: Id.AccountId, input: never, key: string): unknown =>
      Reflect.apply(crm[member], crm, [account, input, `${key}-${tries++}`])
    return { [member]: call }
  }

/** Looks, waits, and writes without looking again. */
const looksFirst: Break<Crm> = (crm) => {
  const made = new Map<string, number>()
  return {
    createLead: (account, lead, key) =>
      Effect.gen(function* () {
        const { matched } = yield* crm.match(account, lead.viewer, lead.evidence)
        yield* pause(20)
        // the write itself knows nothing of other leads: as if it had other addresses and came from another chat
        const others = (made.get(lead.email) ?? 0) + 1
        made.set(lead.email, others)
        if (others === 1 || matched.length > 0) return yield* crm.createLead(account, lead, key)
        const chatId = `${lead.chatId}-${others}` as Id.ChatId
        return yield* crm.createLead(account, { ...lead, chatId, evidence: { email: null, phone: null } }, key)
      })
  }
}

const createdLead =
  (change: (made: Effect.Success<ReturnType<Crm["createLead"]>>) => unknown): Break<Crm> =>
  (crm) => ({ createLead: mapped(crm, "createLead", change) })

const isOne = (text: string, part: string) => text.includes(part)

/** Who matches, reads, feeds. */
const readDoubles: Doubles<Crm> = {
  "crm.match.order": {
    "in no order of kinds": (crm) => ({
      match: mapped(crm, "match", (found) => ({ ...found, matched: found.matched.toReversed() }))
    }),
    "phones before emails": (crm) => ({
      match: mapped(crm, "match", (found) => ({
        ...found,
        matched: found.matched.toSorted((a, b) => (a.by < b.by ? 1 : -1))
      }))
    }),
    "only the first comes": (crm) => ({
      match: mapped(crm, "match", (found) => ({ ...found, matched: found.matched.slice(0, 1) }))
    })
  },
  "crm.match.live": {
    "what matched once matches always": (crm) => {
      let most: Effect.Success<ReturnType<Crm["match"]>> | null = null
      const all = new Map<string, RecordRef.MatchableRef>()
      return {
        read: crm.read,
        match: mapped(crm, "match", (found) => {
          most = { ...found, matched: [...found.matched, ...found.matched] }
          for (const { ref } of found.matched) all.set(ref.id, ref)
          return most
        })
      }
    }
  },
  "crm.match.normalised": {
    "no evidence matches everybody": (crm) => {
      let last: Effect.Success<ReturnType<Crm["match"]>> = { matched: [], visible: [] }
      return {
        match: mapped(crm, "match", (found, _account, _viewer, evidence) => {
          last = evidence.email === null && evidence.phone === null ? last : found
          return last
        })
      }
    },
    "phones do not match": (crm) => ({
      match: (account, viewer, { email }) => crm.match(account, viewer, { email, phone: null })
    })
  },
  "crm.match.visible": {
    "everything is visible to all": (crm) => ({
      match: mapped(crm, "match", (found) => ({ ...found, visible: found.matched.map(({ ref }) => ref) }))
    }),
    "what is hidden does not match": (crm) => ({
      match: mapped(crm, "match", (found) => ({
        ...found,
        matched: found.matched.filter(({ ref }) => found.visible.some(({ id }) => id === ref.id))
      }))
    })
  },
  "crm.match.fresh": {
    "the search is a moment late": (crm) => {
      let asked = 0
      return {
        match: mapped(crm, "match", (found) => (asked++ === 0 ? { matched: [], visible: [] } : found))
      }
    }
  },
  "crm.read.missing": {
    "a missing record is hidden": (crm) => ({
      read: (account, viewer, ref) =>
        Effect.mapError(crm.read(account, viewer, ref), (error) =>
          error._tag === "RecordNotFound" ? { _tag: "RecordHidden" as const, record: ref } : error
        )
    })
  },
  "crm.read.hidden": {
    "feeds are shown to everybody": (crm) => ({
      feedScope: (account, _viewer, ref) => crm.feedScope(account, { _tag: "All" }, ref)
    }),
    "records are shown to everybody": (crm) => ({
      read: (account, _viewer, ref) => crm.read(account, { _tag: "All" }, ref)
    }),
    "histories are shown to everybody": (crm) => ({
      activities: (account, _viewer, query) => crm.activities(account, { _tag: "All" }, query)
    }),
    "the refusal says whose it is": (crm) => ({
      read: (account, viewer, ref) =>
        Effect.mapError(crm.read(account, viewer, ref), (error) =>
          error._tag === "RecordHidden" ? { ...error, ownerId: "owner" } : error
        )
    })
  },
  "crm.feedScope.keys": {
    "aliases are forgotten": (crm) => ({
      feedScope: mapped(crm, "feedScope", (scope) => ({
        ...scope,
        keys: scope.keys.filter((key) => !isOne(key, "b@"))
      }))
    }),
    "a company's people are forgotten": (crm) => ({
      feedScope: mapped(crm, "feedScope", (scope) => ({
        ...scope,
        keys: scope.record.kind === "company" ? scope.keys.filter((key) => isOne(key, "info")) : scope.keys
      }))
    })
  },
  "crm.activities.order": {
    "the oldest come first": (crm) => ({
      activities: mapped(crm, "activities", (found) => ({ ...found, activities: found.activities.toReversed() }))
    }),
    "only the latest four come": (crm) => ({
      activities: mapped(crm, "activities", (found) => ({ ...found, activities: found.activities.slice(0, 4) }))
    })
  },
  "crm.activities.after": {
    "a page begins with its position": (crm) => ({
      activities: (account, viewer, query) =>
        crm.activities(account, viewer, {
          ...query,
          after: query.after === null ? null : { ...query.after, id: `${query.after.id}~` }
        })
    }),
    "the position is forgotten": (crm) => ({
      activities: (account, viewer, query) => crm.activities(account, viewer, { ...query, after: null })
    })
  },
  "crm.user.missing": {
    "a user who is not there is made up": (crm) => ({
      user: mapped(crm, "user", (user, _account, id) => user ?? ({ id, isActive: false } as User.User))
    }),
    "users are left out": () => ({ users: () => Effect.succeed([]) })
  },
  "crm.account.separate": leaksOf<Crm>(
    ...(["match", "read", "feedScope", "activities", "user", "users"] as const),
    ...(["addNote", "findWritten"] as const)
  )
}

/** Leads, notes, phones. */
const writeDoubles: Doubles<Crm> = {
  "crm.createLead.made": {
    "the address is stored as its key": (crm) => ({
      createLead: (account, lead, key) => crm.createLead(account, { ...lead, email: lead.email.toLowerCase() }, key)
    }),
    "the note is lost": (crm) => ({
      createLead: (account, lead, key) =>
        Effect.map(crm.createLead(account, { ...lead, note: null }, key), (made) => ({ ...made, noteStored: true }))
    })
  },
  "crm.createLead.repeat": {
    "the key is forgotten": forgetsKeys("createLead"),
    "what was looked up is part of the input": (crm) => ({
      createLead: (account, lead, key) => crm.createLead(account, { ...lead, note: `${lead.note} ${lead.status}` }, key)
    }),
    "other input under the key is answered": (crm) => {
      const first = new Map<string, typeof crm.createLead>()
      return {
        createLead: (account, lead, key) => {
          const again = first.get(key)
          if (again !== undefined) return again(account, lead, key)
          first.set(key, () => crm.createLead(account, lead, key))
          return crm.createLead(account, lead, key)
        }
      }
    }
  },
  "crm.createLead.repeatAtOnce": { "the key is forgotten": forgetsKeys("createLead") },
  "crm.createLead.turn": {
    "no turn is taken: the first of the pool gets all": (crm) => {
      let first: Id.UserId | null = null
      return createdLead((made) => {
        first ??= made.owner
        return { ...made, owner: first }
      })(crm)
    }
  },
  "crm.createLead.decided": {
    "the owner is whoever it likes": (crm) => ({
      ...declaring(crm, { pools: "library" }),
      createLead: mapped(crm, "createLead", (made) => ({ ...made, owner: "u-other" as Id.UserId }))
    })
  },
  "crm.createLead.told": {
    "nobody is told": createdLead((made) => ({ ...made, told: { told: null, why: "nobodyActive" } })),
    "a note is said to be stored where there is none": createdLead((made) => ({ ...made, noteStored: true }))
  },
  "crm.createLead.matched": {
    "another record with the address is no matter": (crm) => ({
      createLead: (account, lead, key) =>
        crm.createLead(account, { ...lead, evidence: { email: null, phone: null } }, key)
    }),
    "what is hidden is named": (crm) => ({
      createLead: (account, lead, key) => crm.createLead(account, { ...lead, viewer: { _tag: "All" } }, key)
    })
  },
  "crm.createLead.once": { "whether a record matches is looked up before the write": looksFirst },
  "crm.createLead.onceByChat": { "whether the chat has a lead is looked up before the write": looksFirst },
  "crm.createLead.afterwards": {
    "the new lead is never found": (crm) => ({
      ...declaring(crm, { atomicIdentity: false }),
      match: () => Effect.succeed({ matched: [], visible: [] })
    })
  },
  "crm.addNote.once": {
    "the key is forgotten": forgetsKeys("addNote"),
    "other input under the key is answered": (crm) => ({
      addNote: (account, note, key) => crm.addNote(account, { ...note, text: "a note" }, key)
    }),
    "the author is lost": (crm) => ({
      addNote: (account, note, key) => crm.addNote(account, { ...note, author: { _tag: "System" } }, key)
    })
  },
  "crm.addNote.missing": {
    "a note on nothing is dropped": (crm) => ({
      addNote: (account, note, key) =>
        Effect.catchTag(crm.addNote(account, note, key), "RecordNotFound", () =>
          Effect.succeed({ activityId: "dropped" as Id.ActivityId, told: { told: null, why: "nobodyActive" as const } })
        )
    }),
    "a phone of nothing is dropped": (crm) => ({
      changePhone: (account, change, key) =>
        Effect.catchTag(crm.changePhone(account, change, key), "RecordNotFound", () =>
          Effect.succeed({ isChanged: false })
        )
    })
  },
  "crm.addNote.told": {
    "the owner is told of their own": (crm) => ({
      addNote: (account, note, key) => crm.addNote(account, { ...note, authorUser: null }, key)
    })
  },
  "crm.changePhone.equal": {
    "phones are compared as they were typed": (crm) => ({
      changePhone: mapped(crm, "changePhone", () => ({ isChanged: true }))
    })
  },
  "crm.changePhone.feed": {
    "who changed it is lost": (crm) => ({
      changePhone: (account, change, key) => crm.changePhone(account, { ...change, by: { _tag: "System" } }, key)
    }),
    "the key is forgotten": forgetsKeys("changePhone")
  }
}

/** A CRM. */
export const crmDoubles: Doubles<Crm> = { ...readDoubles, ...writeDoubles, ...crmMarkDoubles }
