import { Schema, Struct } from "effect"
import { ChatLimit } from "../agent/ChatLimit.ts"
import { OperatingHours } from "../agent/OperatingHours.ts"
import { OwnerChoice } from "../assignment/OwnerChoice.ts"

/** Which of a visitor's addresses match records (A2). */
export const MatchStrategy = Schema.Literals(["emailOnly", "emailOrPhone"])
export type MatchStrategy = typeof MatchStrategy.Type

/** Whose chats see CRM data (E2). */
export const CrmAccess = Schema.Literals(["allAgents", "crmUsersOnly"])
export type CrmAccess = typeof CrmAccess.Type

/** The integration's switches and policies, one per account. */
export const Settings = Schema.Struct({
  /** H6: off: no sign-in, no icon. */
  chatInsideCrm: Schema.Boolean,
  /** H6: off: the panel is `NoAccess`. */
  crmInsideChat: Schema.Boolean,
  /** H6: off: feeds show no chats; nothing is deleted. */
  pastChatsInFeed: Schema.Boolean,
  accessToCrmData: CrmAccess,
  matchBy: MatchStrategy,
  /** ISO 3166-1 alpha-2; how phones without a country code are read (A2). `null`: they cannot be read. */
  defaultRegion: Schema.NullOr(Schema.String.check(Schema.isPattern(/^[A-Z]{2}$/))),
  chatLimit: ChatLimit,
  routing: Schema.Literals(["broadcast"]),
  /** B8; `null`: always open. */
  hours: Schema.NullOr(OperatingHours),
  anyOwnerAllowed: Schema.Boolean,
  leadOwners: Schema.Array(OwnerChoice),
  leadStatus: Schema.String,
  leadSource: Schema.NullOr(Schema.String),
  /** A URL with `{id}`, per record kind (E1); `null`: cards cannot be opened. */
  cardUrls: Schema.Struct({
    lead: Schema.NullOr(Schema.String),
    person: Schema.NullOr(Schema.String),
    company: Schema.NullOr(Schema.String)
  }),
  /** A URL with `{id}` of a chat in the chat console (H1). */
  chatUrl: Schema.NullOr(Schema.String),
  /** How long a remembered answer is kept (K1). */
  rememberMillis: Schema.Int.check(Schema.isGreaterThan(0))
})
export type Settings = typeof Settings.Type

/** What an account has that never changed anything. Sources: A2, C1, E2, H6, K1; the rest: decision, off or empty. */
export const defaults: Settings = {
  chatInsideCrm: true,
  crmInsideChat: true,
  pastChatsInFeed: true,
  accessToCrmData: "allAgents",
  matchBy: "emailOnly",
  defaultRegion: null,
  chatLimit: null,
  routing: "broadcast",
  hours: null,
  anyOwnerAllowed: false,
  leadOwners: [],
  leadStatus: "New",
  leadSource: "Chat",
  cardUrls: { lead: null, person: null, company: null },
  chatUrl: null,
  rememberMillis: 86_400_000
}

/** Fills a URL template; the id is escaped, so that it stays one part of the path. */
export const urlFor = (template: string | null, id: string): string | null =>
  template === null ? null : template.replaceAll("{id}", encodeURIComponent(id))

const changed = Settings.mapFields(Struct.map(Schema.optionalKey))

/** Settings were changed; `before` and `after` hold the fields that differ. Who and when is in the envelope. */
export const SettingsChanged = Schema.TaggedStruct("SettingsChanged", { before: changed, after: changed })
export type SettingsChanged = typeof SettingsChanged.Type
