import { Effect } from "effect"
import * as Content from "../../domain/account/Content.ts"
import type * as Id from "../../domain/account/Id.ts"
import * as EmailKey from "../../domain/identity/EmailKey.ts"
import * as Record from "../../domain/record/Record.ts"
import type { RecordRef } from "../../domain/record/RecordRef.ts"
import type { Crm, CrmShape, PersonToErase } from "../../ports/Crm.ts"
import {
  ANN,
  add,
  all,
  type CrmSeed,
  canErase,
  law,
  matched,
  note,
  type People,
  PHONE,
  type Ports,
  page,
  people
} from "./CrmKit.ts"
import * as Expect from "./Expect.ts"
import type { Law } from "./Law.ts"
import { upTo } from "./StoreKit.ts"

/** Who answers to an address; nobody is named. */
const answering = (email: string): PersonToErase => ({
  records: [],
  emails: [EmailKey.EmailKey.make(email)],
  phones: []
})

/** Every batch, each under a key of its own; what they counted. */
const eraseAll = Effect.fnUntraced(function* (
  crm: CrmShape,
  account: Id.AccountId,
  run: string,
  person: PersonToErase,
  limit = 100
) {
  let [sum, batches] = [0, 0]
  let after: string | null = null
  do {
    const done: { readonly erased: number; readonly next: string | null } = yield* crm.erase(
      account,
      { person, after, limit },
      `${run}-${++batches}`
    )
    sum += done.erased
    after = done.next
  } while (after !== null && batches < 50)
  return sum
})

/** Somebody with notes; whatever is personal says of whom it is. */
const addPerson = Effect.fnUntraced(function* (
  ports: Ports,
  account: Id.AccountId,
  who: People,
  name: string,
  email: string,
  notes: number
) {
  const ref = yield* add(ports, account, who, {
    ...{ kind: "person" as const, name: `last-of-${name}`, firstName: `first of ${name}` },
    ...{ emails: [email], phones: [PHONE], custom: { tier: `custom of ${name}` } }
  })
  for (const n of upTo(notes)) yield* ports.crm.addNote(account, note(ref, `note ${n} of ${name}`), `${name}-${n}`)
  return ref
})

const activitiesOf = (crm: CrmShape, account: Id.AccountId, record: RecordRef) =>
  Effect.map(crm.activities(account, all, page(record, { limit: 1_000 })), ({ activities }) => activities)

const says = (shown: unknown, what: RegExp): ReadonlyArray<string> => JSON.stringify(shown)?.match(what) ?? []

/** What is left of a person in a record, but its id. */
const traces = (shown: Record.CrmRecord): ReadonlyArray<string> =>
  says({ ...shown, id: "" }, /(first of|custom of|last-of-|note \d of)|example\.com|2125552368/g)

