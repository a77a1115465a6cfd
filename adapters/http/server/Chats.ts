import { Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { ChatSearch, Signals } from "leadline/ports"
import * as UseCases from "leadline/use-cases"
import { Api } from "../api/Api.ts"
import { asCaller, done, having, texts } from "./AsCaller.ts"

/** The handlers of `ChatsApi`. */
export const chats = HttpApiBuilder.group(Api, "chats", (handlers) =>
  handlers.handleAll({
    request: ({ payload }) => asCaller((caller) => UseCases.requestChat(caller, payload)),
    read: ({ params, query }) =>
      asCaller((caller) =>
        Effect.map(UseCases.readTranscript(caller, { ...params, ...query }), (read) => ({
          ...read,
          texts: texts(read.texts)
        }))
      ),
    answer: ({ params }) => asCaller((caller) => UseCases.answerChat(caller, params)),
    answerNext: () => asCaller(UseCases.answerNext),
    decline: ({ params }) => asCaller((caller) => UseCases.declineOffer(caller, params)),
    join: ({ params }) => asCaller((caller) => UseCases.joinChat(caller, params)),
    invite: ({ params, payload }) => asCaller((caller) => UseCases.inviteAgent(caller, { ...params, ...payload })),
    leave: ({ params }) => asCaller((caller) => UseCases.leaveChat(caller, params)),
    observe: ({ params }) => asCaller((caller) => UseCases.observeChat(caller, params)),
    stopObserving: ({ params }) => asCaller((caller) => UseCases.stopObserving(caller, params)),
    transferToAgent: ({ params, payload }) =>
      asCaller((caller) => UseCases.transferToAgent(caller, { ...params, ...payload })),
    transferToDepartment: ({ params, payload }) =>
      asCaller((caller) => UseCases.transferToDepartment(caller, { ...params, ...payload })),
    end: ({ params }) => asCaller((caller) => UseCases.endChat(caller, params)),
    import: ({ payload }) =>
      asCaller((caller) => Effect.map(UseCases.importChats(caller, payload.chats), (chats) => ({ chats })))
  })
)

/** The handlers of `TalkApi`. */
export const talk = HttpApiBuilder.group(Api, "talk", (handlers) =>
  handlers.handleAll({
    send: ({ params, payload }) => asCaller((caller) => UseCases.sendMessage(caller, { ...params, ...payload })),
    note: ({ params, payload }) => asCaller((caller) => UseCases.writeInternalNote(caller, { ...params, ...payload })),
    tag: ({ params, payload }) => asCaller((caller) => UseCases.tagChat(caller, { ...params, ...payload })),
    details: ({ params, payload }) =>
      asCaller((caller) => UseCases.changeVisitorDetails(caller, { ...params, ...payload })),
    mailTranscript: ({ params, payload }) =>
      asCaller((caller) => UseCases.requestTranscript(caller, { ...params, ...payload })),
    typing: ({ params, payload }) =>
      asCaller((caller) => having(Signals, UseCases.signalTyping(caller, { ...params, ...payload }))),
    readUpTo: ({ params, payload }) =>
      asCaller((caller) => having(Signals, UseCases.signalRead(caller, { ...params, ...payload })))
  })
)

/** The handlers of `PastApi`. */
export const past = HttpApiBuilder.group(Api, "past", (handlers) =>
  handlers.handleAll({
    explainRouting: ({ params }) => asCaller((caller) => UseCases.explainRouting(caller, params)),
    search: ({ query }) => asCaller((caller) => having(ChatSearch, UseCases.searchChats(caller, query))),
    whatIf: ({ payload }) => asCaller((caller) => UseCases.whatIf(caller, payload))
  })
)

/** The handlers of `BansApi`. */
export const bans = HttpApiBuilder.group(Api, "bans", (handlers) =>
  handlers.handleAll({
    banVisitor: ({ params }) => done((caller) => UseCases.banVisitor(caller, params)),
    unbanVisitor: ({ params }) => done((caller) => UseCases.unbanVisitor(caller, params)),
    banIp: ({ params }) => done((caller) => UseCases.banIp(caller, params)),
    unbanIp: ({ params }) => done((caller) => UseCases.unbanIp(caller, params))
  })
)
