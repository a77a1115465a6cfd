import { Effect } from "effect"
import {
  type Activity,
  Actor,
  type DistributionPool,
  EmailKey,
  Id,
  Instant,
  Merging,
  PhoneKey,
  type Record,
  RecordRef,
  type User
} from "leadline"
import type { ActivitiesQuery, CrmRecords, CrmStoreShape, Put } from "leadline/ports"
import { describe, expect, it } from "vitest"

const account = Id.AccountId.make("laws")
const at = (millis: number) => Instant.fromMillis(millis)
const recordId = (text: string) => RecordRef.RecordId.make(text)
const none = { emails: [], phones: [] }

const person = (id: string, more: Partial<Record.Person> = {}): Record.Person => ({
  _tag: "Person",
  id: recordId(id),
  ownerId: Id.UserId.make("u1"),
  emails: [],
  phones: [],
  keys: none,
  aliases: none,
  custom: {},
  lifecycle: { _tag: "Live" },
  createdAt: at(0),
  updatedAt: at(0),
  eventCount: 1,
  firstName: null,
  lastName: id,
  companyId: null,
  ...more
})

const answering = (...emails: ReadonlyArray<string>) => ({ keys: Merging.keysFor(emails, [], none, null) })
const keys = (...emails: ReadonlyArray<string>) => ({ ...answering(...emails).keys, phones: [] })

const user = (id: string): User.User => ({
  id: Id.UserId.make(id),
  name: id,
  email: `${id}@example.com`,
  isActive: true,
  reportsTo: null,
  isAccountOwner: false,
  isCrmAdministrator: false,
  teams: [],
  groups: [],
  visibility: "all"
})

const pool = (id: Id.PoolId, more: Partial<DistributionPool.DistributionPool>): DistributionPool.DistributionPool => ({
  id,
  name: "a pool",
  recordKind: "lead",
  members: [],
  isDeleted: false,
  eventCount: 1,
  ...more
})

const note = (id: string, millis: number, on = "p1", by: Actor.Actor = Actor.system): Activity.Activity => ({
  _tag: "Note",
  id: Id.ActivityId.make(id),
  record: { kind: "person", id: recordId(on) },
  at: at(millis),
  by,
  text: id,
  chatId: null
})

