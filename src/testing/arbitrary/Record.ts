/**
 * What a CRM holds. A record's keys are those of its addresses and aliases (A7), because addresses are given to it as the
 * library gives them; what was merged, converted or erased has come to that by the library's own hand (A5, J4).
 *
 * @module
 */
import { Result } from "effect"
import fc from "fast-check"
import { FieldId } from "../../domain/account/Id.ts"
import * as Instant from "../../domain/account/Instant.ts"
import * as Activity from "../../domain/record/Activity.ts"
import * as CrmEvent from "../../domain/record/CrmEvent.ts"
import * as CrmRefusal from "../../domain/record/CrmRefusal.ts"
import * as CustomField from "../../domain/record/CustomField.ts"
import * as Merging from "../../domain/record/Merging.ts"
import * as Notice from "../../domain/record/Notice.ts"
import * as Record from "../../domain/record/Record.ts"
import type { RecordRef } from "../../domain/record/RecordRef.ts"
import { shellOf } from "../../domain/record/Shell.ts"
import * as Account from "./Account.ts"
import { deriving, type Known, structDeriving } from "./Derived.ts"
import * as Identity from "./Identity.ts"
import * as People from "./People.ts"

export * from "./People.ts"

const nullable = <A>(arbitrary: fc.Arbitrary<A>) => fc.option(arbitrary, { nil: null })

// --- records --------------------------------------------------------------------------------------------------------

const none = { emails: [], phones: [] }

/** What every record begins with: no address, and so no key. */
const bare = fc
  .record({
    id: People.recordId,
    ownerId: Account.userId,
    custom: fc.dictionary(fc.constantFrom("a", "b", "c"), People.storedValue, { maxKeys: 2, noNullPrototype: true }),
    createdAt: Account.instant
  })
  .map((drawn) => ({
    ...drawn,
    ...{
      ...none,
      keys: none,
      aliases: none,
      lifecycle: { _tag: "Live" as const },
      updatedAt: drawn.createdAt,
      eventCount: 1
    }
  }))

/** Addresses as typed, in which one person may come twice, and what has no key (A1). */
export const addresses: fc.Arbitrary<Merging.Addresses> = fc.record({
  emails: fc.array(Identity.typedEmail, { maxLength: 3 }),
  phones: fc.array(Identity.typedPhone, { maxLength: 2 })
})

const YEAR_MILLIS = 31_536_000_000

/** As the library saves it: addresses make its keys (A7). Phones are read without a region. */
const addressed = <A extends Record.CrmRecord>(record: fc.Arbitrary<A>): fc.Arbitrary<A> =>
  fc
    .tuple(record, addresses, fc.nat({ max: YEAR_MILLIS }))
    .map(([record, addresses, age]) =>
      Merging.withAddresses(record, addresses, null, Instant.plusMillis(record.createdAt, age))
    )

/** A lead that is live. Has a last name or an organisation (E4). */
export const liveLead: fc.Arbitrary<Record.Lead> = addressed(
  fc
    .tuple(
      bare,
      fc.record({
        firstName: nullable(Identity.name),
        lastName: nullable(Identity.name),
        organisation: nullable(Identity.companyName),
        status: fc.constantFrom("New", "Working", "Unqualified"),
        source: nullable(fc.constantFrom("Chat", "Web")),
        addedFrom: People.addedFrom,
        assignment: nullable(People.ownerDecision),
        earlier: fc.option(fc.array(People.ownerDecision, { minLength: 1, maxLength: 2 }), { nil: null, freq: 1 })
      })
    )
    .map(([bare, { earlier, ...own }]) => ({
      _tag: "Lead",
      ...bare,
      ...own,
      lastName: own.organisation === null ? (own.lastName ?? "Li") : own.lastName,
      // nothing was decided earlier where nothing was decided (F4)
      ...(earlier === null || own.assignment === null ? {} : { earlierAssignments: earlier })
    }))
)

