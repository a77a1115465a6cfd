import { Result } from "effect"
import { ChatDecide, type ChatEvent, ChatEvolve, Id, Instant, Limits } from "leadline"
import { ChatCommands, DeciderSpecification } from "leadline/testing"
import { describe, expect, it } from "vitest"

const chat = DeciderSpecification.of({ initial: null, decide: ChatDecide.decide, evolve: ChatEvolve.evolve })
const { chatId, otherVisitorId, text, visitorId } = ChatCommands
const department = Id.DepartmentId.make("sales")
const nobody = { name: null, email: null, phone: null }
const ann = { name: text("Ann"), email: text("ann@example.com"), phone: text("+1 202 555 0100") }
const annDetached = { name: ann.name.content, email: ann.email.content, phone: ann.phone.content }

const requestChat = { _tag: "RequestChat", chatId, visitorId, department, details: ann } as const
const requested: ChatEvent.ChatEvent = { _tag: "ChatRequested", chatId, visitorId, department, ...annDetached }
const leaveMessage = { _tag: "LeaveOfflineMessage", chatId, visitorId, details: nobody, texts: [text("Hi")] } as const

describe("requesting a chat", () => {
  it("puts the chat in its department's queue, details detached (D1, J4)", () => {
    const requesting = chat.given().when(requestChat)
    requesting.thenHappens(requested)
    expect(requesting.state).toMatchObject({
      kind: "chat",
      department,
      state: { _tag: "Waiting", since: DeciderSpecification.START },
      requestedAt: DeciderSpecification.START,
      queueNumber: null,
      answered: null,
      visitor: { id: visitorId, ...annDetached, emailKey: null, phoneKey: null }
    })
  })

  it("does nothing when the same visitor asks for their open chat again (D6)", () => {
    chat.given(requested).when(requestChat).thenNothing()
    chat.given(requested, { _tag: "VisitorGone" }).when(requestChat).thenNothing()
  })

  it("refuses an id that another visitor's chat has, or one that is over, or an offline message (D6)", () => {
    const refusal = { _tag: "ChatIdTaken", chatId } as const
    chat
      .given(requested)
      .when({ ...requestChat, visitorId: otherVisitorId })
      .thenRefuses(refusal)
    const over = chat.given(requested).when({ _tag: "EndChat", chatId, reason: "visitor", by: null })
    expect(ChatDecide.decide(requestChat, over.state, DeciderSpecification.at(9))).toMatchObject({ failure: refusal })
    chat
      .given({ _tag: "OfflineMessageLeft", chatId, visitorId, ...nobody })
      .when(requestChat)
      .thenRefuses(refusal)
  })

  it.each(["name", "email", "phone"] as const)(
    "takes a %s at its limit and refuses one above, with both sizes (D11)",
    (field) => {
      const limit = { name: 255, email: 254, phone: Limits.limits.phone }[field]
      const typed = text("x".repeat(limit))
      chat
        .given()
        .when({ ...requestChat, details: { ...ann, [field]: typed } })
        .thenHappens({ ...requested, [field]: typed.content })
      chat
        .given()
        .when({ ...requestChat, details: { ...ann, [field]: text("x".repeat(limit + 1)) } })
        .thenRefuses({ _tag: "TooLong", field, limit, size: limit + 1 })
    }
  )
})

describe("leaving an offline message", () => {
  it("closes as it begins, never served, and is counted apart from chats that were missed (D4)", () => {
    const leaving = chat.given().when({ ...leaveMessage, texts: [text("Hi"), text("Call me")] })
    const [left, first, second, closed] = "success" in leaving.result ? leaving.result.success : []
    expect(left).toEqual({ _tag: "OfflineMessageLeft", chatId, visitorId, ...nobody })
    expect(first).toMatchObject({ message: { number: 1, author: { _tag: "Visitor" }, visibility: "public" } })
    expect(second).toMatchObject({ message: { number: 2, content: text("Call me").content } })
    expect(closed).toMatchObject({ _tag: "ChatClosed", reason: "visitor", messages: 2 })
    expect(leaving.state).toMatchObject({ kind: "offlineMessage", answered: null, state: { _tag: "Closed" } })
  })

  it("refuses to leave nothing: no text, or a blank one (D11)", () => {
    const blank = { _tag: "Blank", field: "message" } as const
    chat
      .given()
      .when({ ...leaveMessage, texts: [] })
      .thenRefuses(blank)
    chat
      .given()
      .when({ ...leaveMessage, texts: [text("Hi"), text(" \n")] })
      .thenRefuses(blank)
  })

  it("refuses what is above the limits (D11)", () => {
    chat
      .given()
      .when({ ...leaveMessage, texts: [text("Hi"), text("x".repeat(16_001))] })
      .thenRefuses({ _tag: "TooLong", field: "message", limit: 16_000, size: 16_001 })
    chat
      .given()
      .when({ ...leaveMessage, details: { ...nobody, name: text("x".repeat(256)) } })
      .thenRefuses({ _tag: "TooLong", field: "name", limit: 255, size: 256 })
  })

  it("refuses an id that is taken (K3)", () => {
    chat.given(requested).when(leaveMessage).thenRefuses({ _tag: "ChatIdTaken", chatId })
  })
})

describe("a chat that does not exist", () => {
  it("refuses every other command, naming the id (K3)", () => {
    chat.given().when({ _tag: "LeavePage", chatId }).thenRefuses({ _tag: "ChatNotFound", chatId })
    chat
      .given()
      .when({ _tag: "AnswerChat", chatId, agentId: ChatCommands.agentIds[0] })
      .thenRefuses({ _tag: "ChatNotFound", chatId })
  })

  it("asks for at most five skills, none of them blank or long (C6)", () => {
    const asking = (skills: ReadonlyArray<string>) =>
      ChatDecide.decide({ ...requestChat, skills }, null, Instant.fromMillis(0))
    const five = ["a", "b", "c", "d", "e"]
    expect(asking(five)).toMatchObject({ _tag: "Success", success: [{ skills: five }] })
    expect(asking([...five, "f"])).toEqual(Result.fail({ _tag: "TooMany", field: "skills", limit: 5, size: 6 }))
    expect(asking([" "])).toEqual(Result.fail({ _tag: "Blank", field: "skill" }))
    expect(asking(["x".repeat(81)])).toMatchObject({
      failure: { _tag: "TooLong", field: "skill", limit: 80, size: 81 }
    })
  })
})
