import { Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import type { Id } from "leadline"
import { Signals } from "leadline/ports"
import * as UseCases from "leadline/use-cases"
import { Api } from "../api/Api.ts"
import { CallerIdentity } from "../api/Authorization.ts"
import { asCaller, chatOfToken, having } from "./AsCaller.ts"
import { VisitorTokens } from "./VisitorTokens.ts"

const inChat = <A, E, R>(
  run: (caller: UseCases.Caller, chat: { readonly chatId: Id.ChatId }) => Effect.Effect<A, E, R>
) => Effect.flatMap(chatOfToken, (chatId) => asCaller((caller) => run(caller, { chatId })))

const doneInChat = <A, E, R>(
  run: (caller: UseCases.Caller, chat: { readonly chatId: Id.ChatId }) => Effect.Effect<A, E, R>
) => Effect.asVoid(inChat(run))

/** Which visitor it is. Whoever is none was refused at the door (`Callers`). */
const asVisitor = <A, E, R>(run: (caller: UseCases.Caller, visitorId: Id.VisitorId) => Effect.Effect<A, E, R>) =>
  asCaller((caller) =>
    caller.actor._tag === "Visitor" ? run(caller, caller.actor.visitorId) : Effect.die("not a visitor")
  )

const token = (chatId: Id.ChatId | null) =>
  asVisitor(({ account }, visitorId) => VisitorTokens.use((tokens) => tokens.issue(account, visitorId, chatId)))

/** The handlers of `VisitorApi`. */
export const visitor = HttpApiBuilder.group(Api, "visitor", (handlers) =>
  handlers.handleAll({
    request: ({ payload }) =>
      asVisitor((caller, visitorId) =>
        Effect.gen(function* () {
          const requested = yield* UseCases.requestChat(caller, { ...payload, visitorId })
          return { ...requested, ...(yield* token(requested.chatId)) }
        })
      ),
    renew: () => Effect.flatMap(CallerIdentity, ({ chatId }) => token(chatId ?? null)),
    read: ({ query }) => inChat((caller, chat) => UseCases.readConversation(caller, { ...chat, ...query })),
    send: ({ payload }) => inChat((caller, chat) => UseCases.sendMessage(caller, { ...chat, ...payload })),
    details: ({ payload }) =>
      doneInChat((caller, chat) => UseCases.changeVisitorDetails(caller, { ...chat, ...payload })),
    rate: ({ payload }) => doneInChat((caller, chat) => UseCases.rateChat(caller, { ...chat, ...payload })),
    end: () => doneInChat(UseCases.endChat),
    mailTranscript: ({ payload }) =>
      doneInChat((caller, chat) => UseCases.requestTranscript(caller, { ...chat, ...payload })),
    leavePage: () => doneInChat(UseCases.leavePage),
    returnToPage: () => doneInChat(UseCases.returnToPage),
    typing: ({ payload }) =>
      inChat((caller, chat) => having(Signals, UseCases.signalTyping(caller, { ...chat, ...payload }))),
    readUpTo: ({ payload }) =>
      inChat((caller, chat) => having(Signals, UseCases.signalRead(caller, { ...chat, ...payload }))),
    leaveOfflineMessage: ({ payload }) =>
      Effect.asVoid(asVisitor((caller, visitorId) => UseCases.leaveOfflineMessage(caller, { ...payload, visitorId })))
  })
)

/** The handlers of `TokensApi`. */
export const tokens = HttpApiBuilder.group(Api, "tokens", (handlers) =>
  handlers.handle("issue", ({ payload }) =>
    asCaller(({ account }) => VisitorTokens.use(({ issue }) => issue(account, payload.visitorId, null)))
  )
)
