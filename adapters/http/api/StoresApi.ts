import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "effect/http-api"
import {
  Activity,
  Content,
  DistributionPool,
  EmailKey,
  Id,
  Instant,
  PhoneKey,
  Record,
  RecordRef,
  Transcript,
  User
} from "leadline"
import type {
  CommonRecords,
  CrmPayload,
  CrmRecords,
  DeskPayload,
  DeskRecords,
  SettingsPayload,
  SettingsRecords
} from "leadline/ports"
import { EventCodec, RecordCodec } from "leadline/wire"
import { Callers } from "./Authorization.ts"
import { Parked } from "./OperationsApi.ts"
import { about } from "./Parts.ts"
import * as Problem from "./Problem.ts"
import * as Wire from "./StoreWire.ts"

/** The chat side's world as it travels. */
export const desk: Wire.World<DeskRecords, DeskPayload> = {
  records: Wire.codecs<DeskRecords>(RecordCodec.desk),
  events: EventCodec.deskEvents
}

/** The CRM's. */
export const crm: Wire.World<CrmRecords, CrmPayload> = {
  records: Wire.codecs<CrmRecords>(RecordCodec.crm),
  events: EventCodec.crmEvents
}

/** The settings'. */
export const settings: Wire.World<SettingsRecords, SettingsPayload> = {
  records: Wire.codecs<SettingsRecords>(RecordCodec.settings),
  events: EventCodec.settingsEvents
}

const limit = { limit: Schema.Int }
const subject = { subject: Content.Subject }

/** What every store does: the members of `RecordStore`, one endpoint each. */
const common = <const Name extends string, Records extends CommonRecords, Payload>(
  name: Name,
  world: Wire.World<Records, Payload>
) => {
  const keys = { keys: Schema.Array(Wire.keyOf<Records>()) }
  const reads = { reads: Schema.Array(Wire.readOf(world)) }
  const at = `/stores/${name}` as const
  return [
    HttpApiEndpoint.get("capabilities", `${at}/capabilities`, {
      success: Schema.Struct({ isDurable: Schema.Boolean, erase: Schema.Boolean })
    }).annotateMerge(about("What it can", "Asked once, when a client's layer is built.")),
    HttpApiEndpoint.post("get", `${at}/get`, {
      payload: Schema.Struct(keys),
      success: Schema.Struct(reads)
    }).annotateMerge(about("Read records", "In the order asked for, as of one moment.")),
    HttpApiEndpoint.post("getWithTexts", `${at}/get-with-texts`, {
      payload: Schema.Struct(keys),
      success: Schema.Struct({ ...reads, texts: Wire.Texts })
    }).annotateMerge(about("Read records with their texts", "As of one moment (J4).")),
    HttpApiEndpoint.post("commit", `${at}/commit`, {
      payload: Wire.commitOf(world),
      success: Wire.committed,
      error: Problem.Conflicted
    }).annotateMerge(
      about("Commit a change", "All of it or nothing (K2). Never repeated blindly: its versions have moved.")
    ),
    HttpApiEndpoint.post("log", `${at}/log`, {
      payload: Schema.Struct({ after: Schema.Int, ...limit }),
      success: Wire.logPageOf(world)
    }).annotateMerge(about("Read the log", "After a position, oldest first; `next` is where to read on (K2).")),
    HttpApiEndpoint.post("due", `${at}/due`, {
      payload: Schema.Struct({ kind: Schema.String, now: Instant.Instant, ...limit }),
      success: Schema.Struct({ due: Schema.Array(Wire.dueOf(world)) })
    }).annotateMerge(about("What is due", "Records of a kind whose deadline has come, earliest first.")),
    HttpApiEndpoint.post("contents", `${at}/contents`, {
      payload: Schema.Struct({ refs: Schema.Array(Content.ContentRef) }),
      success: Schema.Struct({ texts: Wire.Texts })
    }).annotateMerge(about("Read personal texts", "By reference; erased ones are absent (J4).")),
    HttpApiEndpoint.post("contentCount", `${at}/content-count`, {
      payload: Schema.Struct(subject),
      success: Schema.Struct({ count: Schema.Int })
    }).annotateMerge(about("How many texts of a subject there are", "What is left to erase (J4).")),
    HttpApiEndpoint.post("erase", `${at}/erase`, {
      payload: Schema.Struct({ ...subject, ...limit }),
      success: Schema.Struct({ erased: Schema.Int, isDone: Schema.Boolean })
    }).annotateMerge(about("Erase texts of a subject", "In batches; repeated until `isDone` (J4).")),
    HttpApiEndpoint.get("changes", `${at}/changes`, {
      success: HttpApiSchema.StreamUint8Array({ contentType: "text/event-stream" })
    }).annotateMerge(
      about("Wake-ups", "A line at once, and soon after commits that added events; a hint to read the log.")
    )
  ] as const
}

