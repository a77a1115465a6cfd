/**
 * A generator for any schema that is made of Leadline's and Effect's plain ones: an adapter's row, a request's body, an
 * answer. Where one of Leadline's schemas stands in it, that one's own generator draws.
 *
 * @example
 * ```ts
 * import { Schema } from "effect"
 * import fc from "fast-check"
 * import { Chat, Settings } from "leadline"
 * import { SchemaArbitrary } from "leadline/testing"
 *
 * const Row = Schema.Struct({ chat: Chat.Chat, mode: Settings.MatchStrategy, tries: Schema.Int })
 *
 * fc.assert(fc.property(SchemaArbitrary.of(Row), Schema.is(Row)))
 * ```
 *
 * @module
 */
import * as CrmRequest from "../../domain/request/CrmRequest.ts"
import * as RoutingDecision from "../../domain/routing/RoutingDecision.ts"
import * as Settings from "../../domain/settings/Settings.ts"
import * as Chat from "./ChatLog.ts"
import { deriving, type Known } from "./Derived.ts"
import * as Feed from "./Feed.ts"
import * as Panel from "./Panel.ts"
import * as Request from "./Request.ts"
import * as Routing from "./Routing.ts"
import * as SettingsArbitrary from "./Settings.ts"

/** What stands for Leadline's schemas wherever they occur. */
export const known: Known = [
  [CrmRequest.CrmRequest, Request.crmRequest],
  [CrmRequest.LeadClaim, Request.leadClaim],
  [CrmRequest.Wanted, Request.wanted],
  [RoutingDecision.Decision, Routing.decision],
  [Settings.Settings, SettingsArbitrary.settings],
  ...Chat.known,
  ...Panel.known,
  ...Feed.known
]

/**
 * Any value of the schema's type. Optional keys come and go, texts are hostile ({@link HostileText}), whole numbers without
 * bounds count from 0, lists have up to four items. Shrinks to the least of each. Filters of your own are not looked into:
 * bounds, lengths and patterns are.
 */
export const of = deriving(known)
