import { Result } from "effect"
import type { Instant } from "../account/Instant.ts"
import type { Chat } from "./Chat.ts"
import type { ChatCommand, ChatRefusal } from "./ChatCommand.ts"
import * as Details from "./ChatDetails.ts"
import type { ChatEvent } from "./ChatEvent.ts"
import * as Life from "./ChatLife.ts"
import * as Offers from "./ChatOffers.ts"
import * as Talk from "./ChatTalk.ts"
import * as Time from "./ChatTime.ts"

/**
 * Decides a command about a chat (K4): what happens, or why not. Pure; constant in the size of the chat. No events
 * means nothing to do. `chat` is `null` where there is none of that id.
 *
 * @example
 * ```ts
 * import { ChatDecide, Id, Instant } from "leadline"
 *
 * const chatId = Id.ChatId.make("chat-1")
 * const agentId = Id.AgentId.make("ada")
 * const decision = ChatDecide.decide({ _tag: "AnswerChat", chatId, agentId }, null, Instant.fromMillis(0))
 *
 * console.log(decision._tag) // => Failure
 * ```
 */
export const decide = (
  command: ChatCommand,
  chat: Chat | null,
  now: Instant
): Result.Result<ReadonlyArray<ChatEvent>, ChatRefusal> => {
  switch (command._tag) {
    case "RequestChat":
      return Life.request(command, chat)
    case "LeaveOfflineMessage":
      return Life.leaveOfflineMessage(command, chat, now)
  }
  if (chat === null) return Result.fail({ _tag: "ChatNotFound", chatId: command.chatId })
  switch (command._tag) {
    case "AnswerChat":
      return Life.answer(chat, command.agentId, command.isAssigned === true, now)
    case "OfferChat":
      return Offers.offer(chat, command.offer, command.clearsExclusions)
    case "ClearExclusions":
      return Offers.clearExclusions(chat)
    case "DeclineOffer":
      return Offers.decline(chat, command.agentId)
    case "WithdrawOffer":
      return Offers.withdraw(chat, command.agentId)
    case "TransferToAgent":
      return Offers.transferToAgent(chat, command.by, command.to, command.until)
    case "TransferToDepartment":
      return Offers.transferToDepartment(chat, command.by, command.to)
    case "InviteAgent":
      return Offers.invite(chat, command.by, command.agentId)
    case "JoinChat":
      return Offers.join(chat, command.agentId)
    case "ObserveChat":
      return Offers.observe(chat, command.agentId)
    case "StopObserving":
      return Offers.stopObserving(chat, command.agentId)
    case "PassTime":
      return Time.pass(chat, now)
    case "CloseForHours":
      return Time.closeForHours(chat, now)
    case "SendVisitorMessage":
      return Talk.sendAsVisitor(chat, command.text, now)
    case "SendAgentMessage":
      return Talk.sendAsAgent(chat, command.agentId, command.text, now)
    case "WriteInternalNote":
      return Talk.writeInternalNote(chat, command.agentId, command.text, now)
    case "LeaveChat":
      return Life.leave(chat, command.agentId)
    case "ReleaseAgent":
      return Life.release(chat, command.agentId)
    case "LeavePage":
      return Life.leavePage(chat)
    case "ReturnToPage":
      return Life.returnToPage(chat)
    case "ChangeVisitorDetails":
      return Details.change(chat, command.details, command.by)
    case "RateChat":
      return Details.rate(chat, command.rating, command.comment)
    case "TagChat":
      return Details.tag(chat, command.tags)
    case "RequestTranscript":
      return Details.requestTranscript(chat, command.email, command.by)
    case "EraseVisitor":
      return Details.eraseVisitor(chat, command.erasureId)
    case "RecordLead":
      return Details.recordLead(chat, command.lead, command.owner)
    case "EndChat":
      return Life.end(chat, command.reason, command.by, now)
  }
}