const older = Schema.NullOr(Schema.Struct({ at: Instant.Instant, id: Schema.String }))
const between = { from: Schema.NullOr(Instant.Instant), until: Schema.NullOr(Instant.Instant) }
const chats = { chats: Schema.Array(Wire.snapshot(desk, "chat")) }

/** The chat side's store, for hosts of the account's own. */
export class DeskStoreApi extends HttpApiGroup.make("deskStore")
  .add(
    ...common("desk", desk),
    HttpApiEndpoint.post("waiting", "/stores/desk/waiting", {
      payload: Schema.Struct(limit),
      success: Schema.Struct(chats)
    }).annotateMerge(about("The queue", "Chats that wait, lowest queue number first (C2).")),
    HttpApiEndpoint.post("roster", "/stores/desk/roster", {
      success: Schema.Struct({
        roster: Schema.Array(
          Schema.Struct({
            agent: Wire.snapshot(desk, "agent"),
            desk: Wire.readOf(desk),
            presence: Schema.NullOr(Wire.snapshot(desk, "presence")),
            served: Schema.Array(
              Schema.Struct({ joinedAt: Instant.Instant, lastPublicAt: Schema.NullOr(Instant.Instant) })
            )
          })
        )
      })
    }).annotateMerge(about("The roster", "All agents with desks, presence, and what their slots depend on (B5).")),
    HttpApiEndpoint.post("closedChats", "/stores/desk/closed-chats", {
      payload: Schema.Struct({
        keys: Schema.Array(EmailKey.EmailKey),
        chatIds: Schema.Array(Id.ChatId),
        after: older,
        ...between,
        servedByAny: Schema.NullOr(Schema.Array(Id.AgentId)),
        includeMissed: Schema.Boolean,
        includeOfflineMessages: Schema.Boolean,
        ...limit
      }),
      success: Schema.Struct({ ...chats, texts: Wire.Texts })
    }).annotateMerge(about("Closed chats", "By closing key, newest first (A7, H4).")),
    HttpApiEndpoint.post("transcript", "/stores/desk/transcript", {
      payload: Schema.Struct({ chatId: Id.ChatId, after: Schema.Int, ...limit }),
      success: Schema.Struct({
        lines: Schema.Array(Schema.Struct({ message: Transcript.Message, text: Schema.NullOr(Schema.String) }))
      })
    }).annotateMerge(about("A chat's messages", "After a number, in order (D7).")),
    HttpApiEndpoint.post("personChats", "/stores/desk/person-chats", {
      payload: Schema.Struct({
        visitors: Schema.Array(Id.VisitorId),
        emails: Schema.Array(EmailKey.EmailKey),
        phones: Schema.Array(PhoneKey.PhoneKey),
        after: Schema.NullOr(Id.ChatId),
        ...limit
      }),
      success: Schema.Struct(chats)
    }).annotateMerge(about("A person's chats", "Open and closed, by id (J4).")),
    HttpApiEndpoint.post("givenUp", "/stores/desk/given-up", {
      payload: Schema.Struct({ bridge: Schema.String, ...limit }),
      success: Schema.Struct({ items: Schema.Array(Parked) })
    }).annotateMerge(about("What a bridge gave up", "In order of the log (G4).")),
    HttpApiEndpoint.post("parked", "/stores/desk/parked", {
      payload: Schema.Struct({ bridge: Schema.String, ...limit }),
      success: Schema.Struct({ items: Schema.Array(Parked) })
    }).annotateMerge(about("What a bridge will try again", "Due or not, in order of the log (G4)."))
  )
  .annotate(Callers, ["host"])
  .annotateMerge(OpenApi.annotations({ description: "The chat side's store, for hosts of the account's own." })) {}

