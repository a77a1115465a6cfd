import { Clock, Effect, Stream } from "effect"
import type { AccessDenied } from "../../domain/account/Access.ts"
import type { ChatId } from "../../domain/account/Id.ts"
import * as Instant from "../../domain/account/Instant.ts"
import * as Signal from "../../domain/chat/Signal.ts"
import { Signals } from "../../ports/Signals.ts"
import type { Caller } from "../execution/Caller.ts"
import { takingPart } from "./TakingPart.ts"

/**
 * What the others in a chat are doing, for an agent who serves or observes it (C10), from now on. Rights are asked for each signal (J1):
 * the first that comes after the agent stopped serving, or the chat closed, ends the stream with the refusal. One's own
 * typing does not come, one's own read marks do: they are for one's other consoles. Typing that is over by the time it
 * is read is left out.
 *
 * Refusals, at the start and later: `ChatNotFound`, `ChatIsClosed`, `NotServing`, `AccessDenied`. Cost: one read per signal.
 */
export const followSignals = (caller: Caller, chatId: ChatId) =>
  caller.actor._tag === "Agent"
    ? Stream.map(follow(caller, chatId), ({ signal }) => signal)
    : Stream.fail<AccessDenied>({ _tag: "AccessDenied", action: "chat.serve", reason: "notAnAgent" })

/**
 * As {@link followSignals}, for the chat's visitor: agents by the name they show, nothing of their notes (D8). A visitor's
 * own signals do not come.
 */
export const followConversation = (caller: Caller, chatId: ChatId) =>
  caller.actor._tag === "Visitor"
    ? Stream.flatMap(follow(caller, chatId), ({ agentName, signal }) => {
        const shown = Signal.shown(signal, agentName)
        return shown === null ? Stream.empty : Stream.succeed(shown)
      })
    : Stream.fail<AccessDenied>({ _tag: "AccessDenied", action: "chat.takePart", reason: "notYours" })

/** The signals that reach this caller, each with the name of the agent it is from. */
const follow = (caller: Caller, chatId: ChatId) =>
  Stream.unwrap(
    Effect.gen(function* () {
      const signals = yield* Signals
      yield* takingPart(caller, chatId, "follow")
      return signals.follow(caller.account, chatId).pipe(
        Stream.filter((signal) => !isOwnTyping(caller, signal)),
        Stream.mapEffect((signal) =>
          Effect.gen(function* () {
            const about = signal.from._tag === "Agent" ? signal.from.agentId : null
            const { agentName } = yield* takingPart(caller, chatId, "follow", about)
            return { signal, agentName, now: Instant.fromMillis(yield* Clock.currentTimeMillis) }
          })
        ),
        Stream.filter(({ now, signal }) => Signal.isLive(signal, now))
      )
    })
  )

const isOwnTyping = ({ actor }: Caller, { _tag, from }: Signal.Signal): boolean =>
  _tag !== "Read" &&
  (actor._tag === "Agent"
    ? from._tag === "Agent" && from.agentId === actor.agentId
    : from._tag === "Visitor" && actor._tag === "Visitor")
