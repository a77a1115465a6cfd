import { Effect } from "effect"
import * as Actor from "../../domain/account/Actor.ts"
import type * as Id from "../../domain/account/Id.ts"
import type { ActivitiesQuery, CrmStore, CrmStoreShape } from "../../ports/CrmStore.ts"
import type { OlderThan } from "../../ports/DeskStore.ts"
import {
  ids,
  keys,
  law,
  note,
  person,
  pool,
  putNote,
  putPerson,
  putPool,
  putUser,
  recordId,
  remove,
  user,
  userId,
  write
} from "./CrmStoreKit.ts"
import * as Expect from "./Expect.ts"
import type { Law } from "./Law.ts"
import { at } from "./StoreKit.ts"

const bob = Actor.user(userId("bob"))

/** Four notes on p1, one of them by bob, one on p2. */
const writeNotes = (store: CrmStoreShape, account: Id.AccountId) =>
  write(
    store,
    account,
    [note("b", 1), note("a", 2), note("c", 2), note("B", 2), note("d", 3, "p1", bob), note("e", 9, "p2")].map(putNote)
  )

const found = (store: CrmStoreShape, account: Id.AccountId, more: Partial<ActivitiesQuery>) => {
  const query: ActivitiesQuery = {
    ...{ records: [{ kind: "person", id: recordId("p1") }], types: null, byAny: null },
    ...{ after: null, from: null, until: null, limit: 9 },
    ...more
  }
  return Effect.map(store.activities(account, query), (all) => all.map(({ id }) => id))
}

