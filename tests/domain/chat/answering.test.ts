import { Result } from "effect"
import fc from "fast-check"
import { Chat, ChatDecide, type ChatEvent, ChatEvolve, Instant } from "leadline"
import { ChatCommands, DeciderSpecification } from "leadline/testing"
import { describe, expect, it } from "vitest"

const chat = DeciderSpecification.of({ initial: null, decide: ChatDecide.decide, evolve: ChatEvolve.evolve })
const { agentIds, chatId, text, visitorId } = ChatCommands
const [ann, ben] = agentIds
const { at } = DeciderSpecification

const requested: ChatEvent.ChatEvent = {
  _tag: "ChatRequested",
  chatId,
  visitorId,
  department: null,
  name: null,
  email: null,
  phone: null
}
const answer = (agentId: typeof ann | typeof ben) => ({ _tag: "AnswerChat", chatId, agentId }) as const
const leave = { _tag: "LeaveChat", chatId, agentId: ann } as const
const release = { _tag: "ReleaseAgent", chatId, agentId: ann } as const
const answeredByAnn: ChatEvent.ChatEvent = { _tag: "ChatAnswered", agentId: ann }
const annReturned: ChatEvent.ChatEvent = { _tag: "AgentReturned", agentId: ann }
const annLeft: ChatEvent.ChatEvent = { _tag: "AgentLeft", agentId: ann, wasLast: true }
/** What a release adds: the old number (C2). */
const requeued: ChatEvent.ChatEvent = { _tag: "ChatRequeued", reason: "agentsGone", queueNumber: "old" }
const visitorGone: ChatEvent.ChatEvent = { _tag: "VisitorGone" }

describe("answering a chat", () => {
  it("serves it from now on, and remembers who answered and when (C8)", () => {
    const answering = chat.given(requested).when(answer(ann))
    answering.thenHappens(answeredByAnn)
    expect(answering.state).toMatchObject({
      state: { _tag: "Served", since: at(1) },
      serving: [{ agentId: ann, joinedAt: at(1) }],
      servedBy: [ann],
      answered: { by: ann, at: at(1) }
    })
  })

  it("refuses a second answer, naming who was first and when (C8)", () => {
    chat
      .given(requested, answeredByAnn)
      .when(answer(ben))
      .thenRefuses({ _tag: "ChatAlreadyAnswered", by: ann, at: at(1) })
  })

  it("does nothing when the winner repeats it, even behind a visitor who is gone (C8)", () => {
    chat.given(requested, answeredByAnn).when(answer(ann)).thenNothing()
    chat.given(requested, answeredByAnn, visitorGone).when(answer(ann)).thenNothing()
  })

  it("lets exactly one win, however many answer in whatever order and at whatever times (C8)", () => {
    const order = fc.shuffledSubarray([...agentIds, ...agentIds], { minLength: 1 })
    fc.assert(
      fc.property(
        order,
        fc.array(fc.integer({ min: -5_000, max: 5_000 }), { minLength: 8, maxLength: 8 }),
        (order, times) => {
          const start = ChatEvolve.evolve(null, requested, at(0))
          let state = start
          const results = order.map((agentId, index) => {
            const now = Instant.fromMillis(times[index] ?? 0)
            const result = ChatDecide.decide(answer(agentId as typeof ann), state, now)
            for (const event of Result.getOrElse(result, () => [])) state = ChatEvolve.evolve(state, event, now)
            return result
          })
          const [winner] = order
          const wonAt = Instant.fromMillis(times[0] ?? 0)
          const lost = Result.fail({ _tag: "ChatAlreadyAnswered", by: winner, at: wonAt })
          const expected = order.map((agentId, index) =>
            index === 0
              ? Result.succeed([{ _tag: "ChatAnswered", agentId }])
              : agentId === winner
                ? Result.succeed([])
                : lost
          )
          expect(results).toEqual(expected)
          expect(state?.serving).toEqual([{ agentId: winner, joinedAt: wonAt }])
        }
      )
    )
  })

  it("names who serves now, not who answered first (C8)", () => {
    chat
      .given(requested, answeredByAnn, annLeft, requeued, { _tag: "ChatAnswered", agentId: ben })
      .when(answer(ann))
      .thenRefuses({ _tag: "ChatAlreadyAnswered", by: ben, at: at(4) })
  })

  it("refuses while the visitor is gone (D1)", () => {
    chat.given(requested, visitorGone).when(answer(ann)).thenRefuses({ _tag: "ChatNotWaiting", state: "Closing" })
  })

  it("refuses when it is over, saying since when and why (D1)", () => {
    const over = chat.given(requested).when({ _tag: "EndChat", chatId, reason: "timeout", by: null })
    expect(ChatDecide.decide(answer(ann), over.state, at(5))).toEqual(
      Result.fail({ _tag: "ChatIsClosed", at: at(1), reason: "timeout" })
    )
  })
})

