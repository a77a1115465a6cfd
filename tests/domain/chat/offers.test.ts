import { type Chat, ChatDecide, type ChatEvent, ChatEvolve, Offer } from "leadline"
import { describe, expect, it } from "vitest"
import {
  ann,
  answered,
  at,
  ben,
  cem,
  chat,
  chatId,
  declined,
  joined,
  left,
  missed,
  offered,
  requested,
  transferred,
  UNTIL,
  visitorGone,
  withdrawn
} from "./Past.ts"

const offerTo = (to: typeof ann | typeof ben, clearsExclusions = false) =>
  ({ _tag: "OfferChat", chatId, offer: { to, until: UNTIL, kind: "routing" }, clearsExclusions }) as const
const answer = (agentId: typeof ann | typeof ben | typeof cem, isAssigned = true) =>
  ({ _tag: "AnswerChat", chatId, agentId, isAssigned }) as const
const decline = (agentId: typeof ann | typeof ben) => ({ _tag: "DeclineOffer", chatId, agentId }) as const
const withdraw = (agentId: typeof ann | typeof ben) => ({ _tag: "WithdrawOffer", chatId, agentId }) as const
const clear = { _tag: "ClearExclusions", chatId } as const
const cleared = { _tag: "ExclusionsCleared" } as const

describe("offering a chat", () => {
  it("holds it out to one agent until the deadline; its number and its waiting stay (C1, C2)", () => {
    const offering = chat.given(requested).when(offerTo(ann))
    offering.thenHappens(offered(ann))
    expect(offering.state).toMatchObject({
      state: { _tag: "Offered", since: at(1) },
      offer: { to: ann, until: UNTIL, kind: "routing" },
      queuedAt: at(0)
    })
    const numbered = ChatEvolve.evolve({ ...offered7() }, offered(ann), at(1))
    expect(numbered).toMatchObject({ queueNumber: 7, queuedAt: at(0) })
  })

  it("clears exclusions first, where routing says so (C4)", () => {
    const past = chat.given(requested, offered(ann), missed(ann))
    past.when(offerTo(ann, true)).thenHappens(cleared, offered(ann))
    expect(past.when(offerTo(ann, true)).state?.exclusions).toEqual([
      { agentId: ann, at: at(2), why: "missed", isExcluded: false }
    ])
  })

  it.each([
    ["offered to another", [offered(ben)]],
    ["served", [answered(ben)]],
    ["left", [answered(ben), left(ben)]],
    ["closing", [visitorGone]]
  ])("does nothing to a chat that is %s: routing lost a race (C4, C8)", (_, past) => {
    chat
      .given(requested, ...past)
      .when(offerTo(ann))
      .thenNothing()
  })

  it("clears exclusions alone while it waits, once, and only if there are any (C4)", () => {
    const past = [requested, offered(ann), missed(ann)]
    chat
      .given(...past)
      .when(clear)
      .thenHappens(cleared)
    chat
      .given(...past, cleared)
      .when(clear)
      .thenNothing()
    chat.given(requested).when(clear).thenNothing()
    chat
      .given(...past, offered(ben))
      .when(clear)
      .thenNothing()
  })
})

const offered7 = (): Chat.Chat => {
  const { state } = chat.given(requested)
  if (state === null) return expect.unreachable()
  return { ...state, queueNumber: 7 }
}

describe("an offered chat", () => {
  const past = chat.given(requested, offered(ann))

  it("is answered by its agent before the deadline, not at it (C1, C5)", () => {
    past.when(answer(ann), at(29)).thenHappens(answered(ann))
    expect(past.when(answer(ann), at(29)).state).toMatchObject({ state: { _tag: "Served" }, offer: null })
    past.when(answer(ann), at(30)).thenRefuses({ _tag: "NotOffered", agentId: ann })
  })

  it("is answered by nobody else, in any mode (C1)", () => {
    for (const isAssigned of [true, false]) {
      past.when(answer(ben, isAssigned)).thenRefuses({ _tag: "OfferedToAnother", until: UNTIL })
    }
  })

  it("waits again when it is declined, withdrawn or missed: old number, same waiting (C2, C4)", () => {
    past.when(decline(ann)).thenHappens(declined(ann))
    past.when(withdraw(ann)).thenHappens(withdrawn(ann, "agentUnavailable"))
    const start = ChatEvolve.evolve(offered7(), offered(ann), at(1))
    for (const event of [declined(ann), withdrawn(ann, "agentUnavailable"), missed(ann)]) {
      expect(ChatEvolve.evolve(start, event, at(2))).toMatchObject({
        state: { _tag: "Waiting", since: at(2) },
        offer: null,
        queueNumber: 7,
        queuedAt: at(0)
      })
    }
  })

  it("excludes who declined or missed it, not from whom it was withdrawn; an agent counts once (C4)", () => {
    const excludedBy = (...events: ReadonlyArray<ChatEvent.ChatEvent>) =>
      chat.given(requested, ...events).state?.exclusions
    expect(excludedBy(offered(ann), withdrawn(ann, "agentUnavailable"))).toEqual([])
    const all = excludedBy(offered(ann), declined(ann), offered(ben), missed(ben), offered(ann), missed(ann))
    expect(all).toEqual([
      { agentId: ben, at: at(4), why: "missed", isExcluded: true },
      { agentId: ann, at: at(6), why: "missed", isExcluded: true }
    ])
  })

  it("is not declined by, and not withdrawn from, who does not hold it (C4)", () => {
    past.when(decline(ben)).thenNothing()
    past.when(withdraw(ben)).thenNothing()
    chat.given(requested).when(decline(ann)).thenNothing()
  })

  it("is withdrawn when the visitor goes, and waits when they come back (D1)", () => {
    const going = past.when({ _tag: "LeavePage", chatId })
    going.thenHappens(withdrawn(ann, "visitorGone"), visitorGone)
    expect(going.state).toMatchObject({ offer: null, state: { _tag: "Closing", before: { _tag: "Waiting" } } })
    expect(going.state?.exclusions).toEqual([])
  })

  it("is withdrawn when it ends (C4, D2)", () => {
    const ending = past.when({ _tag: "EndChat", chatId, reason: "visitor", by: null })
    expect(ending.state).toMatchObject({ offer: null, state: { _tag: "Closed" }, exclusions: [] })
    expect(ending.result).toMatchObject({ success: [withdrawn(ann, "closed"), { _tag: "ChatClosed" }] })
  })
})

