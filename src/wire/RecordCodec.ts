import { Result, Schema } from "effect"
import { Erasure, Erasures, VisitorErasure } from "../domain/account/Erasure.ts"
import { SCHEMA_VERSION } from "../domain/account/Event.ts"
import { ChatId, UserId } from "../domain/account/Id.ts"
import { Instant } from "../domain/account/Instant.ts"
import { Webhook, Webhooks } from "../domain/account/Webhook.ts"
import { Agent } from "../domain/agent/Agent.ts"
import { Desk } from "../domain/agent/Desk.ts"
import { Presence } from "../domain/agent/Presence.ts"
import { IpBan, IpBanList, VisitorBan } from "../domain/chat/Ban.ts"
import { Chat } from "../domain/chat/Chat.ts"
import { Draft, Layout } from "../domain/panel/Layout.ts"
import { Activity } from "../domain/record/Activity.ts"
import { FieldDefinition } from "../domain/record/CustomField.ts"
import { DistributionPool } from "../domain/record/DistributionPool.ts"
import { Company, Deal, Lead, Person } from "../domain/record/Record.ts"
import { RecordId, RecordRef } from "../domain/record/RecordRef.ts"
import { User } from "../domain/record/User.ts"
import { CrmRequest, LeadClaim } from "../domain/request/CrmRequest.ts"
import { Decision } from "../domain/routing/RoutingDecision.ts"
import { Settings } from "../domain/settings/Settings.ts"
import { encoder } from "./Encoder.ts"
import { recordUpcasters } from "./RecordUpcasters.ts"
import { reader, type Unreadable } from "./Upcast.ts"

/** K1: the answer holds ids only (J4). */
const command = Schema.Struct({ id: Schema.String, digest: Schema.String, answer: Schema.Unknown, until: Instant })

const parked = Schema.Struct({
  bridge: Schema.String,
  eventId: Schema.String,
  log: Schema.Literals(["desk", "crm"]),
  position: Schema.Int,
  stream: Schema.String,
  tries: Schema.Int,
  nextTryAt: Schema.NullOr(Instant),
  lastError: Schema.String
})

/** The chat side's records, by kind: `DeskRecords` as schemas. */
export const desk = {
  command,
  chat: Chat,
  openChat: Schema.Struct({ chatId: ChatId }),
  agent: Agent,
  desk: Desk,
  presence: Presence,
  routing: Schema.Struct({ passes: Schema.Int, nextAt: Schema.NullOr(Instant) }),
  routingHistory: Schema.Struct({ decisions: Schema.Array(Decision) }),
  hours: Schema.Struct({ isOpen: Schema.Boolean, until: Schema.NullOr(Instant) }),
  visitorBan: VisitorBan,
  ipBan: IpBan,
  ipBanList: IpBanList,
  cursor: Schema.Struct({ position: Schema.Int, claimedUntil: Instant }),
  parked,
  crmRequest: CrmRequest,
  leadClaim: LeadClaim,
  poolQueue: DistributionPool,
  erasure: Erasure,
  erasures: Erasures,
  visitorErasure: VisitorErasure,
  webhook: Webhook,
  webhooks: Webhooks
}

/** The CRM side's records, by kind: `CrmRecords` as schemas. */
export const crm = {
  command,
  lead: Lead,
  person: Person,
  company: Company,
  deal: Deal,
  activity: Activity,
  user: User,
  pool: DistributionPool,
  identityKey: Schema.Struct({ movedBy: RecordRef }),
  chatLead: Schema.Struct({ lead: RecordId, owner: UserId }),
  fields: Schema.Struct({ definitions: Schema.Array(FieldDefinition) })
}

/** Settings and layouts, by kind: `SettingsRecords` as schemas. */
export const settings = { command, settings: Settings, layout: Layout, layoutDraft: Draft, layoutVersion: Layout }

/** Reads and writes the snapshots of one kind as JSON values, under the schema version of this release (K5). */
export interface RecordCodec<Value> {
  readonly encode: (value: Value) => unknown
  /** Understands every earlier version. */
  readonly decode: (json: unknown) => Result.Result<Value, Unreadable>
}

/** The codec of a kind: `RecordCodec.of("chat", RecordCodec.desk.chat)`. */
export const of = <Value>(kind: string, schema: Schema.Codec<Value, unknown>): RecordCodec<Value> => {
  const snapshot = Schema.toCodecJson(Schema.Struct({ schemaVersion: Schema.Literal(SCHEMA_VERSION), value: schema }))
  const encode = encoder(snapshot)
  const read = reader(snapshot, recordUpcasters(kind), SCHEMA_VERSION)
  return {
    encode: (value) => encode({ schemaVersion: SCHEMA_VERSION, value }),
    decode: (json) => Result.map(read(json), ({ value }) => value)
  }
}
