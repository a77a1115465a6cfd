import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "effect/http-api"
import { Id, Instant, Record, RecordRef } from "leadline"
import * as Named from "./Named.ts"
import * as Parts from "./Parts.ts"
import * as Refusals from "./Refusals.ts"

const { about, commandHeaders: headers } = Parts
const { RecordNotFound, RecordHidden, NotLive } = Refusals
const params = RecordRef.RecordRef.fields
const lead = { lead: RecordRef.RecordId }
const Touched = Schema.Struct({ record: RecordRef.RecordRef }).annotate({ identifier: "RecordTouched" })

/** What an administrator or an import gives of a record; keys, times and lifecycle are kept by the library (A7). */
const given = {
  ...{ ownerId: Id.UserId, emails: Record.Lead.fields.emails, phones: Record.Lead.fields.phones },
  custom: Record.Lead.fields.custom,
  updatedAt: Schema.optionalKey(Instant.Instant)
}
const { addedFrom, firstName, lastName, organisation, source, status } = Record.Lead.fields
const { associatedContacts, companyId, currency, name, primaryContact, value } = Record.Deal.fields

/** A record to save; its kind and id are in the path. */
export const RecordToSave = Schema.Union([
  Schema.TaggedStruct("Lead", { ...given, firstName, lastName, organisation, status, source, addedFrom }),
  Schema.TaggedStruct("Person", { ...given, firstName, lastName, companyId }),
  Schema.TaggedStruct("Company", { ...given, name }),
  Schema.TaggedStruct("Deal", { ...given, name, primaryContact, associatedContacts, companyId, value, currency })
]).annotate({ identifier: "RecordToSave" })

const ofDealing = [
  ...[RecordNotFound, Refusals.PoolNotFound, Refusals.OwnerNotAllowed],
  ...[Refusals.OwnerRequired, Refusals.NoActiveUser]
] as const

/** Leads, persons, companies and deals. */
export class RecordsApi extends HttpApiGroup.make("records")
  .add(
    HttpApiEndpoint.get("read", "/records/:kind/:id", {
      params,
      success: Named.CrmRecord,
      error: [RecordNotFound, RecordHidden]
    }).annotateMerge(about("Read a record", "Whatever its lifecycle, as far as the caller may see it (E2, J1).")),
    HttpApiEndpoint.put("save", "/records/:kind/:id", {
      params,
      headers,
      payload: RecordToSave,
      success: Touched,
      error: [NotLive, Refusals.KindMismatch]
    }).annotateMerge(about("Save a record", "Adds or changes it; its keys follow (A7). By CRM administrators (J3).")),
    HttpApiEndpoint.delete("delete", "/records/:kind/:id", {
      params,
      headers,
      success: Touched,
      error: RecordNotFound
    }).annotateMerge(about("Delete a record", "It matches nothing any more (A5).")),
    HttpApiEndpoint.post("merge", "/records/:kind/:id/merge", {
      params,
      headers,
      payload: Schema.Struct({ loser: RecordRef.RecordId }),
      success: Schema.Struct({ survivor: RecordRef.RecordRef }),
      error: [RecordNotFound, NotLive, Refusals.SameRecord, Refusals.KindsDiffer, Refusals.TooMany]
    }).annotateMerge(about("Merge another record into this one", "Its keys and its history go over (A5).")),
    HttpApiEndpoint.post("convert", "/leads/:lead/convert", {
      params: lead,
      headers,
      payload: Schema.Struct({
        to: Schema.Struct({ kind: Schema.Literals(["person", "company"]), id: RecordRef.RecordId })
      }),
      success: Schema.Struct({
        contact: Schema.Struct({ kind: Schema.Literals(["person", "company"]), id: RecordRef.RecordId })
      }),
      error: [RecordNotFound, NotLive, Refusals.TooMany]
    }).annotateMerge(about("Convert a lead", "Into a contact that is there, or becomes one (A5).")),
    HttpApiEndpoint.post("deal", "/leads/:lead/deal", {
      params: lead,
      headers,
      payload: Schema.Struct({ poolId: Id.PoolId }),
      success: Schema.Struct({
        ...lead,
        owner: Id.UserId,
        decision: Named.OwnerDecision,
        told: Named.NoticeRecipient
      }),
      error: [...ofDealing]
    }).annotateMerge(about("Deal a lead from a pool", "Takes a turn (F2); the decision is kept (F4).")),
    HttpApiEndpoint.get("owner", "/leads/:lead/owner", {
      params: lead,
      success: Named.OwnerExplanation,
      error: [RecordNotFound, RecordHidden, Refusals.NoLeadMade]
    }).annotateMerge(about("Why this owner", "And why not another: as it was decided at the time (F4).")),
    HttpApiEndpoint.get("ownerOfChat", "/chats/:chatId/lead/owner", {
      params: Parts.chatId,
      success: Named.OwnerExplanation,
      error: [RecordNotFound, RecordHidden, Refusals.NoLeadMade]
    }).annotateMerge(about("Why this owner", "Of the lead that was made from a chat (F4).")),
    HttpApiEndpoint.post("logActivity", "/records/:kind/:id/activities", {
      params,
      headers,
      payload: Schema.Struct({ type: Schema.Literals(["Note", "Call", "Task"]), text: Schema.String }),
      success: Schema.Struct({ activityId: Id.ActivityId }),
      error: [RecordNotFound, Refusals.Blank, Refusals.TooLong]
    }).annotateMerge(about("Log an activity", "A note, a call or a task in the record's feed (H2).")),
    HttpApiEndpoint.post("resync", "/records/:kind/:id/resync", {
      params,
      success: Schema.Struct({ added: Schema.Int, present: Schema.Int, pending: Schema.Int }),
      error: [...Refusals.ofChats, RecordNotFound, RecordHidden]
    }).annotateMerge(
      about("Repair the copies of chats", "On the record's own screen in a foreign CRM (H2). By services.")
    )
  )
  .annotateMerge(OpenApi.annotations({ description: "Leads, persons, companies and deals." })) {}