/** The laws of the CRM side's own reads. */
export const crmStoreLaws = (
  name: string,
  withStore: <A, E>(use: (store: CrmStoreShape) => Effect.Effect<A, E>) => Effect.Effect<A, E>
): void => {
  const law = <A, E>(title: string, use: (store: CrmStoreShape) => Effect.Effect<A, E>) =>
    it(title, () => Effect.runPromise(withStore(use)))
  const write = (store: CrmStoreShape, ...puts: ReadonlyArray<Omit<Put<CrmRecords>, "contents" | "due">>) =>
    Effect.gen(function* () {
      const reads = yield* store.get(
        account,
        puts.map(({ key }) => key)
      )
      const expected = reads.map(({ key, version }) => ({ key, version }))
      const put = puts.map((one) => ({ ...one, contents: [], due: null }) as Put<CrmRecords>)
      yield* store.commit(account, { expect: expected, put, remove: [], contents: [], events: [], remember: null })
    })
  const putPerson = (value: Record.Person) => ({ key: { kind: "person" as const, id: value.id }, value })
  const putNote = (value: Activity.Activity) => ({ key: { kind: "activity" as const, id: value.id }, value })
  const ids = (records: ReadonlyArray<{ readonly id: string }>) => records.map(({ id }) => id).sort()

  describe(name, () => {
    law("crmStore.byKeys.live: only live records answer to a key, and only while they have it (A5, A7)", (store) =>
      Effect.gen(function* () {
        const ann = answering("ann@example.com")
        yield* write(store, putPerson(person("p1", ann)), putPerson(person("p2", ann)), putPerson(person("p3")))
        expect(ids(yield* store.byKeys(account, keys("ann@example.com")))).toEqual(["p1", "p2"])
        yield* write(store, putPerson(person("p1", answering("new@example.com"))))
        yield* write(store, putPerson(person("p2", { ...ann, lifecycle: { _tag: "Deleted" } })))
        expect(yield* store.byKeys(account, keys("ann@example.com"))).toEqual([])
        expect(ids(yield* store.byKeys(account, keys("new@example.com")))).toEqual(["p1"])
      })
    )

    law(
      "crmStore.holding.all: whoever has a key, whatever became of them, once, until it is taken away (J4, A5)",
      (store) =>
        Effect.gen(function* () {
          const ann = answering("ann@example.com", "a@example.com")
          const into = { kind: "person" as const, id: recordId("p1") }
          yield* write(
            store,
            putPerson(person("p1", ann)),
            putPerson(person("p2", { ...ann, lifecycle: { _tag: "Deleted" } })),
            putPerson(person("p3", { ...ann, lifecycle: { _tag: "Merged", into } })),
            putPerson(person("p4", answering("bob@example.com")))
          )
          const both = keys("ann@example.com", "a@example.com")
          expect(ids(yield* store.holding(account, both))).toEqual(["p1", "p2", "p3"])
          expect(yield* store.holding(Id.AccountId.make("other"), both)).toEqual([])
          yield* write(store, putPerson(person("p2", { lifecycle: { _tag: "Erased", survivor: null } })))
          expect(ids(yield* store.holding(account, both))).toEqual(["p1", "p3"])
        })
    )

    law("crmStore.byKeys.once: a record that answers to several of the keys comes once (A3, A5)", (store) =>
      Effect.gen(function* () {
        yield* write(store, putPerson(person("p1", answering("a@example.com", "b@example.com"))))
        expect(ids(yield* store.byKeys(account, keys("a@example.com", "b@example.com")))).toEqual(["p1"])
      })
    )

    law("crmStore.byKeys.live: phones answer as emails do, and apart from them (A2)", (store) =>
      Effect.gen(function* () {
        const phones = [PhoneKey.PhoneKey.make("+12125552368")]
        yield* write(
          store,
          putPerson(person("p1", answering("ann@example.com"))),
          putPerson(person("p2", { keys: { emails: [], phones } }))
        )
        expect(ids(yield* store.byKeys(account, { emails: [], phones }))).toEqual(["p2"])
        expect(ids(yield* store.byKeys(account, { ...keys("ann@example.com"), phones }))).toEqual(["p1", "p2"])
        expect(yield* store.byKeys(Id.AccountId.make("others"), { emails: [], phones })).toEqual([])
      })
    )

    law("crmStore.leadFacts.all: as of one moment: what is committed together is read together (E3)", (store) =>
      Effect.gen(function* () {
        const chatId = Id.ChatId.make("c1")
        const poolId = Id.PoolId.make("pool")
        const writeAll = (n: number) =>
          write(
            store,
            putPerson(person(`p${n % 2}`, n % 4 < 2 ? answering("ann@example.com") : {})),
            { key: { kind: "chatLead", id: chatId }, value: { lead: recordId(`l${n}`), owner: Id.UserId.make("u") } },
            { key: { kind: "pool", id: poolId }, value: pool(poolId, { eventCount: n }) },
            { key: { kind: "user", id: "u1" }, value: { ...user("u1"), name: `l${n}` } }
          )
        const read = store.leadFacts(account, { ...keys("ann@example.com"), chatId, pools: [poolId], commandId: null })
        yield* writeAll(0)
        const [, seen] = yield* Effect.all(
          [
            Effect.forEach(
              Array.from({ length: 20 }, (_, n) => n + 1),
              writeAll
            ),
            Effect.forEach(Array.from({ length: 40 }), () => read)
          ],
          { concurrency: "unbounded" }
        )
        for (const { chatLead, pools, users } of seen) {
          const n = pools[0]?.value?.eventCount
          expect([chatLead.value?.lead, users[0]?.value?.name]).toEqual([`l${n}`, `l${n}`])
        }
        expect(new Set(seen.map(({ chatLead }) => chatLead.version)).size).toBeGreaterThan(1)
      })
    )

    law("crmStore.leadFacts.all: candidates, keys, chat, pools, users and command in one answer (E3)", (store) =>
      Effect.gen(function* () {
        yield* write(
          store,
          putPerson(person("p1", answering("ann@example.com"))),
          { key: { kind: "user", id: "u1" }, value: user("u1") },
          {
            key: { kind: "identityKey", id: "email/ann@example.com" },
            value: { movedBy: { kind: "person", id: recordId("p1") } }
          }
        )
        const facts = yield* store.leadFacts(account, {
          ...keys("ann@example.com", "new@example.com"),
          chatId: Id.ChatId.make("c1"),
          pools: [Id.PoolId.make("gone")],
          commandId: "agent:1/k"
        })
        expect(ids(facts.candidates)).toEqual(["p1"])
        expect(facts.identityKeys.map(({ key, version }) => [key.id, version > 0])).toEqual([
          [`email/${EmailKey.make("ann@example.com")}`, true],
          [`email/${EmailKey.make("new@example.com")}`, false]
        ])
        expect(facts.chatLead).toEqual({ key: { kind: "chatLead", id: "c1" }, version: 0, value: null })
        expect(facts.pools).toEqual([{ key: { kind: "pool", id: "gone" }, version: 0, value: null }])
        expect(facts.users).toMatchObject([{ key: { kind: "user", id: "u1" }, value: user("u1") }])
        expect(facts.users[0]?.version).toBeGreaterThan(0)
        expect(facts.command).toEqual({ key: { kind: "command", id: "agent:1/k" }, version: 0, value: null })
      })
    )

    law("crmStore.users.all: every user, whether active or not (F5)", (store) =>
      Effect.gen(function* () {
        const users = [user("u1"), { ...user("u2"), isActive: false }]
        yield* write(store, ...users.map((value) => ({ key: { kind: "user" as const, id: value.id }, value })))
        expect(ids(yield* store.users(account))).toEqual(["u1", "u2"])
      })
    )

    law("crmStore.users.all: who is removed is neither among the users nor among the facts", (store) =>
      Effect.gen(function* () {
        yield* write(store, { key: { kind: "user", id: "u1" }, value: user("u1") })
        const [read] = yield* store.get(account, [{ kind: "user", id: "u1" }])
        const nothing = { put: [], contents: [], events: [], remember: null }
        yield* store.commit(account, { ...nothing, expect: [read], remove: [read.key] })
        expect(yield* store.users(account)).toEqual([])
        const query = { ...keys(), chatId: Id.ChatId.make("c1"), pools: [], commandId: null }
        expect((yield* store.leadFacts(account, query)).users).toEqual([])
      })
    )

    it(`${name} shows the pools that are not deleted, by id (F1)`, () =>
      Effect.runPromise(
        withStore((store) =>
          Effect.gen(function* () {
            const pools = ["p2", "p3", "p1"].map((id) => pool(Id.PoolId.make(id), { isDeleted: id === "p3" }))
            yield* write(store, ...pools.map((value) => ({ key: { kind: "pool" as const, id: value.id }, value })))
            expect((yield* store.pools(account)).map(({ id }) => id)).toEqual(["p1", "p2"])
          })
        )
      ))

    it(`${name} lists live records of a kind by id, in pages that hold each once (J1)`, () =>
      Effect.runPromise(
        withStore((store) =>
          Effect.gen(function* () {
            const people = ["e", "b", "d", "a", "c"].map((id) => person(id))
            yield* write(store, ...people.map(putPerson))
            yield* write(store, putPerson(person("d", { lifecycle: { _tag: "Deleted" } })))
            const page = (after: string | null) =>
              Effect.map(store.list(account, "person", after === null ? null : recordId(after), 2), (refs) =>
                refs.map(({ id, kind }) => `${kind}/${id}`)
              )
            expect(yield* page(null)).toEqual(["person/a", "person/b"])
            expect(yield* page("b")).toEqual(["person/c", "person/e"])
            expect(yield* page("d")).toEqual(["person/e"])
            expect(yield* page("e")).toEqual([])
            expect(yield* store.list(account, "lead", null, 9)).toEqual([])
          })
        )
      ))

    law("crmStore.peopleOf.live: the live people of the companies, each once, and of no other (H2)", (store) =>
      Effect.gen(function* () {
        const of = (companyId: string) => ({ companyId: recordId(companyId) })
        yield* write(
          store,
          putPerson(person("p1", of("c1"))),
          putPerson(person("p2", of("c2"))),
          putPerson(person("p3", { ...of("c1"), lifecycle: { _tag: "Deleted" } })),
          putPerson(person("p4", of("c1")))
        )
        expect(ids(yield* store.peopleOf(account, [recordId("c1")]))).toEqual(["p1", "p4"])
        const [one, two] = [recordId("c1"), recordId("c2")]
        expect(ids(yield* store.peopleOf(account, [two, one, one])).toSorted()).toEqual(["p1", "p2", "p4"])
        expect(yield* store.peopleOf(account, [])).toEqual([])
        yield* write(store, putPerson(person("p4", of("c2"))))
        expect(ids(yield* store.peopleOf(account, [recordId("c1")]))).toEqual(["p1"])
      })
    )

    law(
      "crmStore.activities.order, crmStore.activities.after, crmStore.activities.filter: newest first, strictly after, as asked (H3, H4)",
      (store) =>
        Effect.gen(function* () {
          const bob = Actor.user(Id.UserId.make("bob"))
          yield* write(
            store,
            ...[note("b", 1), note("a", 2), note("c", 2), note("d", 3, "p1", bob), note("e", 9, "p2")].map(putNote)
          )
          const query: ActivitiesQuery = {
            records: [{ kind: "person", id: recordId("p1") }],
            types: null,
            byAny: null,
            after: null,
            from: null,
            until: null,
            limit: 9
          }
          const found = (more: Partial<ActivitiesQuery>) =>
            Effect.map(store.activities(account, { ...query, ...more }), (all) => all.map(({ id }) => id))
          expect(yield* found({})).toEqual(["d", "c", "a", "b"])
          expect(yield* found({ limit: 2 })).toEqual(["d", "c"])
          expect(yield* found({ after: { at: at(2), id: "c" } })).toEqual(["a", "b"])
          expect(yield* found({ after: { at: at(2), id: "b" } })).toEqual(["a", "b"])
          expect(yield* found({ from: at(2), until: at(3) })).toEqual(["c", "a"])
          expect(yield* found({ types: ["Call"] })).toEqual([])
          expect(yield* found({ byAny: [Actor.toKey(bob)] })).toEqual(["d"])
        })
    )
  })
}
