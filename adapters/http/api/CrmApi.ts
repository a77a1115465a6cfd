import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "effect/http-api"
import {
  Activity,
  ActivityEntry,
  Actor,
  EmailKey,
  Id,
  Instant,
  OwnerChoice,
  PhoneKey,
  RecordRef,
  Settings
} from "leadline"
import { Callers } from "./Authorization.ts"
import * as Named from "./Named.ts"
import { about, Done } from "./Parts.ts"
import * as Refusals from "./Refusals.ts"

const { RecordHidden, RecordNotFound } = Refusals
const seen = [RecordNotFound, RecordHidden] as const

/** With whose eyes (E2). */
const viewer = {
  viewer: Schema.Union([Schema.TaggedStruct("All", {}), Schema.TaggedStruct("User", { userId: Id.UserId })]).annotate({
    identifier: "Viewer"
  })
}
const evidence = {
  evidence: Schema.Struct({ email: Schema.NullOr(EmailKey.EmailKey), phone: Schema.NullOr(PhoneKey.PhoneKey) })
}
const record = { record: RecordRef.RecordRef }
const key = { idempotencyKey: Schema.String }
const told = { told: Named.NoticeRecipient }
const lead = { lead: RecordRef.RecordId, owner: Id.UserId, noteStored: Schema.Boolean, ...told }

const ownerWanted = Schema.Union([
  Schema.TaggedStruct("ByPolicy", {
    anyOwnerAllowed: Schema.Boolean,
    configured: Schema.Array(OwnerChoice.OwnerChoice),
    access: Settings.CrmAccess,
    picked: Schema.NullOr(OwnerChoice.OwnerChoice)
  }),
  Schema.TaggedStruct("Decided", { decision: Named.OwnerDecision })
])

const newLead = Schema.Struct({
  chatId: Id.ChatId,
  ...evidence,
  firstName: Schema.NullOr(Schema.String),
  lastName: Schema.String,
  email: Schema.String,
  phone: Schema.NullOr(Schema.String),
  status: Schema.String,
  source: Schema.NullOr(Schema.String),
  owner: ownerWanted,
  creator: Actor.Actor,
  creatorUser: Schema.NullOr(Id.UserId),
  ...viewer,
  note: Schema.NullOr(Schema.String),
  defaultRegion: Schema.NullOr(Schema.String)
}).annotate({ identifier: "NewLead" })

const written = Schema.Union([
  Schema.TaggedStruct("Lead", { ...lead, decision: Schema.NullOr(Named.OwnerDecision) }),
  Schema.TaggedStruct("Note", { activityId: Id.ActivityId, ...told }),
  Schema.TaggedStruct("Phone", { isChanged: Schema.Boolean })
]).annotate({ identifier: "Written" })

const older = Schema.NullOr(Schema.Struct({ at: Instant.Instant, id: Schema.String }))

