/**
 * What a person can do, one verb each: load, decide, commit.
 *
 * Every use case takes a `Caller` first: the account, who acts, from which surface, and, if the caller likes, an
 * idempotency key (K1). Refusals are facts with data in the error channel; failures of the world are `StoreError`.
 *
 * @module
 */

// agents
export * from "./agent/Heartbeat.ts"
export * from "./agent/ReadAccountStatus.ts"
export * from "./agent/ReadConsole.ts"
export * from "./agent/ReadIcons.ts"
export * from "./agent/SaveAgent.ts"
export * from "./agent/SetStatus.ts"
export { type ConsoleToOpen, signIn } from "./agent/SignIn.ts"
// the bridge, and what every command needs
export { BRIDGE, type BridgeRun, drainBridge, keepBridging, runBridge } from "./bridge/Bridge.ts"
export {
  drainTranscriptMails,
  keepMailingTranscripts,
  MAIL_BRIDGE,
  mailTranscripts
} from "./bridge/MailTranscripts.ts"
export * from "./bridge/ReplayGivenUp.ts"
// chats
export { answerChat } from "./chat/AnswerChat.ts"
export { answerNext, NothingWaiting } from "./chat/AnswerNext.ts"
export * from "./chat/BanIp.ts"
export * from "./chat/BanVisitor.ts"
export * from "./chat/ChangeVisitorDetails.ts"
export * from "./chat/DeclineOffer.ts"
export * from "./chat/EndChat.ts"
export * from "./chat/FollowLog.ts"
export * from "./chat/ImportChats.ts"
export * from "./chat/JoinChat.ts"
export * from "./chat/LeaveChat.ts"
export * from "./chat/LeaveOfflineMessage.ts"
export * from "./chat/ObserveChat.ts"
export * from "./chat/RateChat.ts"
export {
  type ConsoleLine,
  readConversation,
  readTranscript,
  type SpokenLine,
  type TranscriptQuery
} from "./chat/ReadTranscript.ts"
export * from "./chat/RequestChat.ts"
export { requestTranscript, type TranscriptToRequest, UnusableEmail } from "./chat/RequestTranscript.ts"
export * from "./chat/SendMessage.ts"
export * from "./chat/TagChat.ts"
export * from "./chat/TellPresence.ts"
export * from "./chat/TransferChat.ts"
// a CRM of our own
export * from "./crm/DealLead.ts"
export * from "./crm/ExplainOwner.ts"
export * from "./crm/LogActivity.ts"
export {
  createPool,
  deletePool,
  PoolExists,
  PoolNotFound,
  type PoolToCreate,
  setPoolMembers
} from "./crm/ManagePool.ts"
export * as OwnCrm from "./crm/OwnCrm.ts"
export * from "./crm/ReadRecord.ts"
export * from "./crm/RetireRecord.ts"
export * from "./crm/SaveFields.ts"
export * from "./crm/SaveRecord.ts"
export * from "./crm/SaveUser.ts"
// erasure
export { erasePerson, type PersonNamed } from "./erasure/ErasePerson.ts"
export * from "./erasure/ReadErasure.ts"
export * from "./erasure/RunErasures.ts"
export type { Caller } from "./execution/Caller.ts"
export { type Expected, VersionChanged } from "./execution/Expected.ts"
// the activity feed
export * from "./feed/OpenTranscript.ts"
export { type FeedQuery, readFeed } from "./feed/ReadFeed.ts"
// a foreign CRM
export { drainDeskBridge, keepDeskBridging, runDeskBridge } from "./foreign/DeskBridge.ts"
export { CrmPending } from "./foreign/Requests.ts"
export * from "./foreign/ResyncFeed.ts"
export { DESK_BRIDGE } from "./foreign/RunRequest.ts"
export { Ids, type IdsShape } from "./Ids.ts"
// layouts
export { editLayout, previewLayout } from "./layout/EditLayout.ts"
export * from "./layout/PublishLayout.ts"
export { readLayout } from "./layout/ReadLayout.ts"
// the panel beside a chat
export * from "./panel/ChangePhone.ts"
export * from "./panel/CreateLead.ts"
export { NoMatch, type NoteToSales, notifySales } from "./panel/NotifySales.ts"
export * from "./panel/OpenCard.ts"
export * from "./panel/ReadPanel.ts"
// routing and time: what Leadline does by itself
export * from "./routing/ExplainRouting.ts"
export * from "./routing/WhatIf.ts"
// search in past chats
export * from "./search/SearchChats.ts"
// settings, and who changed what
export * from "./settings/ChangeSettings.ts"
export { readSettings } from "./settings/ReadSettings.ts"
export * from "./settings/ReadSettingsHistory.ts"
// typing and read marks
export * from "./signal/FollowSignals.ts"
export * from "./signal/SignalRead.ts"
export * from "./signal/SignalTyping.ts"
// deadlines, and whoever runs them
export { drainTimers, keepTime, runTimers, type TimerRound } from "./timers/RunTimers.ts"
// webhooks
export {
  deliverWebhook,
  drainWebhooks,
  keepDeliveringWebhooks,
  tryWebhook,
  webhookPatience
} from "./webhook/DeliverWebhooks.ts"
export { deleteWebhook, moveWebhook, rotateWebhookSecret, saveWebhook } from "./webhook/ManageWebhook.ts"
export * from "./webhook/ReadWebhooks.ts"
