import { type Result, Schema } from "effect"
import * as Actor from "../domain/account/Actor.ts"
import { BridgeEvent } from "../domain/account/BridgeEvent.ts"
import { ContentRef } from "../domain/account/Content.ts"
import { ErasureEvent } from "../domain/account/Erasure.ts"
import { type Event, SCHEMA_VERSION } from "../domain/account/Event.ts"
import { EventId } from "../domain/account/Id.ts"
import { Instant } from "../domain/account/Instant.ts"
import { WebhookEvent } from "../domain/account/Webhook.ts"
import { AgentChanged } from "../domain/agent/Agent.ts"
import { DeskEvent } from "../domain/agent/Desk.ts"
import { HoursEvent } from "../domain/agent/HoursEvent.ts"
import { PoolEvent } from "../domain/assignment/PoolEvent.ts"
import { BanEvent } from "../domain/chat/Ban.ts"
import { ChatEvent } from "../domain/chat/ChatEvent.ts"
import { LayoutEvent } from "../domain/panel/LayoutEvent.ts"
import { CrmEvent } from "../domain/record/CrmEvent.ts"
import { CrmRequestEvent } from "../domain/request/CrmRequestEvent.ts"
import { SettingsChanged } from "../domain/settings/Settings.ts"
import { encoder } from "./Encoder.ts"
import { eventUpcasters } from "./EventUpcasters.ts"
import { reader, type Unreadable } from "./Upcast.ts"

const envelope = <Payload extends Schema.Codec<unknown, unknown>>(payload: Payload) =>
  Schema.Struct({
    id: EventId,
    stream: Schema.String,
    number: Schema.Int,
    at: Instant,
    actor: Actor.Actor,
    surface: Actor.Surface,
    schemaVersion: Schema.Literal(SCHEMA_VERSION),
    payload,
    contents: Schema.Array(ContentRef)
  })

/** The chat side's events as they travel. */
export const DeskEnvelope = envelope(
  Schema.Union([
    ...ChatEvent.members,
    ...DeskEvent.members,
    ...BanEvent.members,
    AgentChanged,
    ...HoursEvent.members,
    ...BridgeEvent.members,
    ...CrmRequestEvent.members,
    ...PoolEvent.members,
    ...ErasureEvent.members,
    ...WebhookEvent.members
  ])
)

/** The CRM side's events as they travel. */
export const CrmEnvelope = envelope(Schema.Union([...CrmEvent.members, ...PoolEvent.members]))

/** The events of settings and layouts as they travel. */
export const SettingsEnvelope = envelope(Schema.Union([SettingsChanged, ...LayoutEvent.members]))

/** Reads and writes one world's events as JSON values (K5). */
export interface EventCodec<Payload> {
  /** A JSON value of the current schema version. */
  readonly encode: (event: Event<Payload>) => unknown
  /** Understands every earlier version. */
  readonly decode: (json: unknown) => Result.Result<Event<Payload>, Unreadable>
}

const codec = <Payload>(schema: Schema.Codec<Event<Payload>, unknown>): EventCodec<Payload> => {
  const json = Schema.toCodecJson(schema)
  return { encode: encoder(json), decode: reader(json, eventUpcasters, SCHEMA_VERSION) }
}

export const deskEvents = codec(DeskEnvelope)
export const crmEvents = codec(CrmEnvelope)
export const settingsEvents = codec(SettingsEnvelope)
