import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "effect/http-api"
import { Agent, AgentStatus, Desk, Id, Instant } from "leadline"
import { Callers } from "./Authorization.ts"
import * as Named from "./Named.ts"
import * as Parts from "./Parts.ts"
import * as Refusals from "./Refusals.ts"

const { about, commandHeaders: headers } = Parts
const status = { status: AgentStatus.AgentStatus }
const device = { deviceId: Id.DeviceId }

/** The chat icon in the CRM (C9). */
export const ChatIcon = Schema.Union([
  Schema.TaggedStruct("Hidden", {}),
  Schema.TaggedStruct("Shown", { ...status, waiting: Schema.Int, blinking: Schema.Boolean, sound: Schema.Boolean })
]).annotate({ identifier: "ChatIcon" })

/** What an agent's console shows. `texts`: what the chats refer to. */
export const Console = Schema.Struct({
  icon: ChatIcon,
  ...status,
  ringing: Schema.Array(Named.Chat),
  offer: Schema.NullOr(Desk.HeldOffer),
  waiting: Schema.Array(Named.Chat),
  serving: Schema.Array(Named.Chat),
  used: Schema.Int,
  limit: Schema.NullOr(Schema.Int),
  texts: Parts.Texts
}).annotate({ identifier: "Console" })

/** A console's lease (B4). */
export const Lease = Schema.Struct({ ...device, ...status, until: Instant.Instant }).annotate({ identifier: "Lease" })

const StatusSet = Schema.Struct({ ...Parts.agentId, ...status }).annotate({ identifier: "StatusSet" })

/** Agents, their statuses and consoles. */
export class AgentsApi extends HttpApiGroup.make("agents")
  .add(
    HttpApiEndpoint.put("save", "/agents/:agentId", {
      params: Parts.agentId,
      headers,
      payload: Agent.Agent.mapFields(({ id: _id, ...rest }) => rest),
      success: Schema.Struct(Parts.agentId),
      error: [...Refusals.ofChats]
    }).annotateMerge(
      about("Save an agent", "By Chat administrators (J3). A disabled one is offline, their chats wait again.")
    ),
    HttpApiEndpoint.put("setStatusOf", "/agents/:agentId/status", {
      params: Parts.agentId,
      headers,
      payload: Schema.Struct(status),
      success: StatusSet,
      error: [...Refusals.ofChats]
    }).annotateMerge(about("Set an agent's status", "One's own, or anybody's as a Chat administrator (B1).")),
    HttpApiEndpoint.put("setStatus", "/me/status", {
      headers,
      payload: Schema.Struct(status),
      success: StatusSet,
      error: [...Refusals.ofChats]
    }).annotateMerge(about("Set one's own status", "The status already held changes nothing (B7).")),
    HttpApiEndpoint.get("console", "/me/console", { success: Console }).annotateMerge(
      about("What one's console shows", "The icon (C9), what rings, what waits in one's departments, what one serves.")
    ),
    HttpApiEndpoint.post("signIn", "/me/consoles", {
      headers,
      payload: Schema.Struct(device),
      success: Schema.Struct({ isSignedIn: Schema.Boolean, ...status, until: Schema.NullOr(Instant.Instant) }),
      error: [...Refusals.ofChats]
    }).annotateMerge(about("Open a console", "A device lease, renewed by heartbeats (B2, B4).")),
    HttpApiEndpoint.post("heartbeat", "/me/consoles/:deviceId/heartbeat", {
      params: device,
      headers,
      payload: Schema.Struct({ isActive: Schema.optionalKey(Schema.Boolean) }),
      success: Lease,
      error: Refusals.LeaseEnded
    }).annotateMerge(about("Renew a console's lease", "`isActive`: the person did something there (B3, B4).")),
    HttpApiEndpoint.delete("signOut", "/me/consoles/:deviceId", {
      params: device,
      headers,
      success: Lease,
      error: Refusals.LeaseEnded
    }).annotateMerge(about("Close a console", "If it was the last, the agent is offline when the grace is over (B4).")),
    HttpApiEndpoint.get("accountStatus", "/status", {
      success: Schema.Struct({ status: Schema.Literals(["online", "away", "offline"]) })
    })
      .annotate(Callers, ["agent", "user", "visitor", "service", "host"])
      .annotateMerge(about("What the website shows", "Online if any agent is, else away, else offline (B1, B8)."))
  )
  .annotateMerge(OpenApi.annotations({ description: "Agents, their statuses and consoles." })) {}
