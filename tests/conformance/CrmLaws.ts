import { Effect, type Layer, Result } from "effect"
import fc from "fast-check"
import { type Activity, Actor, EmailKey, Id, Instant, OwnerChoice, PhoneKey, RecordRef, type User } from "leadline"
import { Crm, type NewLead, type OlderThan, type Viewer } from "leadline/ports"
import type { RecordToSave } from "leadline/use-cases"
import { describe, expect, it } from "vitest"

/** A CRM to be checked, and how its data comes about: each law starts with an empty one. */
export interface CrmUnderTest<R> {
  readonly layer: () => Layer.Layer<Crm | R>
  readonly seed: {
    readonly user: (account: Id.AccountId, user: User.User) => Effect.Effect<unknown, unknown, Crm | R>
    readonly record: (account: Id.AccountId, record: RecordToSave) => Effect.Effect<unknown, unknown, Crm | R>
    /** A pool of leads, its queue in this order. */
    readonly pool: (
      account: Id.AccountId,
      id: Id.PoolId,
      members: ReadonlyArray<Id.UserId>
    ) => Effect.Effect<unknown, unknown, Crm | R>
    readonly delete: (account: Id.AccountId, record: RecordRef.RecordRef) => Effect.Effect<unknown, unknown, Crm | R>
    readonly merge: (
      account: Id.AccountId,
      kind: RecordRef.RecordKind,
      survivor: RecordRef.RecordId,
      loser: RecordRef.RecordId
    ) => Effect.Effect<unknown, unknown, Crm | R>
  }
  /** The capabilities it declares; laws are chosen by them. */
  readonly atomicIdentity: boolean
}

const account = Id.AccountId.make("laws")
const all: Viewer = { _tag: "All" }
const me: Viewer = { _tag: "User", userId: Id.UserId.make("me") }
const by = Actor.agent(Id.AgentId.make("a1"))
const id = (text: string) => RecordRef.RecordId.make(text)
const ref = (kind: RecordRef.MatchableKind, text: string) => ({ kind, id: id(text) })
const evidence = { email: EmailKey.make("ann@example.com"), phone: PhoneKey.make("+12125552368", null) }
const pool = Id.PoolId.make("pool")

const user = (name: string, more: Partial<User.User> = {}): User.User => ({
  id: Id.UserId.make(name),
  name,
  email: `${name}@example.com`,
  isActive: true,
  reportsTo: null,
  isAccountOwner: false,
  isCrmAdministrator: false,
  teams: [],
  groups: [],
  visibility: "own",
  ...more
})

const record = (at: RecordRef.MatchableRef, more: object = {}): RecordToSave => {
  const common = {
    id: at.id,
    ownerId: Id.UserId.make("owner"),
    emails: [],
    phones: [],
    custom: {},
    updatedAt: Instant.fromMillis(1),
    ...more
  }
  if (at.kind === "company") return { _tag: "Company", name: at.id, ...common }
  if (at.kind === "person") return { _tag: "Person", firstName: null, lastName: at.id, companyId: null, ...common }
  const lead = { firstName: null, lastName: at.id, organisation: null, status: "New", source: null }
  return { _tag: "Lead", ...lead, addedFrom: { _tag: "Import" }, ...common }
}

const owned = (only: OwnerChoice.OwnerChoice): NewLead["owner"] => ({
  _tag: "ByPolicy",
  anyOwnerAllowed: false,
  configured: [only],
  access: "allAgents",
  picked: null
})

/** Not dealt: what many meet at is then the chat or the email alone. */
const fixed = owned(OwnerChoice.user(Id.UserId.make("owner")))

const wanted = (more: Partial<NewLead> = {}): NewLead => ({
  chatId: Id.ChatId.make("chat"),
  evidence,
  firstName: null,
  lastName: "Ann",
  email: "ann@example.com",
  phone: "+12125552368",
  status: "New",
  source: null,
  owner: owned(OwnerChoice.pool(pool)),
  creator: by,
  creatorUser: null,
  viewer: all,
  note: "a note",
  defaultRegion: null,
  ...more
})

const note = (more: object = {}) => ({
  record: ref("person", "p"),
  text: "a note",
  chatId: null,
  author: by,
  authorUser: null,
  viewer: all,
  ...more
})

const phone = (typed: string) => ({ lead: id("l"), phone: typed, by, viewer: all, defaultRegion: null })

