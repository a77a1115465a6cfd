import { Result, Schema } from "effect"
import * as Actor from "../domain/account/Actor.ts"
import { BridgeEvent } from "../domain/account/BridgeEvent.ts"
import { ContentRef } from "../domain/account/Content.ts"
import { type Event, SCHEMA_VERSION } from "../domain/account/Event.ts"
import { EventId } from "../domain/account/Id.ts"
import { Instant } from "../domain/account/Instant.ts"
import { AgentChanged } from "../domain/agent/Agent.ts"
import { DeskEvent } from "../domain/agent/Desk.ts"
import { PoolEvent } from "../domain/assignment/PoolEvent.ts"
import { BanEvent } from "../domain/chat/Ban.ts"
import { ChatEvent } from "../domain/chat/ChatEvent.ts"
import { CrmEvent } from "../domain/record/CrmEvent.ts"
import { type Upcaster, upcast } from "./Upcast.ts"

/** An event that cannot be read: where, and what was expected. */
export const UnreadableEvent = Schema.TaggedStruct("UnreadableEvent", { problem: Schema.String })
export type UnreadableEvent = typeof UnreadableEvent.Type

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
  Schema.Union([...ChatEvent.members, ...DeskEvent.members, ...BanEvent.members, AgentChanged, ...BridgeEvent.members])
)

/** The CRM side's events as they travel. */
export const CrmEnvelope = envelope(Schema.Union([...CrmEvent.members, ...PoolEvent.members]))

/** Reads and writes one world's events as JSON values (K5). */
export interface EventCodec<Payload> {
  /** A JSON value of the current schema version. */
  readonly encode: (event: Event<Payload>) => unknown
  /** Understands every earlier version. */
  readonly decode: (json: unknown) => Result.Result<Event<Payload>, UnreadableEvent>
}

const codec = <Payload>(
  schema: Schema.Codec<Event<Payload>, unknown>,
  upcasters: ReadonlyArray<Upcaster>
): EventCodec<Payload> => {
  const json = Schema.toCodecJson(schema)
  const encode = Schema.encodeSync(json)
  const decode = Schema.decodeUnknownResult(json, { errors: "all" })
  return {
    encode,
    decode: (value) =>
      Result.flatMap(upcast(value, upcasters, SCHEMA_VERSION), (current) =>
        Result.mapError(
          decode(current),
          (error): UnreadableEvent => ({
            _tag: "UnreadableEvent",
            problem: String(error)
          })
        )
      )
  }
}

/** decision: empty until version 2 exists; the first entry will lift version 1 to 2. */
const upcasters: ReadonlyArray<Upcaster> = []

export const deskEvents = codec(DeskEnvelope, upcasters)
export const crmEvents = codec(CrmEnvelope, upcasters)
