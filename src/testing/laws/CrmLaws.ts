import { Effect } from "effect"
import type { Crm, Viewer } from "../../ports/Crm.ts"
import type { OlderThan } from "../../ports/DeskStore.ts"
import { crmErasureLaws } from "./CrmErasureLaws.ts"
import {
  ANN,
  add,
  all,
  by,
  type CrmSeed,
  evidence,
  isFresh,
  law,
  matched,
  nobody,
  note,
  PHONE,
  page,
  people,
  refTo
} from "./CrmKit.ts"
import { crmMarkLaws } from "./CrmMarkLaws.ts"
import { crmWriteLaws } from "./CrmWriteLaws.ts"
import * as Expect from "./Expect.ts"
import type { Law } from "./Law.ts"
import { at, upTo } from "./StoreKit.ts"

const byId = (one: { readonly id: string }, other: { readonly id: string }) => (one.id < other.id ? -1 : 1)

/** Who matches, what a record is, what its feed is made of. */
const readLaws: ReadonlyArray<Law<Crm | CrmSeed>> = [
  law(
    {
      id: "crm.match.order",
      sentence:
        "all that matches comes in one order: email before phone; person, company, lead; latest; id by code unit",
      rules: ["A3", "A4"]
    },
    (ports, { account }) =>
      Effect.gen(function* () {
        const who = yield* people(ports, account)
        const [emails, phones] = [[ANN], [PHONE]]
        const byPhone = yield* add(ports, account, who, { kind: "person", name: "by-phone", phones })
        const lead = yield* add(ports, account, who, { kind: "lead", name: "l", emails })
        const company = yield* add(ports, account, who, { kind: "company", name: "c", emails })
        const b = yield* add(ports, account, who, { kind: "person", name: "b", emails, phones })
        const a = yield* add(ports, account, who, { kind: "person", name: "A", emails })
        const late = yield* add(ports, account, who, { kind: "person", name: "z", emails, updatedAt: at(2) })
        const found = yield* matched(ports, { account })
        yield* Expect.same("matched", found.matched, [
          ...[late, ...[a, b].sort(byId), company, lead].map((ref) => ({ ref, by: "email" })),
          { ref: byPhone, by: "phone" }
        ])
      })
  ),

  law(
    {
      id: "crm.match.live",
      sentence: "deleted and merged records match no more; the survivor answers for those merged into it",
      rules: ["A5"]
    },
    (ports, { account }) =>
      Effect.gen(function* () {
        const who = yield* people(ports, account)
        const gone = yield* add(ports, account, who, { kind: "person", name: "gone", emails: [ANN] })
        const loser = yield* add(ports, account, who, { kind: "person", name: "loser", emails: [ANN] })
        const survivor = yield* add(ports, account, who, { kind: "person", name: "survivor" })
        yield* ports.seed.delete(account, gone)
        yield* ports.seed.merge(account, "person", survivor.id, loser.id)
        const found = yield* matched(ports, { account })
        yield* Expect.same("matched", found.matched, [{ ref: survivor, by: "email" }])
      })
  ),

  law(
    {
      id: "crm.match.normalised",
      sentence: "addresses match as keys, not as typed: other case, blanks around, and any form of a phone",
      rules: ["A1", "A2"]
    },
    (ports, { account }) =>
      Effect.gen(function* () {
        const who = yield* people(ports, account)
        const emailed = yield* add(ports, account, who, { kind: "person", name: "p", emails: [" Ann@EXAMPLE.com "] })
        const called = yield* add(ports, account, who, { kind: "person", name: "q", phones: ["+1 (212) 555-2368"] })
        const found = yield* matched(ports, { account })
        yield* Expect.same("matched", found.matched, [
          { ref: emailed, by: "email" },
          { ref: called, by: "phone" }
        ])
        const nothing = yield* ports.crm.match(account, all, { email: null, phone: null })
        yield* Expect.same("matched without evidence", nothing.matched, [])
      })
  ),

  law(
    {
      id: "crm.match.visible",
      sentence: "all that matches is counted, and of it is named visible what the viewer may see",
      rules: ["E2", "J1"]
    },
    (ports, { account }) =>
      Effect.gen(function* () {
        const who = yield* people(ports, account)
        yield* add(ports, account, who, { kind: "person", name: "p", emails: [ANN] })
        const mine = yield* add(ports, account, who, { kind: "lead", name: "l", emails: [ANN], owner: who.me })
        const found = yield* matched(ports, { account }, { _tag: "User", userId: who.me })
        yield* Expect.same("how many match", found.matched.length, 2)
        yield* Expect.same("visible", found.visible, [mine])
        const { visible } = yield* matched(ports, { account })
        yield* Expect.same("visible to all", visible.length, 2)
      })
  ),

  law(
    {
      id: "crm.match.fresh",
      sentence: "a CRM that declares no staleness finds a record at once, and a deleted one no more",
      rules: ["A5", "E3"],
      needs: isFresh
    },
    (ports, { account }) =>
      Effect.gen(function* () {
        const who = yield* people(ports, account)
        const ref = yield* add(ports, account, who, { kind: "person", name: "p", emails: [ANN] })
        const now = ports.crm.match(account, all, evidence)
        yield* Expect.same("matched at once", (yield* now).matched, [{ ref, by: "email" }])
        yield* ports.seed.delete(account, ref)
        yield* Expect.same("matched after its deletion", (yield* now).matched, [])
      })
  ),

  law(
    { id: "crm.read.missing", sentence: "a record that is not there is `RecordNotFound`", rules: ["K3"] },
    ({ crm }, { account }) => {
      const record = refTo("lead", nobody)
      return Expect.refused("read", crm.read(account, all, record), { _tag: "RecordNotFound", record })
    }
  ),

  law(
    {
      id: "crm.read.hidden",
      sentence:
        "a record that the viewer may not see is `RecordHidden`, in read, feedScope and activities, and says no more",
      rules: ["J1"]
    },
    (ports, { account }) =>
      Effect.gen(function* () {
        const who = yield* people(ports, account)
        const ref = yield* add(ports, account, who, { kind: "lead", name: "l" })
        const me: Viewer = { _tag: "User", userId: who.me }
        const hidden = { _tag: "RecordHidden", record: ref }
        const refusal = yield* Expect.refused("read", ports.crm.read(account, me, ref), hidden)
        yield* Expect.same("the refusal", refusal, hidden)
        yield* Expect.refused("feedScope", ports.crm.feedScope(account, me, ref), hidden)
        yield* Expect.refused("activities", ports.crm.activities(account, me, page(ref)), hidden)
        const own = yield* ports.crm.read(account, { _tag: "User", userId: who.owner }, ref)
        yield* Expect.same("read by the owner", own.id, ref.id)
      })
  ),

  law(
    {
      id: "crm.feedScope.keys",
      sentence: "a feed is of all addresses and aliases, and of a company's people; a deleted record has none",
      rules: ["A5", "A7", "H2"]
    },
    (ports, { account }) =>
      Effect.gen(function* () {
        const who = yield* people(ports, account)
        const company = yield* add(ports, account, who, { kind: "company", name: "c", emails: ["Info@x.example"] })
        const at = { kind: "person" as const, company: company.id }
        const p = yield* add(ports, account, who, { ...at, name: "p", emails: ["a@x.example"] })
        const q = yield* add(ports, account, who, { kind: "person", name: "q", emails: ["b@x.example"] })
        yield* ports.seed.merge(account, "person", p.id, q.id)
        yield* ports.seed.catchUp
        const keys = (ref: typeof p | typeof company) =>
          Effect.map(ports.crm.feedScope(account, all, ref), (scope) => [...scope.keys].sort())
        yield* Expect.same("keys of the person", yield* keys(p), ["a@x.example", "b@x.example"])
        const three = ["a@x.example", "b@x.example", "info@x.example"]
        yield* Expect.same("keys of the company", yield* keys(company), three)
        yield* ports.seed.delete(account, p)
        yield* ports.seed.catchUp
        yield* Expect.refused("feedScope of a deleted record", keys(p), { _tag: "RecordNotFound" })
      })
  ),

  law(
    {
      id: "crm.activities.order",
      sentence: "a record's activities come newest first by (at, id), whole",
      rules: ["H4"]
    },
    (ports, { account }) =>
      Effect.gen(function* () {
        const who = yield* people(ports, account)
        const ref = yield* add(ports, account, who, { kind: "person", name: "p" })
        for (const n of upTo(5)) yield* ports.crm.addNote(account, note(ref, `note ${n}`), `k${n}`)
        yield* ports.seed.catchUp
        const { activities } = yield* ports.crm.activities(account, all, page(ref))
        const texts = activities.map((one) => (one._tag === "Note" ? one.text : one._tag))
        yield* Expect.same("notes", new Set(texts), new Set(upTo(5).map((n) => `note ${n}`)))
        const sorted = activities.toSorted((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1))
        yield* Expect.same("activities", activities, sorted)
      })
  ),

  law(
    { id: "crm.activities.after", sentence: "pages hold each entry once, in order", rules: ["H4"] },
    (ports, { account }) =>
      Effect.gen(function* () {
        const who = yield* people(ports, account)
        const ref = yield* add(ports, account, who, { kind: "person", name: "p" })
        for (const n of upTo(5)) yield* ports.crm.addNote(account, note(ref, `note ${n}`), `k${n}`)
        yield* ports.seed.catchUp
        const idsOf = (after: OlderThan | null, limit: number) =>
          Effect.map(ports.crm.activities(account, all, page(ref, { after, limit })), ({ activities }) => activities)
        const whole = yield* idsOf(null, 100)
        const seen: Array<string> = []
        let last: OlderThan | null = null
        for (const _ of upTo(4)) {
          const more: typeof whole = yield* idsOf(last, 2)
          seen.push(...more.map(({ id }) => id))
          last = more.at(-1) ?? last
        }
        yield* Expect.same(
          "entries of pages of 2",
          seen,
          whole.map(({ id }) => id)
        )
      })
  ),

  law(
    { id: "crm.user.missing", sentence: "a user who is not there is null; one who is, is there whole", rules: ["F5"] },
    (ports, { account }) =>
      Effect.gen(function* () {
        const { me } = yield* people(ports, account)
        yield* Expect.same("user", yield* ports.crm.user(account, nobody as string as typeof me), null)
        yield* Expect.matches("user", yield* ports.crm.user(account, me), { id: me, isActive: true })
        const users = yield* ports.crm.users(account)
        yield* Expect.holds(
          "users",
          users.some(({ id }) => id === me),
          users,
          "with this user"
        )
      })
  ),

  law(
    {
      id: "crm.account.separate",
      sentence: "no read shows an account another one's records, users, pools or activities, though it names them",
      rules: ["J2"]
    },
    (ports, { account, other }) =>
      Effect.gen(function* () {
        const who = yield* people(ports, account)
        const ref = yield* add(ports, account, who, { kind: "lead", name: "l", emails: [ANN] })
        yield* ports.crm.addNote(account, note(ref), "k")
        const { matched: found } = yield* matched(ports, { account: other })
        yield* Expect.same("match of another account", found, [])
        const missing = { _tag: "RecordNotFound" }
        const { crm } = ports
        yield* Expect.refused("read of another account", crm.read(other, all, ref), missing)
        yield* Expect.refused("feedScope of another account", crm.feedScope(other, all, ref), missing)
        yield* Expect.refused("activities of another account", crm.activities(other, all, page(ref)), missing)
        yield* Expect.refused("addNote of another account", crm.addNote(other, note(ref), "k2"), missing)
        yield* Expect.same("findWritten of another account", yield* crm.findWritten(other, by, "k"), null)
        yield* Expect.same("user of another account", yield* crm.user(other, who.me), null)
        yield* Expect.same("users of another account", yield* crm.users(other), [])
        yield* Expect.same("pools of another account", yield* crm.pools(other), [])
      })
  )
]

/** The laws of a CRM. */
export const crmLaws: ReadonlyArray<Law<Crm | CrmSeed>> = [
  ...readLaws,
  ...crmWriteLaws,
  ...crmMarkLaws,
  ...crmErasureLaws
]
