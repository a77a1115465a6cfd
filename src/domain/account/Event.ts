import type { Actor, Surface } from "./Actor.ts"
import type { ContentRef } from "./Content.ts"
import type { EventId } from "./Id.ts"
import type { Instant } from "./Instant.ts"

/** The version of event payloads and snapshots that this release writes (K5). */
export const SCHEMA_VERSION = 2

/**
 * An event as a decision hands it to a store: the payload with who, when, where from, and its place in its stream
 * (K2). `stream` is the kind and id of what it happened to (`chat/…`, `lead/…`); `number` counts 1..n within a
 * chat, a desk, a record or a pool; it is 0 in streams of administration (agents, users, bans, settings), which have
 * their position in the log only.
 */
export interface Event<Payload> {
  readonly id: EventId
  readonly stream: string
  readonly number: number
  readonly at: Instant
  readonly actor: Actor
  readonly surface: Surface
  readonly schemaVersion: number
  readonly payload: Payload
  /** The personal values that the payload refers to (J4): what a log reader joins. */
  readonly contents: ReadonlyArray<ContentRef>
}
