import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "effect/http-api"
import { CustomField, RecordRef } from "leadline"
import * as Named from "./Named.ts"
import { rendering } from "./PanelApi.ts"
import * as Parts from "./Parts.ts"
import * as Refusals from "./Refusals.ts"

const { about } = Parts
const headers = { ...Parts.commandHeaders, ...Parts.ifMatch }
const params = { kind: RecordRef.MatchableKind }
const fieldId = CustomField.FieldDefinition.fields.id

/** A layout as it looks on sample data. */
export const Rendering = Schema.Struct(rendering).annotate({ identifier: "Rendering" })

/** A change of a draft; indexes beyond an end mean that end. */
export const LayoutEdit = Schema.Union([
  Schema.TaggedStruct("Add", { fieldId, index: Schema.optionalKey(Schema.Int) }),
  Schema.TaggedStruct("Remove", { fieldId }),
  Schema.TaggedStruct("Move", { fieldId, index: Schema.Int })
]).annotate({ identifier: "LayoutEdit" })

const refusals = [
  ...[Refusals.FieldNotAvailable, Refusals.FieldAlreadyShown, Refusals.FieldNotShown, Refusals.LayoutInvalid],
  ...[Refusals.StaleDraft, Refusals.VersionNotFound, Refusals.VersionChanged]
] as const

/** Which fields the panel shows, in which order: one layout for each kind of record. */
export class LayoutsApi extends HttpApiGroup.make("layouts")
  .add(
    HttpApiEndpoint.get("read", "/layouts/:kind", {
      params,
      success: HttpApiSchema.WithHeaders(
        Schema.Struct({
          layout: Named.Layout,
          draft: Schema.NullOr(Named.Draft),
          history: Schema.Array(Named.Layout)
        }),
        Schema.Struct(Parts.etag)
      )
    }).annotateMerge(
      about(
        "Read a layout",
        "What is published, its history, and for CRM administrators the draft (I1). ETag: its version."
      )
    ),
    HttpApiEndpoint.post("edit", "/layouts/:kind/edits", {
      params,
      headers,
      payload: LayoutEdit,
      success: Schema.Struct({ draft: Schema.NullOr(Named.Draft), preview: Rendering }),
      error: [...refusals]
    }).annotateMerge(
      about("Edit the draft", "Nobody sees it before it is published (I1). By CRM administrators (J3).")
    ),
    HttpApiEndpoint.get("preview", "/layouts/:kind/preview", { params, success: Rendering }).annotateMerge(
      about("Preview the draft", "On sample data (I1).")
    ),
    HttpApiEndpoint.post("publish", "/layouts/:kind/publish", {
      params,
      headers,
      success: Named.Layout,
      error: [...refusals]
    }).annotateMerge(about("Publish the draft", "All agents see it at once (I1).")),
    HttpApiEndpoint.post("restore", "/layouts/:kind/restore", {
      params,
      headers,
      payload: Schema.Struct({ version: Schema.Int }),
      success: Named.Layout,
      error: [...refusals]
    }).annotateMerge(about("Go back to an earlier version", "Publishes its fields anew; history only grows (I1)."))
  )
  .annotateMerge(OpenApi.annotations({ description: "Layouts of the panel (I1–I3)." })) {}
