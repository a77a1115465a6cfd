import { Chat, ChatDecide, type ChatEvent, ChatEvolve, Transcript } from "leadline"
import { ChatCommands, DeciderSpecification } from "leadline/testing"
import { describe, expect, it } from "vitest"

const chat = DeciderSpecification.of({ initial: null, decide: ChatDecide.decide, evolve: ChatEvolve.evolve })
const { agentIds, chatId, text, visitorId } = ChatCommands
const [ann, ben] = agentIds
const { at } = DeciderSpecification

const nobody = { name: null, email: null, phone: null }
const requested: ChatEvent.ChatEvent = { _tag: "ChatRequested", chatId, visitorId, department: null, ...nobody }
const answered: ChatEvent.ChatEvent = { _tag: "ChatAnswered", agentId: ann }
const annLeft: ChatEvent.ChatEvent = { _tag: "AgentLeft", agentId: ann, wasLast: true }
const visitorGone: ChatEvent.ChatEvent = { _tag: "VisitorGone" }
const line: Transcript.Message = {
  number: 1,
  at: at(40),
  content: text("Hi").content,
  visibility: "public",
  author: { _tag: "Visitor" }
}
const digest = Transcript.extend(Transcript.emptyDigest, line)
const sent: ChatEvent.ChatEvent = { _tag: "MessageSent", message: line, digest }

const end = { _tag: "EndChat", chatId, reason: "visitor", by: null } as const
const sealed = { _tag: "ChatClosed", reason: "visitor", digest: Transcript.emptyDigest, messages: 0 } as const

describe("ending a chat", () => {
  it.each(Chat.CloseReason.literals)("seals it by the path `%s`, from every open state (D2)", (reason) => {
    const pasts = [[requested], [requested, answered], [requested, answered, annLeft], [requested, visitorGone]]
    for (const past of pasts) {
      const ending = chat.given(...past).when({ ...end, reason })
      ending.thenHappens({ ...sealed, reason, at: at(past.length) })
      expect(ending.state).toMatchObject({ state: { _tag: "Closed", at: at(past.length), reason }, serving: [] })
    }
  })

  it("seals the digest and the number of the messages, not before the last of them (D2, D7)", () => {
    chat
      .given(requested, sent)
      .when(end, at(3))
      .thenHappens({ ...sealed, at: at(40), digest, messages: 1 })
    chat
      .given(requested, sent)
      .when(end, at(41))
      .thenHappens({ ...sealed, at: at(41), digest, messages: 1 })
  })

  it("does not end before it was requested, whatever the clock says (D7)", () => {
    chat
      .given(requested)
      .when(end, at(-9))
      .thenHappens({ ...sealed, at: at(0) })
  })

  it("does nothing to a chat that is over: it keeps its first end (D2)", () => {
    const over = chat.given(requested, answered, { ...sealed, at: at(2) })
    over.when({ ...end, reason: "ban" }).thenNothing()
    over.when({ ...end, reason: "agent", by: ann }).thenNothing()
  })

  it("is for an agent who serves it, not for another (C10)", () => {
    const past = chat.given(requested, answered)
    past.when({ ...end, reason: "agent", by: ann }).thenHappens({ ...sealed, reason: "agent", at: at(2) })
    past.when({ ...end, reason: "agent", by: ben }).thenRefuses({ _tag: "NotServing", agentId: ben })
  })

  it("keeps who served it, first to serve first, and who answered (H1, D4)", () => {
    const past = chat.given(requested, answered, { _tag: "AgentReturned", agentId: ben })
    const over = past.when(end)
    expect(over.state).toMatchObject({ serving: [], servedBy: [ann, ben], answered: { by: ann, at: at(1) } })
    expect(over.state === null ? null : Chat.outcomeOf(over.state)).toBe("served")
    const missed = chat.given(requested).when(end)
    expect(missed.state === null ? null : Chat.outcomeOf(missed.state)).toBe("missed")
  })
})

describe("a visitor who closes the page", () => {
  const leave = { _tag: "LeavePage", chatId } as const
  const comeBack = { _tag: "ReturnToPage", chatId } as const

  it("leaves the chat closing, its state remembered (D1)", () => {
    const leaving = chat.given(requested, answered).when(leave)
    leaving.thenHappens(visitorGone)
    expect(leaving.state?.state).toEqual({ _tag: "Closing", since: at(2), before: { _tag: "Served", since: at(1) } })
    expect(leaving.state?.serving).toHaveLength(1)
  })

  it("finds it as it was on return (D1)", () => {
    const returning = chat.given(requested, answered, visitorGone).when(comeBack)
    returning.thenHappens({ _tag: "VisitorBack" })
    expect(returning.state?.state).toEqual({ _tag: "Served", since: at(1) })
  })

  it("changes nothing by leaving twice, or returning without having left (K4)", () => {
    chat.given(requested, visitorGone).when(leave).thenNothing()
    chat.given(requested).when(comeBack).thenNothing()
  })

  it("changes nothing by leaving a chat that is over, and cannot return to it (D1)", () => {
    const over = chat.given(requested, { ...sealed, at: at(1) })
    over.when(leave).thenNothing()
    over.when(comeBack).thenRefuses({ _tag: "ChatIsClosed", at: at(1), reason: "visitor" })
  })
})