const page = (at: RecordRef.RecordRef, more: object = {}) => ({
  record: at,
  types: null,
  byAny: null,
  after: null,
  from: null,
  until: null,
  limit: 100,
  ...more
})

/** Registers the laws cited in `Crm`, each under its id. */
export const crmLaws = <R>(name: string, { atomicIdentity, layer, seed }: CrmUnderTest<R>): void => {
  const law = (title: string, body: Effect.Effect<unknown, unknown, Crm | R>) =>
    it(title, () => Effect.runPromise(Effect.asVoid(Effect.provide(body, layer()))))

  const people = Effect.gen(function* () {
    for (const one of ["owner", "me", "u1", "u2"]) yield* seed.user(account, user(one))
    yield* seed.pool(account, pool, [Id.UserId.make("u1"), Id.UserId.make("u2")])
  })
  const make = (more: Partial<NewLead>, key: string) =>
    Effect.flatMap(Crm, (crm) => crm.createLead(account, wanted(more), key))
  const matched = Effect.flatMap(Crm, (crm) => crm.match(account, all, evidence))

  describe(`${name} keeps the laws of Crm`, () => {
    describe("crm.match", () => {
      law(
        "crm.match.order: email before phone; person, company, lead; latest; id (A3)",
        Effect.gen(function* () {
          const emails = ["ann@example.com"]
          const phones = ["+12125552368"]
          yield* seed.record(account, record(ref("person", "by-phone"), { phones }))
          yield* seed.record(account, record(ref("lead", "l"), { emails }))
          yield* seed.record(account, record(ref("company", "c"), { emails }))
          yield* seed.record(account, record(ref("person", "b"), { emails, phones }))
          yield* seed.record(account, record(ref("person", "a"), { emails }))
          yield* seed.record(account, record(ref("person", "z"), { emails, updatedAt: Instant.fromMillis(2) }))
          expect((yield* matched).matched).toEqual([
            { ref: ref("person", "z"), by: "email" },
            { ref: ref("person", "a"), by: "email" },
            { ref: ref("person", "b"), by: "email" },
            { ref: ref("company", "c"), by: "email" },
            { ref: ref("lead", "l"), by: "email" },
            { ref: ref("person", "by-phone"), by: "phone" }
          ])
        })
      )

      law(
        "crm.match.live: deleted and merged records match no more, the survivor for them (A5)",
        Effect.gen(function* () {
          const emails = ["ann@example.com"]
          yield* seed.record(account, record(ref("person", "gone"), { emails }))
          yield* seed.record(account, record(ref("person", "loser"), { emails }))
          yield* seed.record(account, record(ref("person", "survivor")))
          yield* seed.delete(account, ref("person", "gone"))
          yield* seed.merge(account, "person", id("survivor"), id("loser"))
          expect((yield* matched).matched).toEqual([{ ref: ref("person", "survivor"), by: "email" }])
        })
      )

      law(
        "crm.match.visible: of all that matches, what the viewer may see (E2, J1)",
        Effect.gen(function* () {
          yield* people
          const emails = ["ann@example.com"]
          yield* seed.record(account, record(ref("person", "p"), { emails }))
          yield* seed.record(account, record(ref("lead", "l"), { emails, ownerId: Id.UserId.make("me") }))
          const crm = yield* Crm
          const found = yield* crm.match(account, me, evidence)
          expect(found.matched.length).toBe(2)
          expect(found.visible).toEqual([ref("lead", "l")])
        })
      )
    })

    describe("crm.read", () => {
      law(
        "crm.read.missing: RecordNotFound",
        Effect.gen(function* () {
          const crm = yield* Crm
          const refused = yield* Effect.flip(crm.read(account, all, ref("lead", "no")))
          expect(refused).toEqual({ _tag: "RecordNotFound", record: ref("lead", "no") })
        })
      )

      law(
        "crm.read.hidden: RecordHidden, which says nothing of it (J1)",
        Effect.gen(function* () {
          yield* people
          yield* seed.record(account, record(ref("lead", "l")))
          const crm = yield* Crm
          const refused = yield* Effect.flip(crm.read(account, me, ref("lead", "l")))
          expect(refused).toEqual({ _tag: "RecordHidden", record: ref("lead", "l") })
        })
      )
    })

    describe("crm.createLead", () => {
      law(
        "crm.createLead.repeat: one key, one lead, one answer (E5, K1)",
        Effect.gen(function* () {
          yield* people
          const first = yield* make({}, "k")
          expect(yield* make({}, "k")).toEqual(first)
          expect(yield* make({ status: "as the settings say by now" }, "k")).toEqual(first)
          const reused = yield* Effect.flip(make({ note: "something else" }, "k"))
          expect(reused).toEqual({ _tag: "IdempotencyKeyReused", key: "k" })
          expect((yield* matched).matched.length).toBe(1)
        })
      )

      law(
        "crm.createLead.turn: the next of the pool, and it is the other's turn then; one notice for lead and note (F2, F6)",
        Effect.gen(function* () {
          yield* people
          const other = { chatId: Id.ChatId.make("other"), email: "bob@example.com", phone: null }
          const first = yield* make({}, "k1")
          const second = yield* make({ ...other, evidence: { email: EmailKey.make(other.email), phone: null } }, "k2")
          expect([first.owner, second.owner]).toEqual(["u1", "u2"])
          expect(first).toMatchObject({ noteStored: true, told: { told: "u1", why: "owner" } })
        })
      )

      if (atomicIdentity) {
        law(
          "crm.createLead.matched: refused where a record matches; no turn is taken, no note stored (E3, E5)",
          Effect.gen(function* () {
            yield* people
            yield* seed.record(account, record(ref("person", "p"), { emails: ["Ann@Example.com"] }))
            const refused = yield* Effect.flip(make({}, "k"))
            expect(refused).toEqual({ _tag: "AlreadyMatched", records: [ref("person", "p")], noteStored: false })
            expect(yield* Effect.flip(make({ viewer: me }, "k"))).toEqual({ _tag: "MatchHidden", noteStored: false })
            yield* seed.delete(account, ref("person", "p"))
            expect(yield* make({}, "k")).toMatchObject({ owner: "u1" })
          })
        )

        it("crm.createLead.once: of many at once, by chat or by email, one is made (E5)", () =>
          fc.assert(
            fc.asyncProperty(fc.integer({ min: 2, max: 6 }), fc.boolean(), (times, sameChat) =>
              Effect.runPromise(
                Effect.gen(function* () {
                  yield* people
                  const answers = yield* Effect.forEach(
                    Array.from({ length: times }, (_, n) => n),
                    (n) => {
                      const chatId = Id.ChatId.make(sameChat ? "chat" : `chat-${n}`)
                      return Effect.result(make({ chatId, owner: fixed }, `k${n}`))
                    },
                    { concurrency: "unbounded" }
                  )
                  const tags = answers.map((answer) => (Result.isSuccess(answer) ? "made" : answer.failure._tag)).sort()
                  const lost = sameChat ? "AlreadyCreated" : "AlreadyMatched"
                  expect(tags).toEqual([...Array.from({ length: times - 1 }, () => lost), "made"])
                  expect((yield* matched).matched.length).toBe(1)
                }).pipe(Effect.provide(layer()))
              )
            ),
            { numRuns: 10 }
          ))
      }
    })

    describe("crm.addNote", () => {
      law(
        "crm.addNote.once: one key, one note, one answer (K1)",
        Effect.gen(function* () {
          yield* people
          yield* seed.record(account, record(ref("person", "p")))
          const crm = yield* Crm
          const first = yield* crm.addNote(account, note(), "k")
          expect(yield* crm.addNote(account, note(), "k")).toEqual(first)
          const { activities } = yield* crm.activities(account, all, page(ref("person", "p")))
          expect(activities).toMatchObject([{ _tag: "Note", id: first.activityId, text: "a note", by }])
        })
      )

      law(
        "crm.addNote.told: the owner; nobody where the owner wrote it (G1, G3)",
        Effect.gen(function* () {
          yield* people
          yield* seed.record(account, record(ref("person", "p")))
          const crm = yield* Crm
          expect((yield* crm.addNote(account, note(), "k1")).told).toEqual({ told: "owner", why: "owner" })
          const own = note({ authorUser: Id.UserId.make("owner") })
          expect((yield* crm.addNote(account, own, "k2")).told).toEqual({ told: null, why: "ownerIsAuthor" })
        })
      )
    })

    describe("crm.changePhone", () => {
      law(
        "crm.changePhone.equal: an equal phone changes nothing (E6)",
        Effect.gen(function* () {
          yield* seed.record(account, record(ref("lead", "l"), { phones: ["+1 212 555 2368"] }))
          const crm = yield* Crm
          expect(yield* crm.changePhone(account, phone("+12125552368"), "k")).toEqual({ isChanged: false })
          expect((yield* crm.activities(account, all, page(ref("lead", "l")))).activities).toEqual([])
          expect(yield* crm.read(account, all, ref("lead", "l"))).toMatchObject({ phones: ["+1 212 555 2368"] })
        })
      )

      law(
        "crm.changePhone.feed: a change is in the lead's history, with who made it (E6)",
        Effect.gen(function* () {
          yield* seed.record(account, record(ref("lead", "l"), { phones: ["555"] }))
          const crm = yield* Crm
          expect(yield* crm.changePhone(account, phone("+12125552368"), "k")).toEqual({ isChanged: true })
          expect(yield* crm.changePhone(account, phone("+12125552368"), "k")).toEqual({ isChanged: true })
          const { activities } = yield* crm.activities(account, all, page(ref("lead", "l")))
          expect(activities).toMatchObject([{ _tag: "PhoneChanged", from: "555", to: "+12125552368", by }])
        })
      )
    })

    describe("crm.feedScope", () => {
      law(
        "crm.feedScope.keys: all addresses and aliases, a company's people; a deleted record has no feed (A5, A7, H2)",
        Effect.gen(function* () {
          yield* seed.record(account, record(ref("company", "c"), { emails: ["info@x.example"] }))
          yield* seed.record(account, record(ref("person", "p"), { emails: ["a@x.example"], companyId: id("c") }))
          yield* seed.record(account, record(ref("person", "q"), { emails: ["b@x.example"] }))
          yield* seed.merge(account, "person", id("p"), id("q"))
          const crm = yield* Crm
          const keys = (at: RecordRef.RecordRef) =>
            Effect.map(crm.feedScope(account, all, at), (scope) => [...scope.keys].sort())
          expect(yield* keys(ref("person", "p"))).toEqual(["a@x.example", "b@x.example"])
          expect(yield* keys(ref("company", "c"))).toEqual(["a@x.example", "b@x.example", "info@x.example"])
          yield* seed.delete(account, ref("person", "p"))
          expect(yield* Effect.flip(keys(ref("person", "p")))).toMatchObject({ _tag: "RecordNotFound" })
        })
      )
    })

    describe("crm.activities", () => {
      const notes = Effect.gen(function* () {
        yield* people
        yield* seed.record(account, record(ref("person", "p")))
        const crm = yield* Crm
        for (let n = 0; n < 5; n++) yield* crm.addNote(account, note({ text: `note ${n}` }), `k${n}`)
        return (yield* crm.activities(account, all, page(ref("person", "p")))).activities
      })

      law(
        "crm.activities.order: newest first by (at, id) (H4)",
        Effect.gen(function* () {
          const found = yield* notes
          const newestFirst = found.toSorted((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1))
          expect(found.length).toBe(5)
          expect(found).toEqual(newestFirst)
        })
      )

      law(
        "crm.activities.after: pages hold each entry once, in order (H4)",
        Effect.gen(function* () {
          const found = yield* notes
          const crm = yield* Crm
          const ids: Array<string> = []
          const pageAfter = (after: OlderThan | null) =>
            crm.activities(account, all, page(ref("person", "p"), { after, limit: 2 }))
          let last: OlderThan | null = null
          for (let at = 0; at < 4; at++) {
            const activities: ReadonlyArray<Activity.Activity> = (yield* pageAfter(last)).activities
            ids.push(...activities.map((activity) => activity.id))
            last = activities.at(-1) ?? last
          }
          expect(ids).toEqual(found.map((activity) => activity.id))
        })
      )
    })

    describe("crm.user", () => {
      law(
        "crm.user.missing: null, and another account's is missing (J2)",
        Effect.gen(function* () {
          yield* people
          const crm = yield* Crm
          expect(yield* crm.user(account, Id.UserId.make("no"))).toBeNull()
          expect(yield* crm.user(Id.AccountId.make("other"), Id.UserId.make("me"))).toBeNull()
          expect(yield* crm.user(account, Id.UserId.make("me"))).toMatchObject({ id: "me" })
        })
      )
    })
  })
}
