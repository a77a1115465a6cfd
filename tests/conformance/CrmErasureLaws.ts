import { Effect } from "effect"
import { Content, EmailKey, Id, Record, RecordRef } from "leadline"
import { Crm, type CrmShape, type PersonToErase, type Viewer } from "leadline/ports"
import type { RecordToSave } from "leadline/use-cases"
import { describe, expect, it } from "vitest"
import type { CrmUnderTest } from "./CrmLaws.ts"

const account = Id.AccountId.make("laws")
const all: Viewer = { _tag: "All" }
const id = (text: string) => RecordRef.RecordId.make(text)
const ref = (kind: RecordRef.MatchableKind, text: string) => ({ kind, id: id(text) })
const page = { types: null, byAny: null, after: null, from: null, until: null, limit: 1_000 }

const emailKey = (typed: string) => EmailKey.EmailKey.make(typed)
const evidence = (email: string) => ({ email: emailKey(email), phone: null })

/** Who answers to an address; nobody is named. */
const answering = (email: string): PersonToErase => ({ records: [], emails: [emailKey(email)], phones: [] })

const person = (name: string, email: string, more: object = {}): RecordToSave => ({
  _tag: "Person",
  ...{ id: id(name), ownerId: Id.UserId.make("owner"), firstName: `first of ${name}`, lastName: `last of ${name}` },
  ...{ emails: [email], phones: ["+12125552368"], custom: { tier: `custom of ${name}` }, companyId: null },
  ...more
})

const note = (name: string, text: string) => ({
  ...{ record: ref("person", name), text, chatId: null, author: { _tag: "System" as const }, authorUser: null },
  viewer: all
})

/** Every batch, each under its key; how many did something, and what they counted. */
const eraseAll = Effect.fnUntraced(function* (crm: CrmShape, who: PersonToErase, limit: number) {
  const counts: Array<number> = []
  let after: string | null = null
  do {
    const done: { readonly erased: number; readonly next: string | null } = yield* crm.erase(
      account,
      { person: who, after, limit },
      `erase-${limit}-${counts.length}`
    )
    counts.push(done.erased)
    after = done.next
  } while (after !== null)
  return counts
})

