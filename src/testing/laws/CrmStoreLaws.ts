import { Effect } from "effect"
import * as Id from "../../domain/account/Id.ts"
import * as PhoneKey from "../../domain/identity/PhoneKey.ts"
import type { CrmStore, CrmStoreShape, KeyQuery } from "../../ports/CrmStore.ts"
import { crmListLaws } from "./CrmListLaws.ts"
import {
  ids,
  keys,
  law,
  person,
  pool,
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
import { upTo } from "./StoreKit.ts"

const ANN = "ann@example.com"
const PHONE = PhoneKey.PhoneKey.make("+12125552368")
const into = { kind: "person" as const, id: recordId("p1") }
const chat = Id.ChatId.make("c1")

const factsOf = (store: CrmStoreShape, account: Id.AccountId, query: KeyQuery, pools: ReadonlyArray<string> = []) =>
  store.leadFacts(account, {
    ...query,
    chatId: chat,
    pools: pools.map((id) => Id.PoolId.make(id)),
    commandId: "agent:1/k"
  })

/** Records by their keys, and what the creation of a lead is decided on. */
const keyLaws: ReadonlyArray<Law<CrmStore>> = [
  law(
    {
      id: "crmStore.byKeys.live",
      sentence: "only live records answer to a key, and only while they have it",
      rules: ["A5", "A7"]
    },
    (store, { account }) =>
      Effect.gen(function* () {
        const [ann, fresh] = [keys([ANN]), keys(["new@example.com"])]
        const dead = [{ _tag: "Merged", into } as const, { _tag: "Deleted" } as const]
        yield* write(store, account, [
          ...[person("p1", ann), person("p2", ann), person("p3", keys([]))].map(putPerson),
          ...dead.map((lifecycle, n) => putPerson(person(`dead${n}`, ann, { lifecycle })))
        ])
        yield* Expect.same("byKeys", ids(yield* store.byKeys(account, ann)), ["p1", "p2"])
        yield* write(store, account, [putPerson(person("p1", fresh))])
        yield* write(store, account, [putPerson(person("p2", ann, { lifecycle: { _tag: "Deleted" } }))])
        yield* Expect.same("by a key that nobody has any more", yield* store.byKeys(account, ann), [])
        yield* Expect.same("by the new key", ids(yield* store.byKeys(account, fresh)), ["p1"])
        yield* remove(store, account, { kind: "person", id: "p1" })
        yield* Expect.same("by the key of a removed record", yield* store.byKeys(account, fresh), [])
      })
  ),

  law(
    {
      id: "crmStore.byKeys.once",
      sentence: "a record that answers to several of the keys comes once, as it is now",
      rules: ["A3", "A5"]
    },
    (store, { account }) =>
      Effect.gen(function* () {
        const both = { ...keys([ANN, "b@example.com"]), phones: [PHONE] }
        yield* write(store, account, [putPerson(person("p1", both))])
        yield* write(store, account, [putPerson(person("p1", both, { lastName: "now" }))])
        const found = yield* store.byKeys(account, both)
        yield* Expect.same("byKeys", found, [person("p1", both, { lastName: "now" })])
      })
  ),

  law(
    {
      id: "crmStore.byKeys.phones",
      sentence: "phones answer as emails do, and apart from them",
      rules: ["A2"]
    },
    (store, { account }) =>
      Effect.gen(function* () {
        const phones = keys([], [PHONE])
        yield* write(store, account, [person("p1", keys([ANN])), person("p2", phones)].map(putPerson))
        yield* Expect.same("by phone", ids(yield* store.byKeys(account, phones)), ["p2"])
        yield* Expect.same("by email", ids(yield* store.byKeys(account, keys([ANN]))), ["p1"])
        yield* Expect.same("by both", ids(yield* store.byKeys(account, keys([ANN], [PHONE]))), ["p1", "p2"])
        yield* Expect.same("by nothing", yield* store.byKeys(account, keys([])), [])
      })
  ),

  law(
    {
      id: "crmStore.byKeys.normalised",
      sentence: "records answer to their keys, not to addresses as typed: another case or blanks make no difference",
      rules: ["A1", "A7"]
    },
    (store, { account }) =>
      Effect.gen(function* () {
        const typed = { emails: [" Ann@EXAMPLE.com"], phones: ["(212) 555-2368"] }
        const all = keys([ANN], [PHONE])
        yield* write(store, account, [
          putPerson(person("p1", all, typed)),
          putPerson(person("p2", keys([]), { emails: [ANN] }))
        ])
        yield* Expect.same("byKeys", ids(yield* store.byKeys(account, keys([ANN]))), ["p1"])
        yield* Expect.same("byKeys, by phone", ids(yield* store.byKeys(account, keys([], [PHONE]))), ["p1"])
        yield* Expect.same("holding", ids(yield* store.holding(account, all)), ["p1"])
        const { candidates } = yield* factsOf(store, account, keys([ANN]))
        yield* Expect.same("candidates of leadFacts", ids(candidates), ["p1"])
      })
  ),

  law(
    {
      id: "crmStore.holding.all",
      sentence: "whoever has a key is found, whatever became of them, once, until the key is taken away",
      rules: ["J4", "A5"]
    },
    (store, { account }) =>
      Effect.gen(function* () {
        const both = keys([ANN, "a@example.com"])
        yield* write(store, account, [
          putPerson(person("p1", both)),
          putPerson(person("p2", both, { lifecycle: { _tag: "Deleted" } })),
          putPerson(person("p3", both, { lifecycle: { _tag: "Merged", into } })),
          putPerson(person("p4", keys(["bob@example.com"])))
        ])
        yield* Expect.same("holding", ids(yield* store.holding(account, both)), ["p1", "p2", "p3"])
        yield* write(store, account, [
          putPerson(person("p2", keys([]), { lifecycle: { _tag: "Erased", survivor: null } }))
        ])
        yield* Expect.same("holding, one erased", ids(yield* store.holding(account, both)), ["p1", "p3"])
      })
  ),

  law(
    {
      id: "crmStore.leadFacts.all",
      sentence: "candidates, keys, chat, pools, users and command come in one answer, missing ones with version 0",
      rules: ["E3"]
    },
    (store, { account }) =>
      Effect.gen(function* () {
        yield* write(store, account, [
          putPerson(person("p1", keys([ANN]))),
          putPerson(person("p2", keys([ANN]), { lifecycle: { _tag: "Deleted" } })),
          putUser(user("u1")),
          putPool(pool("pool")),
          { key: { kind: "identityKey", id: `email/${ANN}` }, value: { movedBy: into } }
        ])
        const facts = yield* factsOf(store, account, keys([ANN, "new@example.com"], [PHONE]), ["gone", "pool"])
        yield* Expect.same("candidates", ids(facts.candidates), ["p1"])
        const asked = [
          { kind: "identityKey", id: `email/${ANN}` },
          { kind: "identityKey", id: "email/new@example.com" },
          { kind: "identityKey", id: `phone/${PHONE}` }
        ] as const
        yield* Expect.same("identityKeys, in the order asked", facts.identityKeys, yield* store.get(account, asked))
        yield* Expect.same("chatLead", facts.chatLead, { key: { kind: "chatLead", id: "c1" }, version: 0, value: null })
        const pools = yield* store.get(account, [
          { kind: "pool", id: "gone" },
          { kind: "pool", id: "pool" }
        ])
        yield* Expect.same("pools, in the order asked", facts.pools, pools)
        yield* Expect.same("users", facts.users, yield* store.get(account, [{ kind: "user", id: "u1" }]))
        const command = { key: { kind: "command", id: "agent:1/k" }, version: 0, value: null }
        yield* Expect.same("command", facts.command, command)
        const query = { ...keys([]), chatId: chat, pools: [], commandId: null }
        yield* Expect.same("command, not asked for", (yield* store.leadFacts(account, query)).command, null)
      })
  ),

  law(
    {
      id: "crmStore.leadFacts.together",
      sentence: "all facts are as of one moment: what is committed together is read together",
      rules: ["E3", "K2"],
      group: "concurrent"
    },
    (store, { account }) =>
      Effect.gen(function* () {
        const turns = 20
        const writeAll = (n: number) =>
          write(store, account, [
            putPerson(person("p1", keys([ANN]), { lastName: `l${n}` })),
            { key: { kind: "chatLead", id: chat }, value: { lead: recordId(`l${n}`), owner: userId("u") } },
            putPool(pool("pool", { eventCount: n })),
            putUser(user("u1", { name: `l${n}` }))
          ])
        yield* writeAll(0)
        const read = factsOf(store, account, keys([ANN]), ["pool"])
        const [, seen] = yield* Effect.all(
          [Effect.forEach(upTo(turns), (n) => writeAll(n + 1)), Effect.forEach(upTo(turns), () => read)],
          { concurrency: "unbounded" }
        )
        for (const { candidates, chatLead, pools, users } of seen) {
          const [found] = candidates
          const name = found?._tag === "Person" ? found.lastName : null
          const parts = [chatLead.value?.lead, `l${pools[0]?.value?.eventCount}`, users[0]?.value?.name]
          yield* Expect.same("chatLead, pool and user beside a candidate", parts, [name, name, name])
        }
      })
  ),

  law(
    {
      id: "crmStore.account.separate",
      sentence: "no list shows an account another one's records, users, pools or activities",
      rules: ["J2"]
    },
    (store, { account, other }) =>
      Effect.gen(function* () {
        const both = keys([ANN], [PHONE])
        yield* write(store, account, [
          putPerson(person("p1", both, { companyId: recordId("c") })),
          putUser(user("u1")),
          putPool(pool("pool")),
          { key: { kind: "chatLead", id: chat }, value: { lead: recordId("l"), owner: userId("u1") } },
          {
            key: { kind: "activity", id: "n" },
            value: {
              ...{ _tag: "Note", id: Id.ActivityId.make("n"), record: into, at: 0 as never },
              ...{ by: { _tag: "System" }, text: "n", chatId: null }
            }
          }
        ])
        yield* Expect.same("byKeys of another account", yield* store.byKeys(other, both), [])
        yield* Expect.same("holding of another account", yield* store.holding(other, both), [])
        const facts = yield* factsOf(store, other, both, ["pool"])
        const found = [facts.candidates, facts.users, facts.chatLead.value, facts.pools[0]?.value]
        yield* Expect.same("leadFacts of another account", found, [[], [], null, null])
        yield* Expect.same("users of another account", yield* store.users(other), [])
        yield* Expect.same("pools of another account", yield* store.pools(other), [])
        yield* Expect.same("peopleOf of another account", yield* store.peopleOf(other, [recordId("c")]), [])
        const query = { records: [into], types: null, byAny: null, after: null, from: null, until: null, limit: 9 }
        yield* Expect.same("activities of another account", yield* store.activities(other, query), [])
        yield* Expect.same("list of another account", yield* store.list(other, "person", null, 9), [])
      })
  )
]

/** The laws of the CRM side's own reads. */
export const crmStoreLaws: ReadonlyArray<Law<CrmStore>> = [...keyLaws, ...crmListLaws]
