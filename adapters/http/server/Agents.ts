import { Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import * as UseCases from "leadline/use-cases"
import { Api } from "../api/Api.ts"
import { asCaller, texts } from "./AsCaller.ts"

/** The handlers of `AgentsApi`. */
export const agents = HttpApiBuilder.group(Api, "agents", (handlers) =>
  handlers.handleAll({
    save: ({ params, payload }) => asCaller((caller) => UseCases.saveAgent(caller, { ...payload, id: params.agentId })),
    setStatusOf: ({ params, payload }) => asCaller((caller) => UseCases.setStatus(caller, { ...params, ...payload })),
    setStatus: ({ payload }) => asCaller((caller) => UseCases.setStatus(caller, payload)),
    console: () =>
      asCaller((caller) => Effect.map(UseCases.readConsole(caller), (read) => ({ ...read, texts: texts(read.texts) }))),
    signIn: ({ payload }) => asCaller((caller) => UseCases.signIn(caller, payload)),
    heartbeat: ({ params, payload }) => asCaller((caller) => UseCases.heartbeat(caller, { ...params, ...payload })),
    signOut: ({ params }) => asCaller((caller) => UseCases.signOut(caller, params)),
    accountStatus: () =>
      asCaller(({ account }) => Effect.map(UseCases.readAccountStatus(account), (status) => ({ status })))
  })
)
