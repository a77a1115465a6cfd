import { Result, Schema } from "effect"
import fc from "fast-check"
import { EmailKey, Id, Instant, Matching, Merging, RecordRef, Record as Records } from "leadline"
import { describe, expect, it } from "vitest"

const none: Records.RecordKeys = { emails: [], phones: [] }
const recordId = (id: string) => RecordRef.RecordId.make(id)
const at = Instant.fromMillis(5_000)

/** The facts every kind of record has; keys and aliases are what its life made of them. */
const facts = (id: string, changes: Partial<Records.Person>) => {
  const { emails = [], phones = [], aliases = none } = changes
  return {
    id: recordId(id),
    ownerId: Id.UserId.make("u1"),
    emails,
    phones,
    keys: Merging.keysFor(emails, phones, aliases, "DE"),
    aliases,
    custom: {},
    lifecycle: changes.lifecycle ?? ({ _tag: "Live" } as const),
    createdAt: Instant.fromMillis(0),
    updatedAt: changes.updatedAt ?? Instant.fromMillis(1_000),
    eventCount: changes.eventCount ?? 3
  }
}
const person = (id: string, changes: Partial<Records.Person> = {}): Records.Person => ({
  _tag: "Person",
  ...facts(id, changes),
  firstName: null,
  lastName: "Lee",
  companyId: null
})
const company = (id: string, changes: Partial<Records.Person> = {}): Records.Company => ({
  _tag: "Company",
  ...facts(id, changes),
  name: "X"
})
const lead = (id: string, changes: Partial<Records.Person> = {}): Records.Lead => ({
  _tag: "Lead",
  ...facts(id, changes),
  firstName: null,
  lastName: "Lee",
  organisation: null,
  status: "New",
  source: null,
  addedFrom: { _tag: "Manual" },
  assignment: null
})

const emails = fc.array(fc.constantFrom("a@x.de", "A@X.de ", "b@x.de", "c@x.de", "d@x.de", "nonsense", " "), {
  maxLength: 4
})
const phones = fc.array(fc.constantFrom("030 901820", "+4930901820", "0171 1234567", "+12025550123", "n/a", ""), {
  maxLength: 3
})
const addresses = fc.record({ emails, phones })
/** A person who was merged with others before, and so has aliases. */
const persons = (id: string) =>
  fc
    .tuple(addresses, addresses)
    .map(([own, taken]) =>
      Merging.withAddresses(
        person(id, { aliases: Merging.keysFor(taken.emails, taken.phones, none, "DE") }),
        own,
        "DE",
        at
      )
    )

const keySet = (...keys: ReadonlyArray<Records.RecordKeys>) =>
  new Set<string>(keys.flatMap((one) => [...one.emails, ...one.phones]))
const keyList = (keys: Records.RecordKeys): ReadonlyArray<string> => [...keys.emails, ...keys.phones]
const own = (record: Records.CrmRecord) => keySet(Merging.keysFor(record.emails, record.phones, none, "DE"))
const success = <A, E>(result: Result.Result<A, E>): A => Result.getOrThrow(result)
const lifecycles: ReadonlyArray<Records.Lifecycle> = [
  { _tag: "Deleted" },
  { _tag: "Merged", into: { kind: "person", id: recordId("9") } },
  { _tag: "Converted", to: { kind: "person", id: recordId("9") } }
]

/** As a store would find it by the visitor's email. */
const matches = (typed: string, ...records: ReadonlyArray<Records.Lead | Records.Person | Records.Company>) => {
  const match = Matching.match(
    { email: EmailKey.make(typed), phone: null },
    records.map((record) => ({
      ref: Schema.decodeSync(RecordRef.MatchableRef)({ kind: Records.kindOf(record) as "lead", id: record.id }),
      keys: record.keys,
      updatedAt: record.updatedAt,
      isLive: Records.isLive(record)
    }))
  )
  return match._tag === "Match" ? match.records.map((record) => RecordRef.toKey(record.ref)) : []
}