/** Erasing a person (J4). */
export const crmErasureLaws: ReadonlyArray<Law<Crm | CrmSeed>> = [
  law(
    {
      id: "crm.erase.values",
      sentence:
        "names, addresses, keys, custom values and texts go; the record stays as a shell with its owner, and matches nothing",
      rules: ["J4"],
      needs: canErase
    },
    (ports, { account }) =>
      Effect.gen(function* () {
        const who = yield* people(ports, account)
        const ref = yield* addPerson(ports, account, who, "ann", ANN, 2)
        yield* Expect.same("erased", yield* eraseAll(ports.crm, account, "run", answering(ANN)), 3)
        const shell = yield* ports.crm.read(account, all, ref)
        yield* Expect.same("what is left of the person", traces(shell), [])
        const kept = { id: ref.id, ownerId: who.owner, lifecycle: { _tag: "Erased" } }
        yield* Expect.matches("the shell", shell, kept)
        yield* Expect.same("the shell is live", Record.isLive(shell), false)
        yield* Expect.same("matched", (yield* matched(ports, { account })).matched, [])
        const texts = (yield* activitiesOf(ports.crm, account, ref)).map((one) => one._tag === "Note" && one.text)
        yield* Expect.same("texts of its history", texts, [Content.erased, Content.erased])
      })
  ),

  law(
    {
      id: "crm.erase.merged",
      sentence: "values of deleted and merged records go, too, and those of what they were merged with",
      rules: ["J4", "A5"],
      needs: canErase
    },
    (ports, { account }) =>
      Effect.gen(function* () {
        const { crm, seed } = ports
        const who = yield* people(ports, account)
        const gone = yield* addPerson(ports, account, who, "gone", ANN, 1)
        const loser = yield* addPerson(ports, account, who, "loser", ANN, 1)
        const twin = yield* addPerson(ports, account, who, "twin", ANN, 1)
        const survivor = yield* addPerson(ports, account, who, "survivor", "new@example.com", 1)
        yield* seed.delete(account, gone)
        yield* seed.merge(account, "person", survivor.id, loser.id)
        yield* eraseAll(crm, account, "named", { records: [loser], emails: [], phones: [] })
        const tracesOf = (ref: typeof gone) => Effect.map(crm.read(account, all, ref), traces)
        yield* Expect.same(
          "left in the loser and its survivor",
          [yield* tracesOf(loser), yield* tracesOf(survivor)],
          [[], []]
        )
        yield* Expect.matches("who was not named", yield* crm.read(account, all, twin), { emails: [ANN] })
        yield* eraseAll(crm, account, "answering", answering(ANN))
        yield* Expect.same("left in who answers to the address", yield* tracesOf(twin), [])
        const deleted = yield* Effect.matchEffect(crm.read(account, all, gone), {
          // whether a deleted record can still be read is the CRM's affair
          onFailure: () => Effect.succeed([]),
          onSuccess: (shell) => Effect.succeed(traces(shell))
        })
        yield* Expect.same("left in the deleted record", deleted, [])
      })
  ),

  law(
    {
      id: "crm.erase.others",
      sentence: "everybody else's records and histories are as they were, in this account and in others",
      rules: ["J4", "J2"],
      needs: canErase
    },
    (ports, { account, other }) =>
      Effect.gen(function* () {
        const { crm } = ports
        const who = yield* people(ports, account)
        yield* addPerson(ports, account, who, "ann", ANN, 1)
        const bob = yield* addPerson(ports, account, who, "bob", "bob@example.com", 1)
        const theirs = yield* addPerson(ports, other, yield* people(ports, other), "ann", ANN, 0)
        const before = [yield* crm.read(account, all, bob), yield* activitiesOf(crm, account, bob)]
        yield* eraseAll(crm, account, "run", answering(ANN))
        const after = [yield* crm.read(account, all, bob), yield* activitiesOf(crm, account, bob)]
        yield* Expect.same("somebody else's record and history", after, before)
        yield* Expect.matches("another account's record", yield* crm.read(other, all, theirs), { emails: [ANN] })
      })
  ),

  law(
    {
      id: "crm.erase.batches",
      sentence: "each batch is bounded, together they are all, also where a note comes in between",
      rules: ["J4"],
      needs: canErase
    },
    (ports, { account }) =>
      Effect.gen(function* () {
        const { crm } = ports
        const who = yield* people(ports, account)
        const ref = yield* addPerson(ports, account, who, "ann", ANN, 7)
        const person = answering(ANN)
        const first = yield* crm.erase(account, { person, after: null, limit: 3 }, "k1")
        yield* Expect.matches("the first batch of 3", first, { erased: 3 })
        yield* crm.addNote(account, note(ref, "note 9 of ann"), "late")
        let after = first.next
        let [sum, batches] = [first.erased, 1]
        while (after !== null && batches < 50) {
          const done: typeof first = yield* crm.erase(account, { person, after, limit: 3 }, `k${++batches}`)
          // the record itself may go with the last of its entries
          yield* Expect.holds("a batch of 3", done.erased <= 4, done.erased, "at most 3 entries and their record")
          sum += done.erased
          after = done.next
        }
        yield* Expect.same("erased in all", sum, 9)
        const left = yield* activitiesOf(crm, account, ref)
        yield* Expect.same("entries, and what they say", [left.length, says(left, /note \d of/g)], [8, []])
      })
  ),

  law(
    {
      id: "crm.erase.repeat",
      sentence: "a batch under its key gives the same answer; all of it again erases nothing more",
      rules: ["J4", "K1"],
      needs: canErase
    },
    (ports, { account }) =>
      Effect.gen(function* () {
        const { crm } = ports
        const who = yield* people(ports, account)
        const ref = yield* addPerson(ports, account, who, "ann", ANN, 2)
        const batch = { person: answering(ANN), after: null, limit: 100 }
        const first = yield* crm.erase(account, batch, "k")
        yield* Expect.same("the batch under its key", yield* crm.erase(account, batch, "k"), first)
        yield* eraseAll(crm, account, "rest", batch.person)
        const again = { ...batch.person, records: [ref] }
        yield* Expect.same("all of it again", yield* eraseAll(crm, account, "again", again), 0)
      })
  ),

  law(
    {
      id: "crm.erase.unsupported",
      sentence: "a CRM that does not declare it says so, and changes nothing",
      rules: ["J4", "K3"],
      forbids: canErase
    },
    (ports, { account }) =>
      Effect.gen(function* () {
        const who = yield* people(ports, account)
        const ref = yield* addPerson(ports, account, who, "ann", ANN, 1)
        const batch = { person: answering(ANN), after: null, limit: 100 }
        const expected = { _tag: "StoreError", reason: "unsupported", isRetryable: false }
        yield* Expect.refused("erase", ports.crm.erase(account, batch, "k"), expected)
        yield* Expect.matches("the record", yield* ports.crm.read(account, all, ref), { emails: [ANN] })
      })
  )
]