/** A person who is live. */
export const livePerson: fc.Arbitrary<Record.Person> = addressed(
  fc
    .tuple(
      bare,
      fc.record({
        firstName: nullable(Identity.name),
        lastName: nullable(Identity.name),
        companyId: nullable(People.recordId)
      })
    )
    .map(([bare, own]) => ({ _tag: "Person", ...bare, ...own }))
)

/** A company that is live. */
export const liveCompany: fc.Arbitrary<Record.Company> = addressed(
  fc.tuple(bare, Identity.companyName).map(([bare, name]) => ({ _tag: "Company", ...bare, name }))
)

const contactRef: fc.Arbitrary<RecordRef> = fc.record({
  kind: fc.constantFrom("person" as const, "company" as const),
  id: People.recordId
})

/** A deal that is live, with contacts who are persons or companies (H2). Has no addresses of its own. */
export const liveDeal: fc.Arbitrary<Record.Deal> = fc
  .tuple(
    bare,
    fc.record({
      name: Identity.companyName,
      primaryContact: nullable(contactRef),
      associatedContacts: fc.uniqueArray(contactRef, { maxLength: 2, selector: ({ id, kind }) => `${kind}/${id}` }),
      companyId: nullable(People.recordId),
      value: nullable(fc.constantFrom("0", "12.50", "1000000")),
      currency: nullable(fc.constantFrom("EUR", "USD", "JPY"))
    })
  )
  .map(([bare, own]) => ({ _tag: "Deal", ...bare, ...own }))

/** What becomes of a record in the end; mostly nothing. */
const fate = fc.oneof(
  { withCrossShrink: true },
  { weight: 4, arbitrary: fc.constant("lives" as const) },
  {
    weight: 3,
    arbitrary: fc.constantFrom("survives" as const, "merges" as const, "isDeleted" as const, "isErased" as const)
  }
)

/** With its fate, by the library's own hand (A5, J4). `other`: one of its kind, for what takes two. */
const fated = <A extends Record.CrmRecord>(live: fc.Arbitrary<A>): fc.Arbitrary<A> =>
  fc.tuple(live, live, fate, Account.instant).map(([record, other, fate, at]) => {
    if (fate === "isDeleted") return { ...record, lifecycle: { _tag: "Deleted" } }
    // a shell is a record of the same kind
    if (fate === "isErased") return shellOf(record, Instant.max(record.updatedAt, at)) as A
    if (fate === "lives") return record
    const merged = fate === "survives" ? Merging.merge(record, other, at) : Merging.merge(other, record, at)
    if (Result.isFailure(merged)) return record
    return fate === "survives" ? (merged.success.survivor as A) : (merged.success.loser as A)
  })

/** A lead: live, merged (either side), converted, deleted or erased. Shrinks to a live one without addresses. */
export const lead: fc.Arbitrary<Record.Lead> = fc.oneof(
  { withCrossShrink: true },
  { weight: 6, arbitrary: fated(liveLead) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(liveLead, livePerson, Account.instant)
      .map(([lead, into, at]) =>
        Result.match(Merging.convert(lead, into, at), { onSuccess: ({ loser }) => loser, onFailure: () => lead })
      )
  }
)

/** A person, as a {@link lead}; some were leads. */
export const person: fc.Arbitrary<Record.Person> = fc.oneof(
  { withCrossShrink: true },
  { weight: 6, arbitrary: fated(livePerson) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(liveLead, livePerson, Account.instant)
      .map(([lead, into, at]) =>
        Result.match(Merging.convert(lead, into, at), { onSuccess: ({ survivor }) => survivor, onFailure: () => into })
      )
  }
)

export const company: fc.Arbitrary<Record.Company> = fated(liveCompany)
export const deal: fc.Arbitrary<Record.Deal> = fated(liveDeal)
export const crmRecord: fc.Arbitrary<Record.CrmRecord> = fc.oneof(
  { withCrossShrink: true },
  lead,
  person,
  company,
  deal
)

