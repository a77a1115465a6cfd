import { Effect, Schema } from "effect"
import type { ChatId } from "../../domain/account/Id.ts"
import { limits } from "../../domain/account/Limits.ts"
import type { Text } from "../../domain/chat/ChatCommand.ts"
import * as EmailKey from "../../domain/identity/EmailKey.ts"
import type { Caller } from "../execution/Caller.ts"
import { actingAgentKey, allowed, chatKey, decideChat, onDesk } from "../execution/DeskCommand.ts"
import type { NoEmail } from "../panel/CreateLead.ts"

/** The address given takes no mail: it has no key (A1). */
export const UnusableEmail = Schema.TaggedStruct("UnusableEmail", {})
export type UnusableEmail = typeof UnusableEmail.Type

export interface TranscriptToRequest {
  readonly chatId: ChatId
  /** Absent or blank: the visitor's own. */
  readonly email?: string | null
}

/**
 * Has the chat's public transcript mailed when it ends (D9): asked by its visitor, or an agent who serves it, while it is
 * open. Asked again for the same address: nothing happens; for another: that one gets it, and no other. The address
 * stays as it was when it was asked for.
 *
 * Refusals: `ChatNotFound`, `ChatIsClosed`, `NotServing`, `NoEmail`, `UnusableEmail`, `TooLong`, `AccessDenied`.
 */
export const requestTranscript = Effect.fn("requestTranscript")(function* (caller: Caller, input: TranscriptToRequest) {
  return yield* onDesk(caller, "requestTranscript", input, (transaction) =>
    Effect.gen(function* () {
      const { chatId } = input
      const { reads, texts } = yield* transaction.getWithTexts(chatKey(chatId), actingAgentKey(caller))
      const [read, agent] = reads
      const chat = read.value
      if (chat === null) return yield* Effect.fail({ _tag: "ChatNotFound" as const, chatId })
      const { visitor } = chat
      yield* allowed(caller, agent.value, { action: "chat.takePart", visitorId: visitor.id })
      const known = [chat.transcriptTo ?? null, visitor.email].flatMap((content): ReadonlyArray<Text> => {
        const typed = content === null ? undefined : texts.get(content.ref)
        return content === null || typed === undefined ? [] : [{ typed, content }]
      })
      const own = known.find(({ content }) => content === visitor.email)
      const given = EmailKey.isGiven(input.email) ? input.email : (own?.typed ?? null)
      if (given === null) return yield* Effect.fail<NoEmail>({ _tag: "NoEmail" })
      if (given.length <= limits.email && EmailKey.make(given) === null) {
        return yield* Effect.fail<UnusableEmail>({ _tag: "UnusableEmail" })
      }
      const email =
        known.find(({ typed }) => typed === given) ??
        transaction.text({ _tag: "Visitor", visitorId: visitor.id }, given)
      const by = caller.actor._tag === "Agent" ? caller.actor.agentId : null
      yield* decideChat(transaction, read, { _tag: "RequestTranscript", chatId, email, by })
      return { chatId }
    })
  )
})
