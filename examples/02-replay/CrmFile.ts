import { Schema } from "effect"

const id = Schema.Union([Schema.Int, Schema.NonEmptyString])
const maybe = Schema.optionalKey(Schema.NullOr(Schema.String))
const maybeId = Schema.optionalKey(Schema.NullOr(id))

/** A CRM in the shape of Zendesk Sell's v2 API, as far as the replay reads it. */
export const CrmFile = Schema.Struct({
  users: Schema.Array(
    Schema.Struct({
      id,
      name: Schema.String,
      email: Schema.String,
      status: Schema.String,
      reports_to: maybeId
    })
  ),
  agents: Schema.Array(
    Schema.Struct({
      id,
      display_name: Schema.String,
      email: Schema.String,
      crm_user_id: maybeId,
      enabled: Schema.optionalKey(Schema.Union([Schema.Int, Schema.Boolean]))
    })
  ),
  pools: Schema.Array(
    Schema.Struct({
      id,
      name: Schema.String,
      resource_type: Schema.Literals(["lead", "contact", "deal"]),
      members: Schema.Array(id)
    })
  ),
  settings: Schema.Struct({
    accessToCrmData: Schema.optionalKey(Schema.Literals(["allAgents", "crmUsersOnly"])),
    matchBy: Schema.optionalKey(Schema.Literals(["emailOnly", "emailOrPhone"])),
    anyOwnerAllowed: Schema.optionalKey(Schema.Boolean),
    leadOwners: Schema.optionalKey(
      Schema.Array(Schema.Union([Schema.Struct({ pool: id }), Schema.Struct({ user: id })]))
    ),
    leadStatus: Schema.optionalKey(Schema.String),
    leadSource: Schema.optionalKey(Schema.NullOr(Schema.String)),
    pastChatsInFeed: Schema.optionalKey(Schema.Boolean),
    defaultRegion: Schema.optionalKey(Schema.NullOr(Schema.String))
  }),
  leads: Schema.Array(
    Schema.Struct({
      id,
      first_name: maybe,
      last_name: maybe,
      organization_name: maybe,
      email: maybe,
      phone: maybe,
      owner_id: id,
      status: maybe
    })
  ),
  contacts: Schema.Array(
    Schema.Struct({
      id,
      is_organization: Schema.Boolean,
      name: maybe,
      first_name: maybe,
      last_name: maybe,
      email: maybe,
      phone: maybe,
      owner_id: id,
      contact_id: maybeId
    })
  ),
  deals: Schema.Array(
    Schema.Struct({
      id,
      name: Schema.String,
      contact_id: maybeId,
      organization_id: maybeId,
      associated_contacts: Schema.optionalKey(Schema.Array(id)),
      value: Schema.optionalKey(Schema.NullOr(Schema.Union([Schema.String, Schema.Finite]))),
      currency: maybe,
      owner_id: id
    })
  )
})
export type CrmFile = typeof CrmFile.Type

/** Reads the file's JSON; throws with every problem named. */
export const parseCrm = (json: unknown): CrmFile => Schema.decodeUnknownSync(CrmFile, { errors: "all" })(json)
