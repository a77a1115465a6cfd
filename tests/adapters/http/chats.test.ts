import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { Actor, Id } from "leadline"
import { requestChat, saveAgent, setStatus } from "leadline/use-cases"
import { clientOf, served } from "./Served.ts"

const account = Id.AccountId.make("acme")
const setup = { account, actor: Actor.service("setup"), surface: "api" } as const
const agents = ["ada", "ben"].map((id) => Id.AgentId.make(id))
const visitorId = Id.VisitorId.make("zoe")

const waiting = Effect.gen(function* () {
  for (const id of agents) {
    yield* saveAgent(setup, {
      ...{ id, displayName: id, email: `${id}@acme.example`, userId: null, isEnabled: true },
      ...{ isChatAdministrator: false, departments: [], chatLimit: null }
    })
    yield* setStatus(setup, { agentId: id, status: "online" })
  }
  return yield* requestChat({ account, actor: Actor.visitor(visitorId), surface: "api" }, { visitorId, name: "Zoë" })
})

describe("chats over HTTP", () => {
  it.live("of two agents who answer at once one wins, and the other is told who (C8)", () =>
    Effect.gen(function* () {
      const { chatId } = yield* waiting
      const clients = yield* Effect.forEach(agents, (id) => clientOf(`agent:${id}`))
      const answers = yield* Effect.forEach(
        clients,
        (client) => Effect.result(client.chats.answer({ params: { chatId }, headers: {} })),
        { concurrency: "unbounded" }
      )
      const tags = answers.map((answer) => (answer._tag === "Success" ? "won" : answer.failure._tag))
      expect(tags.toSorted()).toEqual(["ChatAlreadyAnswered", "won"])
      const winner = clients[tags.indexOf("won")] ?? clients[0]
      expect(
        yield* Effect.flatMap(clientOf("agent:ada"), (client) => client.chats.read({ params: { chatId }, query: {} }))
      ).toMatchObject({ chat: { state: { _tag: "Served" } } })
      if (winner === undefined) return
      expect(yield* winner.talk.send({ params: { chatId }, headers: {}, payload: { text: "Hello" } })).toEqual({
        number: 1
      })
      const late = yield* Effect.flip(winner.talk.send({ params: { chatId }, headers: {}, payload: { text: " " } }))
      expect(late).toEqual({ _tag: "Blank", field: "message" })
    }).pipe(Effect.provide(served))
  )
})
