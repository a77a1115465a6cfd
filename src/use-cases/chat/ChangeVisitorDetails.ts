import { Effect } from "effect"
import type { ChatId } from "../../domain/account/Id.ts"
import type { Caller } from "../execution/Caller.ts"
import { actingAgentKey, allowed, chatKey, decideChat, onDesk } from "../execution/DeskCommand.ts"
import { currentSettings } from "../execution/Rights.ts"
import { detach, type GivenDetails, keysOf } from "./VisitorDetails.ts"

/** Name, email or phone of a chat's visitor; an absent field stays, `null` or a blank clears. */
export interface DetailsToChange extends GivenDetails {
  readonly chatId: ChatId
}

/**
 * Changes what the chat knows of its visitor, while it is open: by the visitor, or an agent who serves (A6). The panel
 * matches with the new email at once. Refusals: `ChatNotFound`, `ChatIsClosed`, `NotServing`, `TooLong`,
 * `AccessDenied`.
 */
export const changeVisitorDetails = Effect.fn("changeVisitorDetails")(function* (
  caller: Caller,
  input: DetailsToChange
) {
  const settings = yield* currentSettings(caller)
  return yield* onDesk(caller, "changeVisitorDetails", input, (transaction) =>
    Effect.gen(function* () {
      const { chatId } = input
      const [read, agent] = yield* transaction.get(chatKey(chatId), actingAgentKey(caller))
      if (read.value === null) return yield* Effect.fail({ _tag: "ChatNotFound" as const, chatId })
      const visitorId = read.value.visitor.id
      yield* allowed(caller, agent.value, { action: "chat.takePart", visitorId })
      const all = detach(transaction, visitorId, input)
      const details = {
        ...(input.name === undefined ? {} : { name: all.name }),
        ...(input.email === undefined ? {} : { email: all.email }),
        ...(input.phone === undefined ? {} : { phone: all.phone })
      }
      const keys = keysOf(input, settings.defaultRegion)
      yield* decideChat(
        transaction,
        read,
        {
          _tag: "ChangeVisitorDetails",
          chatId,
          details,
          by: caller.actor._tag === "Agent" ? caller.actor.agentId : null
        },
        {
          finish: (chat) => ({
            ...chat,
            visitor: {
              ...chat.visitor,
              ...(input.email === undefined ? {} : { emailKey: keys.emailKey }),
              ...(input.phone === undefined ? {} : { phoneKey: keys.phoneKey })
            }
          })
        }
      )
      return { chatId }
    })
  )
})
