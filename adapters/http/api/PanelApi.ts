import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "effect/http-api"
import { CustomField, FieldValue, Id, OwnerChoice, RecordRef } from "leadline"
import * as Named from "./Named.ts"
import * as Parts from "./Parts.ts"
import * as Refusals from "./Refusals.ts"

const { about, chatId: params, commandHeaders: headers } = Parts

const Action = Schema.Literals(["notifySales", "editPhone", "openCard", "editLayout", "createLead"])
const noActions = { actions: Schema.Tuple([]) }

/** The CRM widget beside a chat (E1). */
export const Panel = Schema.Union([
  Schema.TaggedStruct("Record", {
    record: RecordRef.MatchableRef,
    others: Schema.Array(RecordRef.MatchableRef),
    actions: Schema.Array(Action)
  }),
  Schema.TaggedStruct("CanCreateLead", { actions: Schema.Tuple([Schema.Literal("createLead")]) }),
  Schema.TaggedStruct("Hidden", noActions),
  Schema.TaggedStruct("NeedsEmail", noActions),
  Schema.TaggedStruct("NoAccess", noActions)
]).annotate({ identifier: "Panel" })

/** An action that the panel does not offer, and why (E1). */
export const MissingAction = Schema.Struct({
  action: Action,
  because: Schema.Literals([
    ...(["noAccess", "matchHidden", "noEmail", "noRecord", "hasRecord", "leadsOnly"] as const),
    ...(["needsBothLicences", "noCardUrl", "notCrmAdministrator"] as const)
  ])
})

/** A record's fields as a layout shows them, and those it skips (I3). */
export const rendering = {
  fields: Schema.Array(
    Schema.Struct({
      fieldId: CustomField.FieldDefinition.fields.id,
      label: Schema.String,
      type: CustomField.FieldType,
      value: FieldValue.FieldValue
    })
  ),
  skipped: Schema.Array(
    Schema.Struct({
      fieldId: CustomField.FieldDefinition.fields.id,
      reason: Schema.Literals(["unknown", "deleted", "notForKind", "unreadable"])
    })
  )
}

/** What the agent sees beside a chat. `shown`: the record, as the published layout of its kind says (I1, I3). */
export const PanelRead = Schema.Struct({
  panel: Panel,
  missing: Schema.Array(MissingAction),
  shown: Schema.NullOr(
    Schema.Struct({
      ref: RecordRef.MatchableRef,
      name: Schema.String,
      ownerId: Id.UserId,
      layoutVersion: Schema.Int,
      ...rendering
    })
  )
}).annotate({ identifier: "PanelRead" })

/** A lead made from a chat: its owner, why, and who is told (F4, F6). */
export const LeadMade = Schema.Struct({
  lead: RecordRef.RecordId,
  owner: Id.UserId,
  decision: Named.OwnerDecision,
  noteStored: Schema.Boolean,
  told: Named.NoticeRecipient
}).annotate({ identifier: "LeadMade" })

/** The panel beside a chat: what the agent sees of the visitor's record, and may do. */
export class PanelApi extends HttpApiGroup.make("panel")
  .add(
    HttpApiEndpoint.get("read", "/chats/:chatId/panel", {
      params,
      success: PanelRead,
      error: [Refusals.ChatNotFound, Refusals.RecordNotFound, Refusals.RecordHidden]
    }).annotateMerge(about("Read the panel", "The visitor's record as this agent may see it, and what to do (E1).")),
    HttpApiEndpoint.post("createLead", "/chats/:chatId/lead", {
      params,
      headers,
      payload: Schema.Struct({
        owner: Schema.optionalKey(Schema.NullOr(OwnerChoice.OwnerChoice)),
        note: Schema.optionalKey(Schema.NullOr(Schema.String))
      }),
      success: LeadMade,
      error: [...Refusals.ofCrmWrites, Refusals.NoEmail]
    }).annotateMerge(
      about("Create a lead", "From the chat; dealt to its owner; one, however often it is asked for (E3–E5, F1, G2).")
    ),
    HttpApiEndpoint.post("notifySales", "/chats/:chatId/sales-note", {
      params,
      headers,
      payload: Schema.Struct({ record: Schema.optionalKey(RecordRef.MatchableRef), text: Schema.String }),
      success: Schema.Struct({
        record: RecordRef.MatchableRef,
        activityId: Id.ActivityId,
        told: Named.NoticeRecipient
      }),
      error: [...Refusals.ofCrmWrites, Refusals.NoMatch]
    }).annotateMerge(about("Leave a note for the owner", "On the matching record; says who is told (G1, G3).")),
    HttpApiEndpoint.put("changePhone", "/chats/:chatId/phone", {
      params,
      headers,
      payload: Schema.Struct({ record: Schema.optionalKey(RecordRef.MatchableRef), phone: Schema.String }),
      success: Schema.Struct({ lead: RecordRef.RecordId, isChanged: Schema.Boolean }),
      error: [...Refusals.ofCrmWrites, Refusals.NoMatch, Refusals.NotALead]
    }).annotateMerge(about("Correct the lead's phone", "Its feed says who did (E6).")),
    HttpApiEndpoint.get("openCard", "/records/:kind/:id/card", {
      params: RecordRef.MatchableRef.fields,
      success: Schema.Struct({ url: Schema.String }),
      error: [Refusals.RecordNotFound, Refusals.RecordHidden, Refusals.NoCardUrl]
    }).annotateMerge(about("The card's address in the CRM", "With a Chat and a CRM licence (J3)."))
  )
  .annotateMerge(OpenApi.annotations({ description: "The CRM panel beside a chat (E1)." })) {}
