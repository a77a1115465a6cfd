import { Schema, Struct } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "effect/http-api"
import { Actor, Id, Instant, Settings } from "leadline"
import * as Named from "./Named.ts"
import * as Parts from "./Parts.ts"
import * as Refusals from "./Refusals.ts"

const { about } = Parts

const some = Schema.Struct(Struct.map(Settings.Settings.fields, Schema.optionalKey)).annotate({
  identifier: "SomeSettings"
})

/** A change of settings: who, when, from where, and the fields that differ. */
export const SettingsChange = Schema.Struct({
  id: Id.EventId,
  position: Schema.Int,
  at: Instant.Instant,
  by: Actor.Actor,
  surface: Actor.Surface,
  before: some,
  after: some
}).annotate({ identifier: "SettingsChange" })

/** The account's settings. */
export class SettingsApi extends HttpApiGroup.make("settings")
  .add(
    HttpApiEndpoint.get("read", "/settings", {
      success: HttpApiSchema.WithHeaders(
        Schema.Struct({ settings: Named.Settings, version: Schema.Int }),
        Schema.Struct(Parts.etag)
      )
    }).annotateMerge(about("Read the settings", "What was never set has its default. ETag: their version.")),
    HttpApiEndpoint.patch("change", "/settings", {
      headers: { ...Parts.commandHeaders, ...Parts.ifMatch },
      payload: some,
      success: Named.Settings,
      error: [Refusals.BadSettings, Refusals.VersionChanged]
    }).annotateMerge(
      about("Change settings", "Absent ones stay. By CRM administrators; what is Chat's by Chat administrators (J3).")
    ),
    HttpApiEndpoint.get("history", "/settings/history", {
      query: Parts.page,
      success: Schema.Struct({
        changes: Schema.Array(SettingsChange),
        next: Schema.Int,
        isLast: Schema.Boolean
      })
    }).annotateMerge(about("Who changed what", "Oldest first; `next` is where to read on."))
  )
  .annotateMerge(OpenApi.annotations({ description: "The account's settings, and who changed them." })) {}