describe("a waiting chat, assigned", () => {
  it("is answered by nobody: only what is offered is (C1)", () => {
    chat.given(requested).when(answer(ann)).thenRefuses({ _tag: "NotOffered", agentId: ann })
    chat.given(requested).when(answer(ann, false)).thenHappens(answered(ann))
  })
})

describe("a served chat that is offered to another agent", () => {
  const past = chat.given(requested, answered(ann), joined(ben), ...transferred(ann, cem))

  it("is answered before the deadline by who holds the offer; the others serve on (C8, C11)", () => {
    past.when(answer(cem), at(29)).thenHappens(answered(cem))
    expect(past.when(answer(cem), at(29)).state).toMatchObject({
      serving: [{ agentId: ben }, { agentId: cem }],
      servedBy: [ann, ben, cem],
      offer: null,
      answered: { by: ann, at: at(1) }
    })
    past.when(answer(cem), at(30)).thenRefuses({ _tag: "ChatAlreadyAnswered", by: ben, at: at(2) })
    past.when(answer(ann)).thenRefuses({ _tag: "ChatAlreadyAnswered", by: ben, at: at(2) })
  })

  it("stays served when the offer is missed or declined (C11)", () => {
    for (const event of [missed(cem), declined(cem)]) {
      const { state } = chat.given(requested, answered(ann), joined(ben), ...transferred(ann, cem), event)
      expect(state).toMatchObject({ state: { _tag: "Served", since: at(1) }, serving: [{ agentId: ben }], offer: null })
    }
  })

  it("is offered, and nobody serves it, when the last agent leaves or goes offline (B4, C11)", () => {
    for (const _tag of ["LeaveChat", "ReleaseAgent"] as const) {
      const leaving = past.when({ _tag, chatId, agentId: ben })
      leaving.thenHappens(left(ben))
      expect(leaving.state).toMatchObject({ state: { _tag: "Offered", since: at(5) }, serving: [], offer: { to: cem } })
      expect(ChatDecide.decide(answer(cem), leaving.state, at(6))).toMatchObject({ success: [answered(cem)] })
    }
  })

  it("waits when that offer is then missed (C2, C11)", () => {
    const { state } = chat.given(
      requested,
      answered(ann),
      joined(ben),
      ...transferred(ann, cem),
      left(ben),
      missed(cem)
    )
    expect(state).toMatchObject({ state: { _tag: "Waiting", since: at(6) }, serving: [], offer: null })
  })
})

describe("the pause of an exclusion", () => {
  it("runs from a miss or a decline; a transfer has none (C4, C11)", () => {
    const one = { agentId: ann, at: at(1), isExcluded: true }
    const from = (["missed", "declined", "transferred"] as const).map((why) =>
      Offer.offerableAt({ ...one, why }, 30_000)
    )
    expect(from).toEqual([at(31), at(31), null])
  })
})

describe("an event that does not fit an offer", () => {
  it.each<readonly [string, ReadonlyArray<ChatEvent.ChatEvent>, ChatEvent.ChatEvent]>([
    ["a second offer", [offered(ann)], offered(ben)],
    ["an offer while the visitor is gone", [visitorGone], offered(ann)],
    ["a miss of who holds none", [offered(ann)], missed(ben)],
    ["a decline of who holds none", [offered(ann)], declined(ben)],
    ["a withdrawal from who holds none", [offered(ann)], withdrawn(ben, "agentUnavailable")],
    [
      "a queue for what is held out",
      [offered(ann)],
      { _tag: "ChatRequeued", reason: "agentsGone", queueNumber: "new" }
    ],
    ["a transfer by who does not serve", [answered(ann)], { _tag: "TransferredToAgent", by: ben, to: cem }],
    [
      "the visitor's leaving before the offer ended",
      [answered(ann), joined(ben), ...transferred(ann, cem)],
      visitorGone
    ]
  ])("leaves no trace: %s (C4, K4)", (_, past, event) => {
    const { state } = chat.given(requested, ...past)
    if (state === null) return expect.unreachable()
    expect(ChatEvolve.evolve(state, event, at(9))).toEqual({ ...state, eventCount: state.eventCount + 1 })
  })
})
