/**
 * Leadline: joins live chat and CRM. A pure core; adapters plug in.
 *
 * The glossary, one word per thing:
 *
 * | word | meaning |
 * |---|---|
 * | account | one customer of the product: the tenant; part of every key |
 * | user | a person with a CRM licence; owns records, reports to another user, belongs to teams and groups |
 * | agent | a person who serves chats; has a Chat licence, perhaps a CRM licence too (then also a user) |
 * | status | what an agent declares: `online`, `away`, `invisible`, `offline` |
 * | desk | an agent's working place: status, open offer, served chats, last miss; versioned |
 * | device lease | one open console of an agent; presence is the latest lease that has not expired |
 * | department, skill | how chats are addressed to groups of agents |
 * | visitor | the person on the website; may give name, email, phone; can be banned |
 * | chat | one conversation between a visitor and agents, from request to close |
 * | ringing | an agent's console alerts: a view in broadcast and hybrid mode, an offer in assigned mode |
 * | offer | a chat held out to one agent, with a deadline (assigned mode, and transfers to an agent) |
 * | slot | one unit of an agent's chat limit |
 * | transcript | the ordered messages of a chat; sealed when the chat closes |
 * | lead, contact | CRM records; a contact is a `person` or a `company`; a person may belong to a company |
 * | deal | a sale in progress, tied to a primary contact, associated contacts and perhaps a company |
 * | record | a lead, a person, a company or a deal, referred to by a `RecordRef` |
 * | owner | the user responsible for a record |
 * | distribution pool | a round robin of users to whom leads are dealt |
 * | panel | the CRM widget beside a chat: what the agent sees of the visitor's record and may do |
 * | layout | which fields the panel shows, in which order: one for leads, one for persons, one for companies |
 * | activity feed | the history on a record's card; chats are one type of entry |
 *
 * Each concept is a namespace: `Chat.Chat` is the type, `Chat.isServing` a function about it.
 *
 * @module
 */

// account: who acts, and what they may do
export * as Access from "./domain/account/Access.ts"
export * as Actor from "./domain/account/Actor.ts"
export * as BridgeEvent from "./domain/account/BridgeEvent.ts"
export * as Content from "./domain/account/Content.ts"
export * as Erasure from "./domain/account/Erasure.ts"
export * as Event from "./domain/account/Event.ts"
export * as Id from "./domain/account/Id.ts"
export * as Idempotency from "./domain/account/Idempotency.ts"
export * as Instant from "./domain/account/Instant.ts"
export * as Limits from "./domain/account/Limits.ts"
export * as Webhook from "./domain/account/Webhook.ts"