/** Lists of users, pools, records, people of companies, activities. */
export const crmListLaws: ReadonlyArray<Law<CrmStore>> = [
  law(
    {
      id: "crmStore.users.all",
      sentence: "every user is there, active or not; who is removed is neither among the users nor among the facts",
      rules: ["F5"]
    },
    (store, { account }) =>
      Effect.gen(function* () {
        yield* write(store, account, [user("u1"), user("u2", { isActive: false }), user("u3")].map(putUser))
        yield* remove(store, account, { kind: "user", id: "u3" })
        yield* Expect.same("users", ids(yield* store.users(account)), ["u1", "u2"])
        const query = { ...keys([]), chatId: "c1" as Id.ChatId, pools: [], commandId: null }
        const facts = yield* store.leadFacts(account, query)
        yield* Expect.same("users of leadFacts", facts.users.map(({ key }) => key.id).sort(), ["u1", "u2"])
      })
  ),

  law(
    { id: "crmStore.pools.all", sentence: "the pools that are not deleted, by id", rules: ["F1"] },
    (store, { account }) =>
      Effect.gen(function* () {
        const pools = ["p2", "p3", "p1", "P4"].map((id) => pool(id, { isDeleted: id === "p3" }))
        yield* write(store, account, pools.map(putPool))
        const listed = yield* store.pools(account)
        yield* Expect.same(
          "pools",
          listed.map(({ id }) => id),
          ["P4", "p1", "p2"]
        )
      })
  ),

  law(
    {
      id: "crmStore.list.live",
      sentence: "live records of a kind come by id by code unit, in pages that hold each once",
      rules: ["J1"]
    },
    (store, { account }) =>
      Effect.gen(function* () {
        const people = ["e", "b", "d", "A", "c"].map((id) => person(id, keys([])))
        yield* write(store, account, people.map(putPerson))
        yield* write(store, account, [putPerson(person("d", keys([]), { lifecycle: { _tag: "Deleted" } }))])
        const page = (after: string | null) =>
          Effect.map(store.list(account, "person", after === null ? null : recordId(after), 2), (refs) =>
            refs.map(({ id, kind }) => `${kind}/${id}`)
          )
        yield* Expect.same("the first page", yield* page(null), ["person/A", "person/b"])
        yield* Expect.same("after b", yield* page("b"), ["person/c", "person/e"])
        yield* Expect.same("after d, which is deleted", yield* page("d"), ["person/e"])
        yield* Expect.same("after e", yield* page("e"), [])
        yield* Expect.same("leads", yield* store.list(account, "lead", null, 9), [])
      })
  ),

  law(
    {
      id: "crmStore.peopleOf.live",
      sentence: "the live people of the companies, each once, as they are now, and of no other company",
      rules: ["H2"]
    },
    (store, { account }) =>
      Effect.gen(function* () {
        const of = (id: string, company: string, more = {}) =>
          putPerson(person(id, keys([]), { companyId: recordId(company), ...more }))
        yield* write(store, account, [
          ...[of("p1", "c1"), of("p2", "c2"), of("p4", "c1")],
          of("p3", "c1", { lifecycle: { _tag: "Deleted" } })
        ])
        const people = (...companies: ReadonlyArray<string>) =>
          Effect.map(store.peopleOf(account, companies.map(recordId)), ids)
        yield* Expect.same("of c1", yield* people("c1"), ["p1", "p4"])
        yield* Expect.same("of c2 and, twice, c1", yield* people("c2", "c1", "c1"), ["p1", "p2", "p4"])
        yield* Expect.same("of none", yield* people(), [])
        yield* write(store, account, [of("p4", "c2")])
        yield* Expect.same("of c1, when one moved", yield* people("c1"), ["p1"])
      })
  ),

  law(
    {
      id: "crmStore.activities.order",
      sentence: "activities come newest first by time, then by id by code unit, those of the records asked for",
      rules: ["H4"]
    },
    (store, { account }) =>
      Effect.gen(function* () {
        yield* writeNotes(store, account)
        yield* Expect.same("activities of p1", yield* found(store, account, {}), ["d", "c", "a", "B", "b"])
        const records = ["p1", "p2"].map((id) => ({ kind: "person" as const, id: recordId(id) }))
        const both = yield* found(store, account, { records })
        yield* Expect.same("activities of p1 and p2", both, ["e", "d", "c", "a", "B", "b"])
        const lead = [{ kind: "lead" as const, id: recordId("p1") }]
        yield* Expect.same("activities of a lead p1", yield* found(store, account, { records: lead }), [])
        yield* remove(store, account, { kind: "activity", id: "c" })
        yield* Expect.same("activities, one removed", yield* found(store, account, {}), ["d", "a", "B", "b"])
      })
  ),

  law(
    {
      id: "crmStore.activities.after",
      sentence: "pages, each strictly after the last entry of the one before, hold every entry once",
      rules: ["H4"]
    },
    (store, { account }) =>
      Effect.gen(function* () {
        yield* writeNotes(store, account)
        const page = (after: OlderThan | null) => found(store, account, { after, limit: 2 })
        yield* Expect.same("the first page", yield* page(null), ["d", "c"])
        yield* Expect.same("after c", yield* page({ at: at(2), id: "c" }), ["a", "B"])
        yield* Expect.same("after B", yield* page({ at: at(2), id: "B" }), ["b"])
        yield* Expect.same("after an id that is not there", yield* page({ at: at(2), id: "aa" }), ["a", "B"])
        yield* Expect.same("after b", yield* page({ at: at(1), id: "b" }), [])
      })
  ),

  law(
    {
      id: "crmStore.activities.filter",
      sentence: "every filter holds, together with the others: types, who did it, period [from, until), limit",
      rules: ["H3", "H4"]
    },
    (store, { account }) =>
      Effect.gen(function* () {
        yield* writeNotes(store, account)
        const of = (more: Partial<ActivitiesQuery>) => found(store, account, more)
        yield* Expect.same("from 2 until 3", yield* of({ from: at(2), until: at(3) }), ["c", "a", "B"])
        yield* Expect.same("calls", yield* of({ types: ["Call"] }), [])
        yield* Expect.same("notes until 2", yield* of({ types: ["Note"], until: at(2) }), ["b"])
        yield* Expect.same("by bob", yield* of({ byAny: [Actor.toKey(bob)] }), ["d"])
        yield* Expect.same("by bob, until 3", yield* of({ byAny: [Actor.toKey(bob)], until: at(3) }), [])
        yield* Expect.same("at most 1", yield* of({ limit: 1 }), ["d"])
      })
  )
]