// --- fields, histories, events --------------------------------------------------------------------------------------

export const fieldType = deriving(People.known)(CustomField.FieldType)

/** A custom field: choices where its type is one, each once (I2). */
export const fieldDefinition: fc.Arbitrary<CustomField.FieldDefinition> = structDeriving(People.known)(
  CustomField.FieldDefinition,
  {
    id: fc.nat({ max: 20 }).map((number) => FieldId.make(`custom-${number}`)),
    label: Identity.companyName,
    choices: fc.uniqueArray(fc.constantFrom("red", "größer", "<b>", "3"), { minLength: 1, maxLength: 3 }),
    recordKinds: fc.uniqueArray(People.matchableKind, { minLength: 1, maxLength: 3 }),
    isCustom: fc.constant(true)
  }
).map((drawn) => ({ ...drawn, choices: /Choice$/.test(drawn.type) ? drawn.choices : [] }))

const leadRef = People.recordId.map((id): RecordRef => ({ kind: "lead", id }))

/** An entry of a history: phones change on leads only, and lose both texts at once (E6, J4). */
export const activity: fc.Arbitrary<Activity.Activity> = fc
  .tuple(deriving(People.known)(Activity.Activity), leadRef)
  .map(([drawn, lead]) => {
    if (drawn._tag === "AddedFromChat") return { ...drawn, record: lead }
    if (drawn._tag !== "PhoneChanged") return drawn
    const isErased = typeof drawn.to !== "string"
    const from = drawn.from === null || isErased === (typeof drawn.from !== "string") ? drawn.from : drawn.to
    return { ...drawn, record: lead, from }
  })
export const activityType = deriving(People.known)(Activity.ActivityType)

/** Of a note it names the note; of a lead that was dealt, the lead (F6, G1). */
export const notice: fc.Arbitrary<Notice.Notice> = fc
  .tuple(deriving(People.known)(Notice.Notice), Account.activityId, leadRef)
  .map(([drawn, activityId, lead]) => ({
    ...drawn,
    about: drawn.reason === "noteLeft" ? drawn.about : lead,
    activityId: drawn.reason === "leadDealt" ? null : activityId
  }))

/** What stands for the schemas of this feature wherever they occur in others. */
export const known: Known = [
  [Record.Lead, lead],
  [Record.Person, person],
  [Record.Company, company],
  [Record.Deal, deal],
  [Record.CrmRecord, crmRecord],
  [CustomField.FieldDefinition, fieldDefinition],
  [Activity.Activity, activity],
  [Notice.Notice, notice],
  ...People.known
]
const of = deriving(known)

export const noticeDue = of(CrmEvent.NoticeDue)

/** Records merge within one kind; leads convert to contacts (A5). */
export const crmEvent: fc.Arbitrary<CrmEvent.CrmEvent> = fc
  .tuple(of(CrmEvent.CrmEvent), leadRef, contactRef)
  .map(([drawn, lead, contact]) => {
    if (drawn._tag === "RecordMerged") return { ...drawn, into: { ...drawn.into, kind: drawn.record.kind } }
    if (drawn._tag === "LeadConverted") return { ...drawn, record: lead, to: contact }
    return drawn._tag === "LeadPhoneChanged" ? { ...drawn, record: lead } : drawn
  })

export const recordNotFound = of(CrmRefusal.RecordNotFound)
export const recordHidden = of(CrmRefusal.RecordHidden)
export const alreadyCreated = of(CrmRefusal.AlreadyCreated)
export const alreadyMatched = of(CrmRefusal.AlreadyMatched)
export const matchHidden = of(CrmRefusal.MatchHidden)
export const notLive = of(Merging.NotLive)
export const sameRecord = of(Merging.SameRecord)
export const kindsDiffer = of(Merging.KindsDiffer)