// agent: who serves chats
export * as Agent from "./domain/agent/Agent.ts"
export * as AgentStatus from "./domain/agent/AgentStatus.ts"
export * as ChatLimit from "./domain/agent/ChatLimit.ts"
export * as Desk from "./domain/agent/Desk.ts"
export * as HoursEvent from "./domain/agent/HoursEvent.ts"
export * as OperatingHours from "./domain/agent/OperatingHours.ts"
export * as Presence from "./domain/agent/Presence.ts"
export * as TimeZone from "./domain/agent/TimeZone.ts"
// assignment: who owns a lead, and who is told
export * as Dealing from "./domain/assignment/Dealing.ts"
export * as LeadOwner from "./domain/assignment/LeadOwner.ts"
export * as NoticeRecipient from "./domain/assignment/NoticeRecipient.ts"
export * as OwnerChoice from "./domain/assignment/OwnerChoice.ts"
export * as OwnerExplanation from "./domain/assignment/OwnerExplanation.ts"
export * as PoolEvent from "./domain/assignment/PoolEvent.ts"
export * as TopmostManager from "./domain/assignment/TopmostManager.ts"
// chat: the conversation
export * as Ban from "./domain/chat/Ban.ts"
export * as Chat from "./domain/chat/Chat.ts"
export * as ChatCommand from "./domain/chat/ChatCommand.ts"
export * as ChatDecide from "./domain/chat/ChatDecide.ts"
export * as ChatDetails from "./domain/chat/ChatDetails.ts"
export * as ChatEvent from "./domain/chat/ChatEvent.ts"
export * as ChatEvolve from "./domain/chat/ChatEvolve.ts"
export * as ChatLife from "./domain/chat/ChatLife.ts"
export * as ChatOffers from "./domain/chat/ChatOffers.ts"
export * as ChatRefusal from "./domain/chat/ChatRefusal.ts"
export * as ChatTalk from "./domain/chat/ChatTalk.ts"
export * as ChatTime from "./domain/chat/ChatTime.ts"
export * as ChatTimeouts from "./domain/chat/ChatTimeouts.ts"
export * as Commitment from "./domain/chat/Commitment.ts"
export type * as Conversation from "./domain/chat/Conversation.ts"
export * as Offer from "./domain/chat/Offer.ts"
export * as PastChat from "./domain/chat/PastChat.ts"
export * as SearchText from "./domain/chat/SearchText.ts"
export * as Signal from "./domain/chat/Signal.ts"
export * as Transcript from "./domain/chat/Transcript.ts"
// feed: the history on a record's card
export * as ActivityEntry from "./domain/feed/ActivityEntry.ts"
export * as ActivityFilter from "./domain/feed/ActivityFilter.ts"
export * as FeedCursor from "./domain/feed/FeedCursor.ts"
export * as FeedPage from "./domain/feed/FeedPage.ts"
export * as SearchCursor from "./domain/feed/SearchCursor.ts"
// identity: who the visitor is
export * as EmailKey from "./domain/identity/EmailKey.ts"
export * as Matching from "./domain/identity/Matching.ts"
export * as PhoneKey from "./domain/identity/PhoneKey.ts"
// panel: what the agent sees beside a chat
export * as FieldValue from "./domain/panel/FieldValue.ts"
export * as Layout from "./domain/panel/Layout.ts"
export * as LayoutDecide from "./domain/panel/LayoutDecide.ts"
export * as LayoutEvent from "./domain/panel/LayoutEvent.ts"
export * as LayoutRules from "./domain/panel/LayoutRules.ts"
export * as MissingAction from "./domain/panel/MissingAction.ts"
export * as Panel from "./domain/panel/Panel.ts"
export * as Rendering from "./domain/panel/Rendering.ts"
export * as Sample from "./domain/panel/Sample.ts"
export * as StandardFields from "./domain/panel/StandardFields.ts"
// record: what the CRM holds
export * as Activity from "./domain/record/Activity.ts"
export * as CrmEvent from "./domain/record/CrmEvent.ts"
export * as CrmRefusal from "./domain/record/CrmRefusal.ts"
export * as CustomField from "./domain/record/CustomField.ts"
export * as DistributionPool from "./domain/record/DistributionPool.ts"
export * as LeadName from "./domain/record/LeadName.ts"
export * as Merging from "./domain/record/Merging.ts"
export * as Notice from "./domain/record/Notice.ts"
export * as OwnerDecision from "./domain/record/OwnerDecision.ts"
export * as Record from "./domain/record/Record.ts"
export * as RecordRef from "./domain/record/RecordRef.ts"
export * as Shell from "./domain/record/Shell.ts"
export * as User from "./domain/record/User.ts"
// request: what the desk has asked of a foreign CRM
export * as CrmRequest from "./domain/request/CrmRequest.ts"
export * as CrmRequestEvent from "./domain/request/CrmRequestEvent.ts"
// routing: whose consoles ring, and to whom a chat is held out
export * as ChatIcon from "./domain/routing/ChatIcon.ts"
export * as PastLog from "./domain/routing/PastLog.ts"
export * as Ranking from "./domain/routing/Ranking.ts"
export * as ReplayRouting from "./domain/routing/ReplayRouting.ts"
export * as Ringing from "./domain/routing/Ringing.ts"
export * as Route from "./domain/routing/Route.ts"
export * as RoutingDecision from "./domain/routing/RoutingDecision.ts"
export * as RoutingPolicy from "./domain/routing/RoutingPolicy.ts"
export * as RoutingReport from "./domain/routing/RoutingReport.ts"

// settings: the integration's switches and policies
export * as Settings from "./domain/settings/Settings.ts"
