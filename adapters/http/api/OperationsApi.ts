import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "effect/http-api"
import { Id, Instant, RecordRef } from "leadline"
import * as Named from "./Named.ts"
import * as Parts from "./Parts.ts"
import * as Refusals from "./Refusals.ts"

const { about, commandHeaders: headers } = Parts
const erasure = { erasureId: Id.ErasureId }

/** Work that a bridge tried again and again, and parked (G4). `nextTryAt: null`: given up. */
export const Parked = Schema.Struct({
  bridge: Schema.String,
  eventId: Schema.String,
  log: Schema.Literals(["desk", "crm"]),
  position: Schema.Int,
  stream: Schema.String,
  tries: Schema.Int,
  nextTryAt: Schema.NullOr(Instant.Instant),
  lastError: Schema.String
}).annotate({ identifier: "Parked" })

const bridge = { bridge: Schema.optionalKey(Schema.String) }

/** Erasures, and work that was given up. */
export class OperationsApi extends HttpApiGroup.make("operations")
  .add(
    HttpApiEndpoint.post("erase", "/erasures", {
      headers,
      payload: Schema.Struct({
        visitorIds: Schema.Array(Id.VisitorId),
        emails: Schema.Array(Schema.String),
        phones: Schema.optionalKey(Schema.Array(Schema.String)),
        records: Schema.Array(RecordRef.RecordRef)
      }),
      success: Schema.Struct(erasure),
      error: [Refusals.NobodyNamed, Refusals.UnusableAddress, Refusals.TooMany]
    }).annotateMerge(
      about(
        "Erase a person",
        "Chats, texts, records, in bounded steps (J4). Asked again while it runs: the same erasure."
      )
    ),
    HttpApiEndpoint.get("readErasure", "/erasures/:erasureId", {
      params: erasure,
      success: Named.Certificate,
      error: Refusals.ErasureNotFound
    }).annotateMerge(about("The certificate of an erasure", "What became of each place, also while it runs (J4).")),
    HttpApiEndpoint.get("givenUp", "/given-up", {
      query: { ...bridge, limit: Schema.optionalKey(Schema.Int) },
      success: Schema.Struct({ items: Schema.Array(Parked) })
    }).annotateMerge(about("What was given up", "Notices, copies and mails that could not be delivered (G4).")),
    HttpApiEndpoint.post("replay", "/given-up/:eventId/replay", {
      params: { eventId: Schema.String },
      query: bridge,
      headers,
      success: Schema.Struct({ isReplayed: Schema.Boolean })
    }).annotateMerge(about("Try it again", "Under the same id, so that nothing is delivered twice (G4)."))
  )
  .annotateMerge(OpenApi.annotations({ description: "Erasures, and work that was given up. By who operates." })) {}
