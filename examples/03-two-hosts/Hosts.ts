import { Console, Effect, Stream } from "effect"
import { Id } from "leadline"
import type { DeskPayload } from "leadline/ports"
import { answerChat, endChat, type Followed, followLog, requestChat, sendMessage } from "leadline/use-cases"
import { callers, people } from "../01-walking-flow/Cast.ts"

const chatId = Id.ChatId.make("two-hosts")
const { ada, setup, zoe } = callers

type Entry = Followed<DeskPayload>

/** What a host sees of the chat, told as it comes, until the chat is over. */
const watch = <E, R>(name: string, react: (entry: Entry) => Effect.Effect<unknown, E, R>) =>
  followLog(setup, 0).pipe(
    Stream.filter(({ event }) => event.stream === `chat/${chatId}`),
    Stream.tap((entry) => Effect.andThen(Console.log(`${name} sees ${told(entry)}`), react(entry))),
    Stream.takeUntil(({ event }) => event.payload._tag === "ChatClosed"),
    Stream.runDrain
  )

const told = ({ event: { payload }, texts }: Entry): string =>
  payload._tag === "MessageSent"
    ? `${payload.message.author._tag === "Agent" ? "Ada" : "Zoe"}: ${texts.get(payload.message.content.ref) ?? "(erased)"}`
    : payload._tag

const isFrom = (author: "Agent" | "Visitor", { event: { payload } }: Entry): boolean =>
  payload._tag === "MessageSent" && payload.message.author._tag === author

/** Whom the website serves: Zoe asks for a chat, and orders once somebody answers her. */
export const website = Effect.gen(function* () {
  yield* requestChat(zoe, { visitorId: people.zoe, chatId, name: "Zoe", email: "zoe@home.example" })
  yield* sendMessage(zoe, { chatId, text: "Do you deliver to Berlin?" })
  yield* watch("website", (entry) =>
    isFrom("Agent", entry) ? Effect.ignore(sendMessage(zoe, { chatId, text: "Forty chairs, please." })) : Effect.void
  )
})

/** Whom the desk serves: Ada answers what rings, and ends the chat once she knows what Zoe wants. */
export const desk = Effect.gen(function* () {
  let heard = 0
  yield* watch("desk   ", (entry) => {
    if (entry.event.payload._tag === "ChatRequested") return answerChat(ada, { chatId })
    if (!isFrom("Visitor", entry)) return Effect.void
    return ++heard === 1 ? sendMessage(ada, { chatId, text: "We do! What may it be?" }) : endChat(ada, { chatId })
  })
})
