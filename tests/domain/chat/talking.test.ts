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
const closed: ChatEvent.ChatEvent = {
  _tag: "ChatClosed",
  reason: "visitor",
  at: at(2),
  digest: Transcript.emptyDigest,
  messages: 0
}

const hello = text("Hello")
const asVisitor = { _tag: "SendVisitorMessage", chatId, text: hello } as const
const asAgent = { _tag: "SendAgentMessage", chatId, agentId: ann, text: hello } as const
const note = { _tag: "WriteInternalNote", chatId, agentId: ann, text: hello } as const

const sent = (line: Transcript.Message): ChatEvent.ChatEvent => ({
  _tag: "MessageSent",
  message: line,
  digest: Transcript.extend(Transcript.emptyDigest, line)
})
const visitorSaid: Transcript.PublicMessage = {
  number: 1,
  at: at(1),
  content: hello.content,
  visibility: "public",
  author: { _tag: "Visitor" }
}
const agentSaid: Transcript.PublicMessage = { ...visitorSaid, at: at(2), author: { _tag: "Agent", agentId: ann } }

describe("what the visitor writes", () => {
  it("is a public message, numbered, timed and chained (D7, D8)", () => {
    const sending = chat.given(requested).when(asVisitor)
    sending.thenHappens(sent(visitorSaid))
    expect(sending.state).toMatchObject({
      messages: { total: 1, visitor: 1, agent: 0, internal: 0 },
      beginning: hello.content,
      lastMessageAt: at(1),
      lastPublicAt: at(1)
    })
  })

  it("is never earlier than the request or the message before, whatever the clock says (D7)", () => {
    chat
      .given(requested)
      .when(asVisitor, at(-60))
      .thenHappens(sent({ ...visitorSaid, at: at(0) }))
    const past = chat.given(requested, sent({ ...visitorSaid, at: at(50) })).when(asVisitor, at(3))
    expect(past.state).toMatchObject({ lastMessageAt: at(50), messages: { total: 2 } })
  })

  it("brings back a visitor who was gone (D1)", () => {
    const sending = chat.given(requested, { _tag: "VisitorGone" }).when(asVisitor)
    sending.thenHappens({ _tag: "VisitorBack" }, sent({ ...visitorSaid, at: at(2) }))
    expect(sending.state?.state).toEqual({ _tag: "Waiting", since: at(0) })
  })

  it("brings a chat that was left back into the queue, also from a visitor who was gone (D1, D3)", () => {
    chat
      .given(requested, answered, annLeft, { _tag: "VisitorGone" })
      .when(asVisitor)
      .thenHappens({ _tag: "VisitorBack" }, sent({ ...visitorSaid, at: at(4) }), {
        _tag: "ChatRequeued",
        reason: "visitorWrote",
        queueNumber: "new"
      })
  })
})

describe("what an agent writes", () => {
  it("is a public message while they serve (C10, D7)", () => {
    const sending = chat.given(requested, answered).when(asAgent)
    sending.thenHappens(sent(agentSaid))
    expect(sending.state).toMatchObject({ messages: { total: 1, agent: 1 }, lastPublicAt: at(2) })
  })

  it("is an internal note that never counts as public (D8, B5)", () => {
    const writing = chat.given(requested, answered).when(note)
    writing.thenHappens(
      sent({
        number: 1,
        at: at(2),
        content: hello.content,
        visibility: "internal",
        author: { _tag: "Agent", agentId: ann }
      })
    )
    expect(writing.state).toMatchObject({
      messages: { total: 1, agent: 0, internal: 1 },
      lastMessageAt: at(2),
      lastPublicAt: null,
      beginning: null
    })
  })

  it.each([asAgent, note])("$_tag is refused from who does not serve, or serves no more (C10)", (command) => {
    chat.given(requested).when(command).thenRefuses({ _tag: "NotServing", agentId: ann })
    chat.given(requested, answered, annLeft).when(command).thenRefuses({ _tag: "NotServing", agentId: ann })
    chat
      .given(requested, answered)
      .when({ ...command, agentId: ben })
      .thenRefuses({ _tag: "NotServing", agentId: ben })
  })
})

describe.each([asVisitor, asAgent, note])("$_tag", (command) => {
  const past = chat.given(requested, answered)

  it("takes 16,000 characters and refuses one more, naming field, limit and size (D11)", () => {
    expect(past.when({ ...command, text: text("x".repeat(16_000)) }).state?.messages.total).toBe(1)
    past
      .when({ ...command, text: text("x".repeat(16_001)) })
      .thenRefuses({ _tag: "TooLong", field: "message", limit: 16_000, size: 16_001 })
  })

  it("refuses a message that says nothing (D11)", () => {
    past.when({ ...command, text: text("") }).thenRefuses({ _tag: "Blank", field: "message" })
    past.when({ ...command, text: text(" \t\n") }).thenRefuses({ _tag: "Blank", field: "message" })
  })

  it("refuses when the chat is over (D1, D7)", () => {
    const refusal = { _tag: "ChatIsClosed", at: at(2), reason: "visitor" } as const
    chat.given(requested, answered, closed).when(command).thenRefuses(refusal)
  })
})

describe("the beginning of a chat", () => {
  it("is the first public message, before and after which notes do not matter (H1, D8)", () => {
    const first = chat.given(requested, answered).when(note)
    const second = ChatEvolve.evolve(first.state, sent({ ...agentSaid, content: text("Hi!").content }), at(3))
    expect(second?.beginning).toEqual(text("Hi!").content)
    const third = ChatEvolve.evolve(second, sent(visitorSaid), at(4))
    expect(third?.beginning).toEqual(text("Hi!").content)
    expect(third === null ? [] : Chat.contentsOf(third)).toEqual([text("Hi!").content.ref])
  })
})
