import { Effect, Result } from "effect"
import type { Id } from "leadline"
import { answerChat, endChat } from "leadline/use-cases"
import { type Case, same } from "../Case.ts"
import { agentId, asAgent, openChats, openDesk } from "../Office.ts"
import { dropSchema, host } from "../Postgres.ts"
import * as Hand from "./Hand.ts"

const AGENTS = 160
const agents = Array.from({ length: AGENTS }, (_, n) => n)

/** The one who has it; fails unless all say the same. */
const winner = (holders: ReadonlyArray<string>): string => {
  const [first = "", ...others] = new Set(holders)
  if (others.length > 0 || holders.length !== AGENTS) throw new Error(`${others.length + 1} winners`)
  return first
}

let visitors = 0

/** All answer the same chat at once; each knows who has it. */
const contest = Effect.fnUntraced(function* (chatId: Id.ChatId) {
  const began = performance.now()
  const holders = yield* Effect.forEach(
    agents,
    (n) =>
      Effect.map(Effect.result(answerChat(asAgent(n), { chatId })), (result) => {
        if (Result.isSuccess(result)) return { holder: agentId(n), won: 1 }
        if (result.failure._tag !== "ChatAlreadyAnswered") throw new Error(result.failure._tag)
        return { holder: result.failure.by, won: 0 }
      }),
    { concurrency: "unbounded" }
  )
  const overriddenDuration = performance.now() - began
  same("winners", holders.filter(({ won }) => won === 1).length, 1)
  return { by: winner(holders.map(({ holder }) => holder)), overriddenDuration }
})

export const cases: ReadonlyArray<Case> = [
  {
    name: "answer.contested",
    says: "160 agents answer one waiting chat, time until all know",
    kind: "speed",
    unit: "ms",
    targets: [{ against: "hand", atLeast: 0.7 }],
    roundMillis: 1000,
    open: async () => {
      const ours = await host("ours")
      await ours.run(openDesk(AGENTS))
      const hand = await Hand.open(
        "hand",
        agents.map((n) => agentId(n))
      )
      const task = Effect.gen(function* () {
        const [chatId] = yield* openChats(1, ++visitors)
        if (chatId === undefined) throw new Error("no chat")
        const { by, overriddenDuration } = yield* contest(chatId)
        yield* endChat({ ...asAgent(0), actor: { _tag: "Agent", agentId: by as Id.AgentId } }, { chatId })
        return { overriddenDuration }
      })
      const byHand = async () => {
        const id = `chat-${++visitors}`
        await hand.request(id)
        const began = performance.now()
        const holders = await Promise.all(agents.map((n) => hand.answer(id, agentId(n))))
        const overriddenDuration = performance.now() - began
        await hand.end(id, winner(holders))
        return { overriddenDuration }
      }
      return {
        ours: { task: () => ours.run(task) },
        baselines: [{ against: "hand", task: byHand }],
        close: async () => {
          await ours.close()
          await hand.pool.end()
          await dropSchema("ours", "hand")
        }
      }
    }
  }
]