/** Each key once, own ones not among the aliases, and all of both in the keys (A5, A7). */
const expectSound = (record: Records.CrmRecord) => {
  expect(keySet(record.keys)).toEqual(new Set([...own(record), ...keySet(record.aliases)]))
  expect(keyList(record.keys)).toHaveLength(keySet(record.keys).size)
  expect(keyList(record.aliases)).toHaveLength(keySet(record.aliases).size)
  expect(keyList(record.aliases).filter((key) => own(record).has(key))).toEqual([])
}

describe("merging", () => {
  it("lets the survivor answer to all the loser's addresses, and the loser to none by itself (A5)", () => {
    const survivor = person("1", { emails: ["a@x.de"] })
    const loser = person("2", { emails: ["b@x.de"] })
    expect(matches("B@x.de", survivor, loser)).toEqual(["person/2"])
    const after = success(Merging.merge(survivor, loser, at))
    expect(matches("B@x.de", after.survivor, after.loser)).toEqual(["person/1"])
    expect(matches("a@x.de", after.survivor, after.loser)).toEqual(["person/1"])
    expect(after.survivor.emails).toEqual(["a@x.de"])
    expect(after.survivor.aliases.emails).toEqual(["b@x.de"])
  })

  it("gives the survivor exactly both records' keys, each once, own ones never as aliases (A5)", () => {
    fc.assert(
      fc.property(persons("1"), persons("2"), (survivor, loser) => {
        const after = success(Merging.merge(survivor, loser, at))
        expect(keySet(after.survivor.keys)).toEqual(keySet(survivor.keys, loser.keys))
        expectSound(after.survivor)
        expect(after.survivor.emails).toEqual(survivor.emails)
      }),
      { numRuns: 300 }
    )
  })

  it("carries the aliases of earlier merges along the chain (A5)", () => {
    const [first, second, third] = [
      person("1", { emails: ["a@x.de"], phones: ["030 901820"] }),
      person("2", { emails: ["b@x.de"] }),
      person("3", { emails: ["c@x.de"] })
    ]
    const once = success(Merging.merge(second, first, at))
    const twice = success(Merging.merge(third, once.survivor, at))
    expect(twice.survivor.keys).toEqual({ emails: ["c@x.de", "b@x.de", "a@x.de"], phones: ["+4930901820"] })
    expect(twice.survivor.aliases).toEqual({ emails: ["b@x.de", "a@x.de"], phones: ["+4930901820"] })
  })

  it("says of the loser where it went, and touches both once (A5, K2)", () => {
    const after = success(Merging.merge(person("1"), person("2", { emails: ["b@x.de"], eventCount: 8 }), at))
    expect(after.loser).toEqual({
      ...person("2", { emails: ["b@x.de"] }),
      lifecycle: { _tag: "Merged", into: { kind: "person", id: "1" } },
      updatedAt: at,
      eventCount: 9
    })
    expect(after.survivor).toMatchObject({ lifecycle: { _tag: "Live" }, updatedAt: at, eventCount: 4 })
  })

  it("never moves a record's time back (A3, A5)", () => {
    const later = Instant.fromMillis(9_000)
    const after = success(Merging.merge(person("1", { updatedAt: later }), person("2"), at))
    expect([after.survivor.updatedAt, after.loser.updatedAt]).toEqual([later, at])
  })

  it("takes over the loser, all that was merged into it, and the chats both were made from, each once (A5, E7)", () => {
    const from = (chat: string) => ({ addedFrom: { _tag: "Chat" as const, chatId: Id.ChatId.make(chat) } })
    const [first, second, third] = [
      { ...lead("1"), ...from("c1") },
      { ...lead("2"), ...from("c2") },
      { ...lead("3"), ...from("c1") }
    ]
    const once = success(Merging.merge(second, first, at)).survivor
    expect(once.absorbed).toEqual({ records: [{ kind: "lead", id: "1" }], chatIds: ["c1"] })
    const twice = success(Merging.merge(once, third, at)).survivor
    const both = [1, 3].map((id) => ({ kind: "lead", id: `${id}` }))
    expect(twice.absorbed).toEqual({ records: both, chatIds: ["c1"] })
    expect(Records.madeFrom(twice)).toEqual(["c2", "c1"])
    const heir = success(Merging.convert(twice, person("9"), at)).survivor
    expect(heir.absorbed).toEqual({ records: [{ kind: "lead", id: "2" }, ...both], chatIds: ["c2", "c1"] })
    const last = success(
      Merging.merge(heir, { ...person("8"), absorbed: { records: [], chatIds: [Id.ChatId.make("c3")] } }, at)
    )
    expect(last.survivor.absorbed?.chatIds).toEqual(["c2", "c1", "c3"])
    expect(Records.madeFrom(person("8"))).toEqual([])
  })

  it("refuses to take over more than 200 records, those of the loser counted (A5)", () => {
    const with_ = (id: string, count: number) => ({
      ...person(id),
      absorbed: {
        records: Array.from({ length: count }, (_, n) => ({ kind: "person" as const, id: recordId(`${id}-${n}`) })),
        chatIds: []
      }
    })
    const merged = (a: number, b: number) => Merging.merge(with_("1", a), with_("2", b), at)
    expect(success(merged(100, 99)).survivor.absorbed.records).toHaveLength(200)
    const tooMany = Result.fail({ _tag: "TooMany", field: "absorbed", limit: 200, size: 201 })
    expect(merged(100, 100)).toEqual(tooMany)
    expect(Merging.convert({ ...lead("3"), absorbed: with_("2", 200).absorbed }, person("1"), at)).toEqual(tooMany)
  })

  it.each(lifecycles)("refuses a record that is $_tag, on either side (A5)", (lifecycle) => {
    const gone = person("2", { lifecycle })
    const refusal = Result.fail({ _tag: "NotLive", record: { kind: "person", id: "2" }, lifecycle })
    expect(Merging.merge(person("1"), gone, at)).toEqual(refusal)
    expect(Merging.merge(gone, person("1"), at)).toEqual(refusal)
    expect(Merging.convert(lead("1"), gone, at)).toEqual(refusal)
    expect(Merging.convert(lead("2", { lifecycle }), person("1"), at)).toMatchObject({
      failure: { _tag: "NotLive", record: { kind: "lead", id: "2" }, lifecycle }
    })
  })

  it("refuses a record with itself and with one of another kind, even under one id (A5)", () => {
    expect(Merging.merge(person("1"), person("1"), at)).toEqual(
      Result.fail({ _tag: "SameRecord", record: { kind: "person", id: "1" } })
    )
    expect(Merging.merge(person("1"), company("1"), at)).toEqual(
      Result.fail({
        _tag: "KindsDiffer",
        survivor: { kind: "person", id: "1" },
        loser: { kind: "company", id: "1" }
      })
    )
  })
})