describe("leaving a chat", () => {
  it("leaves it open, with nobody serving and not in the queue (D3)", () => {
    const leaving = chat.given(requested, answeredByAnn).when(leave)
    leaving.thenHappens(annLeft)
    expect(leaving.state).toMatchObject({ state: { _tag: "Left", since: at(2) }, serving: [], servedBy: [ann] })
  })

  it("leaves it served while another agent is there (D1)", () => {
    const leaving = chat.given(requested, answeredByAnn, { _tag: "AgentReturned", agentId: ben }).when(leave)
    leaving.thenHappens({ ...annLeft, wasLast: false })
    expect(leaving.state).toMatchObject({
      state: { _tag: "Served", since: at(1) },
      serving: [{ agentId: ben, joinedAt: at(2) }]
    })
  })

  it("does nothing for who does not serve it (K4)", () => {
    chat.given(requested).when(leave).thenNothing()
    chat.given(requested, answeredByAnn, annLeft).when(leave).thenNothing()
  })

  it("changes the remembered state of a chat whose visitor is gone (D1)", () => {
    const leaving = chat.given(requested, answeredByAnn, visitorGone).when(leave)
    expect(leaving.state?.state).toEqual({ _tag: "Closing", since: at(2), before: { _tag: "Left", since: at(3) } })
  })

  it("lets an agent who served it come back, but no other (D1)", () => {
    const past = chat.given(requested, answeredByAnn, annLeft)
    const returning = past.when(answer(ann))
    returning.thenHappens(annReturned)
    expect(returning.state).toMatchObject({ state: { _tag: "Served" }, servedBy: [ann], answered: { at: at(1) } })
    past.when(answer(ben)).thenRefuses({ _tag: "ChatNotWaiting", state: "Left" })
  })

  it("puts the same chat back in the queue, with a new number, when the visitor writes (D3, C2)", () => {
    const past = chat.given(requested, answeredByAnn, annLeft)
    const numbered = past.state === null ? null : { ...past.state, queueNumber: 7 }
    const command = { _tag: "SendVisitorMessage", chatId, text: text("Still there?") } as const
    const result = ChatDecide.decide(command, numbered, at(3))
    const events = Result.getOrElse(result, () => [])
    expect(events.map(({ _tag }) => _tag)).toEqual(["MessageSent", "ChatRequeued"])
    expect(events[1]).toEqual({ _tag: "ChatRequeued", reason: "visitorWrote", queueNumber: "new" })
    const waiting = events.reduce<Chat.Chat | null>((state, event) => ChatEvolve.evolve(state, event, at(3)), numbered)
    expect(waiting).toMatchObject({ id: chatId, state: { _tag: "Waiting", since: at(3) }, queueNumber: null })
    // whoever answers now: the first agent has returned, another is new
    expect(ChatDecide.decide(answer(ann), waiting, at(4))).toEqual(Result.succeed([annReturned]))
    expect(ChatDecide.decide(answer(ben), waiting, at(4))).toEqual(
      Result.succeed([{ _tag: "ChatAnswered", agentId: ben }])
    )
  })
})

describe("an agent who goes offline", () => {
  it("lets what only they serve wait again, with its old number (B4, C2)", () => {
    const past = chat.given(requested, answeredByAnn)
    const numbered = past.state === null ? null : { ...past.state, queueNumber: 7 }
    const events = Result.getOrElse(ChatDecide.decide(release, numbered, at(2)), () => [])
    expect(events).toEqual([annLeft, requeued])
    const waiting = events.reduce<Chat.Chat | null>((state, event) => ChatEvolve.evolve(state, event, at(2)), numbered)
    expect(waiting).toMatchObject({ state: { _tag: "Waiting", since: at(2) }, serving: [], queueNumber: 7 })
  })

  it("only leaves what somebody else serves, too (B4)", () => {
    chat
      .given(requested, answeredByAnn, { _tag: "AgentReturned", agentId: ben })
      .when(release)
      .thenHappens({ ...annLeft, wasLast: false })
  })

  it("changes nothing where they do not serve (B4)", () => {
    chat.given(requested).when(release).thenNothing()
    chat.given(requested, answeredByAnn, annLeft).when(release).thenNothing()
  })

  it("changes the remembered state while the visitor is gone (B4, D1)", () => {
    const releasing = chat.given(requested, answeredByAnn, visitorGone).when(release)
    expect(releasing.state?.state).toEqual({ _tag: "Closing", since: at(2), before: { _tag: "Waiting", since: at(3) } })
    expect(releasing.state === null || Chat.isClosed(releasing.state)).toBe(false)
  })
})
