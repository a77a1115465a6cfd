import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "effect/http-api"
import { CustomField, DistributionPool, Id, User } from "leadline"
import * as Named from "./Named.ts"
import * as Parts from "./Parts.ts"
import * as Refusals from "./Refusals.ts"

const { about, commandHeaders: headers } = Parts
const pool = { poolId: Id.PoolId }
const PoolTouched = Schema.Struct(pool).annotate({ identifier: "PoolTouched" })

/** Users of the CRM, its custom fields, and the pools that deal leads. */
export class DirectoryApi extends HttpApiGroup.make("directory")
  .add(
    HttpApiEndpoint.get("users", "/users", {
      success: Schema.Struct({ users: Schema.Array(Named.User) })
    }).annotateMerge(about("All users", "Whom a lead may be given to, who reports to whom.")),
    HttpApiEndpoint.put("saveUser", "/users/:userId", {
      params: { userId: Id.UserId },
      headers,
      payload: User.User.mapFields(({ id: _id, ...rest }) => rest),
      success: Schema.Struct({ userId: Id.UserId }),
      error: Refusals.ReportingCycle
    }).annotateMerge(
      about("Save a user", "A manager who reports to the user is refused (F5). By CRM administrators (J3).")
    ),
    HttpApiEndpoint.get("fields", "/fields", {
      success: Schema.Struct({ fields: Schema.Array(Named.FieldDefinition) })
    }).annotateMerge(about("The custom fields", "Deleted ones too (I2).")),
    HttpApiEndpoint.put("saveFields", "/fields", {
      headers,
      payload: Schema.Struct({ fields: Schema.Array(Named.FieldDefinition) }),
      success: Schema.Struct({ fields: Schema.Array(CustomField.FieldDefinition.fields.id) }),
      error: Refusals.FieldIdTaken
    }).annotateMerge(about("Save custom fields", "Those not named stay (I2). By CRM administrators (J3).")),
    HttpApiEndpoint.get("pools", "/pools", {
      success: Schema.Struct({ pools: Schema.Array(Named.DistributionPool) })
    }).annotateMerge(about("The pools", "To pick from when a lead is made (F1, F2).")),
    HttpApiEndpoint.post("createPool", "/pools", {
      headers,
      payload: Schema.Struct({
        id: Id.PoolId,
        name: Schema.String,
        recordKind: DistributionPool.DistributionPool.fields.recordKind,
        members: Schema.Array(Id.UserId)
      }),
      success: PoolTouched,
      error: [Refusals.PoolExists, Refusals.TooMany, Refusals.TooLong, Refusals.Blank]
    }).annotateMerge(about("Create a pool", "At most 200 members; the queue begins in their order (F2).")),
    HttpApiEndpoint.put("setPoolMembers", "/pools/:poolId/members", {
      params: pool,
      headers,
      payload: Schema.Struct({ members: Schema.Array(Id.UserId) }),
      success: PoolTouched,
      error: [Refusals.PoolNotFound, Refusals.DeletedPool, Refusals.TooMany]
    }).annotateMerge(about("Set a pool's members", "Who is new joins at the tail (F2).")),
    HttpApiEndpoint.delete("deletePool", "/pools/:poolId", {
      params: pool,
      headers,
      success: PoolTouched,
      error: Refusals.PoolNotFound
    }).annotateMerge(about("Delete a pool", "It deals no more; what it dealt stays (F2)."))
  )
  .annotateMerge(OpenApi.annotations({ description: "Users, custom fields, pools." })) {}
