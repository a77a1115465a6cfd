import { Id } from "leadline"
import type { ExportedChat } from "./ChatLog.ts"

/** Something that happens in the replay, at epoch milliseconds. */
export type Step = { readonly at: number; readonly chat: ExportedChat } & (
  | { readonly _tag: "Request" }
  | { readonly _tag: "OfflineMessage"; readonly texts: ReadonlyArray<string> }
  | { readonly _tag: "Answer"; readonly agentId: Id.AgentId }
  | { readonly _tag: "VisitorMessage"; readonly text: string }
  | { readonly _tag: "AgentMessage"; readonly agentId: Id.AgentId; readonly text: string }
  | { readonly _tag: "Rating"; readonly rating: "good" | "bad" | null }
  | { readonly _tag: "End"; readonly agentId: Id.AgentId | null }
)

/** What happens in one chat, in order of time; at equal times in the order of its history. */
export const stepsOf = (chat: ExportedChat): ReadonlyArray<Step> => {
  const start = Date.parse(chat.timestamp)
  if (chat.type === "offline_msg") {
    const texts = chat.history.flatMap(({ msg, type }) => (type === "chat.msg" && msg !== undefined ? [msg] : []))
    return [{ _tag: "OfflineMessage", at: start, chat, texts }]
  }
  const agentId = chat.missed ? null : (chat.agent_ids[0] ?? null)
  const steps: Array<Step> = [{ _tag: "Request", at: start, chat }]
  if (agentId !== null)
    steps.push({ _tag: "Answer", at: Math.max(start, joinedAt(chat, agentId) ?? start), chat, agentId })
  for (const item of chat.history) {
    const at = Math.max(start, Date.parse(item.timestamp))
    if (item.type === "chat.msg" && item.msg !== undefined) {
      steps.push(
        item.nick?.startsWith("agent:") === true
          ? {
              _tag: "AgentMessage",
              at,
              chat,
              agentId: Id.AgentId.make(item.nick.slice("agent:".length)),
              text: item.msg
            }
          : { _tag: "VisitorMessage", at, chat, text: item.msg }
      )
    }
    if (item.type === "chat.rating") {
      const given = item.new_rating
      steps.push({ _tag: "Rating", at, chat, rating: given === "good" || given === "bad" ? given : null })
    }
  }
  steps.sort((a, b) => a.at - b.at)
  const last = steps.at(-1)?.at ?? start
  steps.push({ _tag: "End", at: Math.max(last, Date.parse(chat.end_timestamp)), chat, agentId })
  return steps
}

const joinedAt = (chat: ExportedChat, agentId: string): number | null => {
  const joined = chat.history.find(({ nick, type }) => type === "chat.memberjoin" && nick === `agent:${agentId}`)
  return joined === undefined ? null : Date.parse(joined.timestamp)
}

/**
 * The steps of all chats, merged by time; at equal times in the chats' order. The chats come in order of start, so only
 * those that overlap are held at once.
 */
export async function* merged(chats: AsyncIterable<ExportedChat>): AsyncGenerator<Step> {
  const open: Array<{ readonly steps: ReadonlyArray<Step>; next: number }> = []
  function* until(limit: number): Generator<Step> {
    for (;;) {
      let first: (typeof open)[number] | undefined
      let at = limit
      for (const one of open) {
        const step = one.steps[one.next]
        if (step !== undefined && step.at < at) [first, at] = [one, step.at]
      }
      const step = first?.steps[first.next]
      if (first === undefined || step === undefined) return
      yield step
      first.next++
      if (first.next === first.steps.length) open.splice(open.indexOf(first), 1)
    }
  }
  for await (const chat of chats) {
    yield* until(Date.parse(chat.timestamp))
    open.push({ steps: stepsOf(chat), next: 0 })
  }
  yield* until(Number.POSITIVE_INFINITY)
}