describe("converting", () => {
  it("lets the contact answer to the lead's addresses, and says of the lead where it went (A5)", () => {
    const made = lead("7", { emails: ["a@x.de"], phones: ["030 901820"] })
    for (const contact of [person("1", { emails: ["b@x.de"] }), company("1", { emails: ["b@x.de"] })]) {
      const after = success(Merging.convert(made, contact, at))
      const to = Records.refOf(contact)
      expect(matches("a@x.de", after.survivor, after.loser)).toEqual([RecordRef.toKey(to)])
      expect(after.survivor.keys).toEqual({ emails: ["b@x.de", "a@x.de"], phones: ["+4930901820"] })
      expect(after.survivor.aliases).toEqual({ emails: ["a@x.de"], phones: ["+4930901820"] })
      expect(after.loser).toEqual({ ...made, lifecycle: { _tag: "Converted", to }, updatedAt: at, eventCount: 4 })
      expect(after.survivor).toMatchObject({ updatedAt: at, eventCount: 4 })
    }
  })
})

describe("changing addresses", () => {
  it("makes the record answer to what was added, and no more to what was removed (A7)", () => {
    const before = person("1", { emails: ["a@x.de"], aliases: { ...none, emails: [EmailKey.EmailKey.make("z@x.de")] } })
    const after = Merging.withAddresses(before, { emails: ["B@x.de"], phones: ["030 901820"] }, "DE", at)
    expect(after).toEqual({
      ...before,
      emails: ["B@x.de"],
      phones: ["030 901820"],
      keys: { emails: ["b@x.de", "z@x.de"], phones: ["+4930901820"] },
      updatedAt: at,
      eventCount: 4
    })
    expect(["a@x.de", "b@x.de", "z@x.de"].map((typed) => matches(typed, after).length)).toEqual([0, 1, 1])
  })

  it("leaves exactly the keys of the addresses and of the aliases that are no address (A7, A5)", () => {
    fc.assert(
      fc.property(persons("1"), addresses, (before, wanted) => {
        const after = Merging.withAddresses(before, wanted, "DE", at)
        const asked = keySet(Merging.keysFor(wanted.emails, wanted.phones, none, "DE"))
        expect(keySet(after.keys)).toEqual(new Set([...asked, ...keySet(before.aliases)]))
        expectSound(after)
      }),
      { numRuns: 300 }
    )
  })

  it("makes a removed address unknown, also one that came by a merge first (A7)", () => {
    const merged = success(Merging.merge(person("1"), person("2", { emails: ["b@x.de"] }), at)).survivor
    const typed = Merging.withAddresses(merged, { emails: ["b@x.de"], phones: [] }, null, at)
    expect(typed.aliases).toEqual(none)
    expect(Merging.withAddresses(typed, { emails: [], phones: [] }, null, at).keys).toEqual(none)
  })

  it("keeps addresses as typed, those without a key too, and drops blank ones (A1, A2)", () => {
    const after = Merging.withAddresses(
      person("1"),
      { emails: ["Ann@X.de", " ", "nonsense"], phones: ["n/a", "", "030 901820"] },
      "DE",
      at
    )
    expect(after.emails).toEqual(["Ann@X.de", "nonsense"])
    expect(after.phones).toEqual(["n/a", "030 901820"])
    expect(after.keys).toEqual({ emails: ["ann@x.de"], phones: ["+4930901820"] })
  })

  it("changes nothing where addresses and keys stay the same (E6, K4)", () => {
    fc.assert(
      fc.property(persons("1"), (before) => {
        expect(Merging.withAddresses(before, before, "DE", Instant.fromMillis(9_000))).toBe(before)
      })
    )
    const swapped = person("1", { emails: ["a@x.de", "b@x.de"] })
    const main = Merging.withAddresses(swapped, { emails: ["b@x.de", "a@x.de"], phones: [] }, "DE", at)
    expect(main).toMatchObject({ emails: ["b@x.de", "a@x.de"], eventCount: 4 })
  })

  it("keeps another spelling of a phone, whose key stays the same (A2)", () => {
    const before = person("1", { phones: ["030 901820"] })
    const after = Merging.withAddresses(before, { emails: [], phones: ["+49 30 901820"] }, "DE", at)
    expect(after).toEqual({ ...before, phones: ["+49 30 901820"], updatedAt: at, eventCount: 4 })
  })

  it("reads the same phones anew in another region (A2)", () => {
    const before = person("1", { phones: ["030 901820"] })
    expect(Merging.withAddresses(before, before, null, at)).toMatchObject({ keys: none, eventCount: 4 })
  })
})

describe("keys", () => {
  it("hold the addresses' keys before the aliases, each once (A5, A7)", () => {
    const aliases = Merging.keysFor(["z@x.de", "a@x.de"], ["+12025550123"], none, null)
    expect(Merging.keysFor(["b@x.de", "A@x.de", "a@X.de"], ["030 901820", "n/a"], aliases, "DE")).toEqual({
      emails: ["b@x.de", "a@x.de", "z@x.de"],
      phones: ["+4930901820", "+12025550123"]
    })
  })
})