const byKey = { emails: Schema.Array(EmailKey.EmailKey), phones: Schema.Array(PhoneKey.PhoneKey) }
const matchable = Schema.Union([Record.Lead, Record.Person, Record.Company])
const records = { records: Schema.Array(matchable) }
const crmRead = Wire.readOf(crm)

/** The CRM's store, for hosts of the account's own. */
export class CrmStoreApi extends HttpApiGroup.make("crmStore")
  .add(
    ...common("crm", crm),
    HttpApiEndpoint.post("byKeys", "/stores/crm/by-keys", {
      payload: Schema.Struct(byKey),
      success: Schema.Struct(records)
    }).annotateMerge(about("Records by key", "Live ones that answer to one of the keys (A5, A7).")),
    HttpApiEndpoint.post("holding", "/stores/crm/holding", {
      payload: Schema.Struct(byKey),
      success: Schema.Struct(records)
    }).annotateMerge(about("Records that hold a key", "Whatever their lifecycle (J4).")),
    HttpApiEndpoint.post("leadFacts", "/stores/crm/lead-facts", {
      payload: Schema.Struct({
        ...byKey,
        chatId: Id.ChatId,
        pools: Schema.Array(Id.PoolId),
        commandId: Schema.NullOr(Schema.String)
      }),
      success: Schema.Struct({
        candidates: Schema.Array(matchable),
        identityKeys: Schema.Array(crmRead),
        chatLead: crmRead,
        pools: Schema.Array(crmRead),
        users: Schema.Array(crmRead),
        command: Schema.NullOr(crmRead)
      })
    }).annotateMerge(about("What a lead is decided on", "As of one moment (E3, F1).")),
    HttpApiEndpoint.post("users", "/stores/crm/users", {
      success: Schema.Struct({ users: Schema.Array(User.User) })
    }).annotateMerge(about("All users", "With their managers.")),
    HttpApiEndpoint.post("pools", "/stores/crm/pools", {
      success: Schema.Struct({ pools: Schema.Array(DistributionPool.DistributionPool) })
    }).annotateMerge(about("All pools", "That are not deleted (F2).")),
    HttpApiEndpoint.post("peopleOf", "/stores/crm/people-of", {
      payload: Schema.Struct({ companyIds: Schema.Array(RecordRef.RecordId) }),
      success: Schema.Struct({ people: Schema.Array(Record.Person) })
    }).annotateMerge(about("The people of companies", "Live ones (H2).")),
    HttpApiEndpoint.post("activities", "/stores/crm/activities", {
      payload: Schema.Struct({
        records: Schema.Array(RecordRef.RecordRef),
        types: Schema.NullOr(Schema.Array(Activity.ActivityType)),
        byAny: Schema.NullOr(Schema.Array(Schema.String)),
        after: older,
        ...between,
        ...limit
      }),
      success: Schema.Struct({ activities: Schema.Array(Activity.Activity) })
    }).annotateMerge(about("Activities", "Of records, newest first (H3, H4).")),
    HttpApiEndpoint.post("list", "/stores/crm/list", {
      payload: Schema.Struct({ kind: RecordRef.RecordKind, after: Schema.NullOr(RecordRef.RecordId), ...limit }),
      success: Schema.Struct({ records: Schema.Array(RecordRef.RecordRef) })
    }).annotateMerge(about("Records of a kind", "By id."))
  )
  .annotate(Callers, ["host"])
  .annotateMerge(OpenApi.annotations({ description: "The CRM's store, for hosts of the account's own." })) {}

/** The settings' store, for hosts of the account's own. */
export class SettingsStoreApi extends HttpApiGroup.make("settingsStore")
  .add(...common("settings", settings))
  .annotate(Callers, ["host"])
  .annotateMerge(OpenApi.annotations({ description: "The settings' store, for hosts of the account's own." })) {}