/** The laws of `Crm.erase`, for a CRM that declares the capability (J4); and the law for one that does not. */
export const crmErasureLaws = <R>(
  name: string,
  { layer, seed }: Pick<CrmUnderTest<R>, "layer" | "seed">,
  canErase: boolean
): void => {
  const law = (title: string, body: Effect.Effect<unknown, unknown, Crm | R>) =>
    it(title, () => Effect.runPromise(Effect.asVoid(Effect.provide(body, layer()))))
  const read = (crm: CrmShape, who: string) => crm.read(account, all, ref("person", who))
  const seedPerson = (who: string, email: string, notes: number, more: object = {}) =>
    Effect.gen(function* () {
      const crm = yield* Crm
      yield* seed.record(account, person(who, email, more))
      for (let n = 0; n < notes; n++) yield* crm.addNote(account, note(who, `note ${n} of ${who}`), `${who}-${n}`)
    })

  if (canErase)
    describe(`${name} erases persons`, () => {
      law(
        "crm.erase.values: names, addresses, keys, custom values and texts go; the record stays, and matches nothing (J4)",
        Effect.gen(function* () {
          const crm = yield* Crm
          yield* seedPerson("ann", "ann@example.com", 2)
          expect(yield* eraseAll(crm, answering("ann@example.com"), 100)).toEqual([3, 0])
          const shell = yield* read(crm, "ann")
          expect(JSON.stringify(shell)).not.toMatch(/of ann|example|2125552368/)
          expect(shell).toMatchObject({ id: "ann", ownerId: "owner", lifecycle: { _tag: "Erased" } })
          expect(Record.isLive(shell)).toBe(false)
          expect((yield* crm.match(account, all, evidence("ann@example.com"))).matched).toEqual([])
          const { activities } = yield* crm.activities(account, all, { record: ref("person", "ann"), ...page })
          expect(activities.map((one) => one._tag === "Note" && one.text)).toEqual([Content.erased, Content.erased])
        })
      )

      law(
        "crm.erase.values: of deleted and merged records, and of what they were merged with, too (J4, A5)",
        Effect.gen(function* () {
          const crm = yield* Crm
          for (const who of ["gone", "loser", "twin"]) yield* seedPerson(who, "ann@example.com", 1)
          yield* seedPerson("survivor", "new@example.com", 1)
          yield* seed.delete(account, ref("person", "gone"))
          yield* seed.merge(account, "person", id("survivor"), id("loser"))
          yield* eraseAll(crm, { records: [ref("person", "loser")], emails: [], phones: [] }, 100)
          const left = JSON.stringify([yield* read(crm, "loser"), yield* read(crm, "survivor")])
          expect(left).not.toMatch(/first of|custom of|example/)
          expect(yield* read(crm, "twin")).toMatchObject({ emails: ["ann@example.com"] })
          yield* eraseAll(crm, answering("ann@example.com"), 50)
          expect(JSON.stringify(yield* read(crm, "twin"))).not.toMatch(/of twin|example/)
        })
      )

      law(
        "crm.erase.others: everybody else's records and histories are as they were (J4, J2)",
        Effect.gen(function* () {
          const crm = yield* Crm
          yield* seedPerson("ann", "ann@example.com", 1)
          yield* seedPerson("bob", "bob@example.com", 1)
          const other = Id.AccountId.make("other")
          yield* seed.record(other, person("ann", "ann@example.com"))
          const before = yield* read(crm, "bob")
          yield* eraseAll(crm, answering("ann@example.com"), 100)
          expect(yield* read(crm, "bob")).toEqual(before)
          const { activities } = yield* crm.activities(account, all, { record: ref("person", "bob"), ...page })
          expect(activities).toMatchObject([{ _tag: "Note", text: "note 0 of bob" }])
          expect(yield* crm.read(other, all, ref("person", "ann"))).toMatchObject({ emails: ["ann@example.com"] })
        })
      )

      law(
        "crm.erase.batches: each is bounded, together they are all, also where a note comes in between (J4)",
        Effect.gen(function* () {
          const crm = yield* Crm
          yield* seedPerson("ann", "ann@example.com", 7)
          const who = answering("ann@example.com")
          const first = yield* crm.erase(account, { person: who, after: null, limit: 3 }, "k1")
          expect(first).toMatchObject({ erased: 3 })
          yield* crm.addNote(account, note("ann", "late note of ann"), "late")
          let after = first.next
          let [sum, batches] = [first.erased, 1]
          while (after !== null) {
            const done: typeof first = yield* crm.erase(account, { person: who, after, limit: 3 }, `k${++batches}`)
            expect(done.erased).toBeLessThanOrEqual(4)
            sum += done.erased
            after = done.next
          }
          expect(sum).toBe(9)
          const { activities } = yield* crm.activities(account, all, { record: ref("person", "ann"), ...page })
          expect(activities.length).toBe(8)
          expect(JSON.stringify(activities)).not.toContain("of ann")
        })
      )

      law(
        "crm.erase.repeat: a batch under its key gives the same answer; all of it again erases nothing more (J4, K1)",
        Effect.gen(function* () {
          const crm = yield* Crm
          yield* seedPerson("ann", "ann@example.com", 2)
          const batch = { person: answering("ann@example.com"), after: null, limit: 100 }
          const first = yield* crm.erase(account, batch, "k")
          expect(yield* crm.erase(account, batch, "k")).toEqual(first)
          expect(yield* crm.erase(account, { ...batch, after: first.next }, "end")).toEqual({ erased: 0, next: null })
          expect(yield* crm.erase(account, { ...batch, after: first.next }, "end")).toEqual({ erased: 0, next: null })
          const named = { records: [ref("person", "ann"), ref("lead", "never")], emails: [], phones: [] }
          expect(yield* eraseAll(crm, { ...named, emails: batch.person.emails }, 100)).toEqual([0])
        })
      )
    })

  if (!canErase)
    describe(`${name} erases nobody`, () => {
      law(
        "crm.erase.unsupported: says so, and changes nothing (J4)",
        Effect.gen(function* () {
          const crm = yield* Crm
          yield* seedPerson("ann", "ann@example.com", 1)
          const batch = { person: answering("ann@example.com"), after: null, limit: 100 }
          const error = yield* Effect.flip(crm.erase(account, batch, "k"))
          expect(error).toMatchObject({ _tag: "StoreError", reason: "unsupported", isRetryable: false })
          expect(yield* read(crm, "ann")).toMatchObject({ emails: ["ann@example.com"] })
        })
      )
    })
}
