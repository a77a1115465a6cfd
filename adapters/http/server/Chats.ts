import { HttpApiBuilder } from "effect/http-api"
import { answerChat, endChat, readTranscript, sendMessage } from "leadline/use-cases"
import { Api } from "../api/Api.ts"
import { asCaller } from "./AsCaller.ts"

/** The handlers of `ChatsApi`. */
export const chats = HttpApiBuilder.group(Api, "chats", (handlers) =>
  handlers.handleAll({
    answer: ({ params }) => asCaller((caller) => answerChat(caller, params)),
    end: ({ params }) => asCaller((caller) => endChat(caller, params)),
    read: ({ params, query }) => asCaller((caller) => readTranscript(caller, { ...params, ...query })),
    send: ({ params, payload }) => asCaller((caller) => sendMessage(caller, { ...params, ...payload }))
  })
)
