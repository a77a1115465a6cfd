import { Instant } from "leadline"
import { agentId } from "../Office.ts"
import { type Commands, Walk } from "./Flow.ts"
import type { Given } from "./Given.ts"

const ada = agentId(0)

/** Request, answer, messages, the agent leaves and returns, the page is left and opened again, the end. */
export const walk = (given: Given, { chatId, details, texts, visitorId }: Commands) => {
  const from = Instant.fromMillis(given.from)
  const chat = new Walk()
  chat.do({ _tag: "RequestChat", chatId, visitorId, department: null, details }, from)
  chat.do({ _tag: "AnswerChat", chatId, agentId: ada }, from)
  for (const [n, text] of texts.entries()) {
    const now = Instant.fromMillis(given.from + n * 1000)
    chat.do(
      n % 2 === 0
        ? { _tag: "SendVisitorMessage", chatId, text }
        : { _tag: "SendAgentMessage", chatId, agentId: ada, text },
      now
    )
  }
  chat.do({ _tag: "LeaveChat", chatId, agentId: ada }, from)
  chat.do({ _tag: "AnswerChat", chatId, agentId: ada }, from)
  chat.do({ _tag: "LeavePage", chatId }, from)
  chat.do({ _tag: "ReturnToPage", chatId }, from)
  chat.do({ _tag: "EndChat", chatId, reason: "agent", by: ada }, from)
  const state = chat.chat
  return {
    isClosed: state?.state._tag === "Closed",
    digest: state?.digest,
    messages: state?.messages,
    servedBy: state?.servedBy
  }
}