/** The CRM itself, ours or somebody else's, for hosts of the account's own: the members of `Crm`, one endpoint each. */
export class CrmApi extends HttpApiGroup.make("crm")
  .add(
    HttpApiEndpoint.get("capabilities", "/crm/capabilities", {
      success: Schema.Struct({
        atomicIdentity: Schema.Boolean,
        idempotentWrites: Schema.Literals(["native", "marker"]),
        notices: Schema.Literals(["native", "library"]),
        chatCopies: Schema.Boolean,
        pools: Schema.Literals(["native", "library"]),
        erase: Schema.Boolean,
        stalenessMillis: Schema.Int
      })
    }).annotateMerge(about("What the CRM can do", "Its capabilities, as it declares them.")),
    HttpApiEndpoint.post("match", "/crm/match", {
      payload: Schema.Struct({ ...viewer, ...evidence }),
      success: Schema.Struct({
        matched: Schema.Array(Schema.Struct({ ref: RecordRef.MatchableRef, by: Schema.Literals(["email", "phone"]) })),
        visible: Schema.Array(RecordRef.MatchableRef)
      })
    }).annotateMerge(about("Match", "The live records that match, the primary first (A2–A5).")),
    HttpApiEndpoint.post("read", "/crm/read", {
      payload: Schema.Struct({ ...viewer, ...record }),
      success: Named.CrmRecord,
      error: [...seen]
    }).annotateMerge(about("Read a record", "Whatever its lifecycle.")),
    HttpApiEndpoint.post("createLead", "/crm/leads", {
      payload: Schema.Struct({ lead: newLead, ...key }),
      success: Schema.Struct({ ...lead, decision: Named.OwnerDecision }),
      error: [
        Refusals.AlreadyCreated,
        Refusals.AlreadyMatched,
        Refusals.MatchHidden,
        Refusals.OwnerNotAllowed,
        Refusals.OwnerRequired,
        Refusals.NoActiveUser
      ]
    }).annotateMerge(about("Create a lead", "With its note and its owner, once under its key (E3, E5).")),
    HttpApiEndpoint.post("addNote", "/crm/notes", {
      payload: Schema.Struct({
        note: Schema.Struct({
          record: RecordRef.MatchableRef,
          text: Schema.String,
          chatId: Schema.NullOr(Id.ChatId),
          author: Actor.Actor,
          authorUser: Schema.NullOr(Id.UserId),
          ...viewer
        }),
        ...key
      }),
      success: Schema.Struct({ activityId: Id.ActivityId, ...told }),
      error: [...seen]
    }).annotateMerge(about("Leave a note", "On a record, once under its key (G1).")),
    HttpApiEndpoint.post("changePhone", "/crm/phones", {
      payload: Schema.Struct({
        change: Schema.Struct({
          lead: RecordRef.RecordId,
          phone: Schema.String,
          by: Actor.Actor,
          ...viewer,
          defaultRegion: Schema.NullOr(Schema.String)
        }),
        ...key
      }),
      success: Schema.Struct({ isChanged: Schema.Boolean }),
      error: [...seen]
    }).annotateMerge(about("Correct a phone", "The main one of a lead (E6).")),
    HttpApiEndpoint.post("findWritten", "/crm/written", {
      payload: Schema.Struct({ by: Actor.Actor, ...key }),
      success: Schema.Struct({ written: Schema.NullOr(written) })
    }).annotateMerge(about("What a write left", "Found by its mark.")),
    HttpApiEndpoint.post("putChatCopy", "/crm/chat-copies", {
      payload: Schema.Struct({ ...record, entry: ActivityEntry.ChatEntry }),
      success: Done,
      error: RecordNotFound
    }).annotateMerge(about("Copy a closed chat", "Onto a record's own screen (H1).")),
    HttpApiEndpoint.post("chatCopies", "/crm/chat-copies/known", {
      payload: Schema.Struct({ ...record, chatIds: Schema.Array(Id.ChatId) }),
      success: Schema.Struct({ chatIds: Schema.Array(Id.ChatId) })
    }).annotateMerge(about("Which chats are copied", "Among these, on a record's own screen.")),
    HttpApiEndpoint.post("erase", "/crm/erasures", {
      payload: Schema.Struct({
        batch: Schema.Struct({
          person: Schema.Struct({
            records: Schema.Array(RecordRef.RecordRef),
            emails: Schema.Array(EmailKey.EmailKey),
            phones: Schema.Array(PhoneKey.PhoneKey)
          }),
          after: Schema.NullOr(Schema.String),
          limit: Schema.Int
        }),
        ...key
      }),
      success: Schema.Struct({ erased: Schema.Int, next: Schema.NullOr(Schema.String) })
    }).annotateMerge(about("Erase a person", "One bounded batch (J4).")),
    HttpApiEndpoint.post("feedScope", "/crm/feed-scope", {
      payload: Schema.Struct({ ...viewer, ...record }),
      success: Schema.Struct({
        ...record,
        name: Schema.String,
        keys: Schema.Array(EmailKey.EmailKey),
        chatIds: Schema.Array(Id.ChatId)
      }),
      error: [...seen]
    }).annotateMerge(about("What a feed is made of", "Its keys and chats (H2, A7).")),
    HttpApiEndpoint.post("activities", "/crm/activities", {
      payload: Schema.Struct({
        ...viewer,
        query: Schema.Struct({
          ...record,
          types: Schema.NullOr(Schema.Array(Activity.ActivityType)),
          byAny: Schema.NullOr(Schema.Array(Schema.String)),
          after: older,
          from: Schema.NullOr(Instant.Instant),
          until: Schema.NullOr(Instant.Instant),
          limit: Schema.Int
        })
      }),
      success: Schema.Struct({
        activities: Schema.Array(Activity.Activity),
        limitReached: Schema.NullOr(Schema.Int)
      }),
      error: [...seen]
    }).annotateMerge(about("A record's activities", "Newest first (H2, H5).")),
    HttpApiEndpoint.post("user", "/crm/users/one", {
      payload: Schema.Struct({ userId: Id.UserId }),
      success: Schema.Struct({ user: Schema.NullOr(Named.User) })
    }).annotateMerge(about("One user", "Or none.")),
    HttpApiEndpoint.get("users", "/crm/users", {
      success: Schema.Struct({ users: Schema.Array(Named.User) })
    }).annotateMerge(about("All users", "With their teams and managers.")),
    HttpApiEndpoint.get("pools", "/crm/pools", {
      success: Schema.Struct({ pools: Schema.Array(Named.DistributionPool) })
    }).annotateMerge(about("The pools", "To pick from (F1).")),
    HttpApiEndpoint.get("fields", "/crm/fields", {
      success: Schema.Struct({ fields: Schema.Array(Named.FieldDefinition) })
    }).annotateMerge(about("The custom fields", "Their registry (I2)."))
  )
  .annotate(Callers, ["host"])
  .annotateMerge(OpenApi.annotations({ description: "The CRM itself, for hosts of the account's own." })) {}
