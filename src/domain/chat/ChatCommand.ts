import type { Content } from "../account/Content.ts"
import type { AgentId, ChatId, DepartmentId, ErasureId, UserId, VisitorId } from "../account/Id.ts"
import type { Instant } from "../account/Instant.ts"
import type { Blank, TooLong, TooMany } from "../account/Limits.ts"
import type { RecordId } from "../record/RecordRef.ts"
import type { CloseReason, Rating } from "./Chat.ts"
import type * as Refusal from "./ChatRefusal.ts"
import type { ChatTimeouts } from "./ChatTimeouts.ts"
import type { Offer } from "./Offer.ts"

/** A personal text on its way into a chat: as typed, for the limits (D11), and detached, for the event (J4). */
export interface Text {
  readonly typed: string
  readonly content: Content
}

/** What a visitor gives of themselves; `null`: nothing. */
export interface Details {
  readonly name: Text | null
  readonly email: Text | null
  readonly phone: Text | null
}

/** Everything that can be asked of a chat (D, C). Who may ask is decided by `can` (J1), what fits here. */
export type ChatCommand =
  | {
      readonly _tag: "RequestChat"
      readonly chatId: ChatId
      readonly visitorId: VisitorId
      readonly department: DepartmentId | null
      /** Default: none (C6). */
      readonly skills?: ReadonlyArray<string>
      /** Default: D5's. */
      readonly timeouts?: ChatTimeouts
      readonly details: Details
    }
  | {
      readonly _tag: "LeaveOfflineMessage"
      readonly chatId: ChatId
      readonly visitorId: VisitorId
      readonly details: Details
      readonly texts: ReadonlyArray<Text>
    }
  /** `isAssigned`: the account routes in assigned mode (C1). */
  | {
      readonly _tag: "AnswerChat"
      readonly chatId: ChatId
      readonly agentId: AgentId
      readonly isAssigned?: boolean
    }
  /** By routing (C1). */
  | {
      readonly _tag: "OfferChat"
      readonly chatId: ChatId
      readonly offer: Offer
      readonly clearsExclusions: boolean
    }
  | { readonly _tag: "ClearExclusions"; readonly chatId: ChatId }
  | { readonly _tag: "DeclineOffer"; readonly chatId: ChatId; readonly agentId: AgentId }
  /** The agent may not answer any more (C4). */
  | { readonly _tag: "WithdrawOffer"; readonly chatId: ChatId; readonly agentId: AgentId }
  | {
      readonly _tag: "TransferToAgent"
      readonly chatId: ChatId
      readonly by: AgentId
      readonly to: AgentId
      readonly until: Instant
    }
  | {
      readonly _tag: "TransferToDepartment"
      readonly chatId: ChatId
      readonly by: AgentId
      readonly to: DepartmentId | null
    }
  | { readonly _tag: "InviteAgent"; readonly chatId: ChatId; readonly by: AgentId; readonly agentId: AgentId }
  | { readonly _tag: "JoinChat"; readonly chatId: ChatId; readonly agentId: AgentId }
  | { readonly _tag: "ObserveChat"; readonly chatId: ChatId; readonly agentId: AgentId }
  | { readonly _tag: "StopObserving"; readonly chatId: ChatId; readonly agentId: AgentId }
  /** Time has passed (D5, C5). */
  | { readonly _tag: "PassTime"; readonly chatId: ChatId }
  /** The account is closed (B8). */
  | { readonly _tag: "CloseForHours"; readonly chatId: ChatId }
  | { readonly _tag: "SendVisitorMessage"; readonly chatId: ChatId; readonly text: Text }
  | { readonly _tag: "SendAgentMessage"; readonly chatId: ChatId; readonly agentId: AgentId; readonly text: Text }
  | { readonly _tag: "WriteInternalNote"; readonly chatId: ChatId; readonly agentId: AgentId; readonly text: Text }
  | { readonly _tag: "LeaveChat"; readonly chatId: ChatId; readonly agentId: AgentId }
  /** The agent went offline or was deactivated (B4). */
  | { readonly _tag: "ReleaseAgent"; readonly chatId: ChatId; readonly agentId: AgentId }
  | { readonly _tag: "LeavePage"; readonly chatId: ChatId }
  | { readonly _tag: "ReturnToPage"; readonly chatId: ChatId }
  /** An absent field stays, `null` clears (A6). `by`: an agent, who must serve; `null`: the visitor. */
  | {
      readonly _tag: "ChangeVisitorDetails"
      readonly chatId: ChatId
      readonly details: Partial<Details>
      readonly by: AgentId | null
    }
  | {
      readonly _tag: "RateChat"
      readonly chatId: ChatId
      readonly rating: Rating | null
      readonly comment: Text | null
    }
  | { readonly _tag: "TagChat"; readonly chatId: ChatId; readonly tags: ReadonlyArray<string> }
  /** `email`: the address, detached. `by`: an agent, who must serve; `null`: the visitor (D9). */
  | {
      readonly _tag: "RequestTranscript"
      readonly chatId: ChatId
      readonly email: Text
      readonly by: AgentId | null
    }
  /** Of a closed chat (J4). */
  | { readonly _tag: "EraseVisitor"; readonly chatId: ChatId; readonly erasureId: ErasureId }
  | { readonly _tag: "RecordLead"; readonly chatId: ChatId; readonly lead: RecordId; readonly owner: UserId }
  | { readonly _tag: "EndChat"; readonly chatId: ChatId; readonly reason: CloseReason; readonly by: AgentId | null }

export type ChatRefusal =
  | Refusal.ChatNotFound
  | Refusal.ChatAlreadyAnswered
  | Refusal.ChatIsClosed
  | Refusal.ChatNotWaiting
  | Refusal.NotServing
  | Refusal.NotOffered
  | Refusal.OfferedToAnother
  | Refusal.ChatErased
  | Refusal.BadTag
  | Refusal.ChatIdTaken
  | TooLong
  | TooMany
  | Blank
