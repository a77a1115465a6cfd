import { type Chat, ChatEvolve, type Id, Transcript } from "leadline"
import { describe, expect, it } from "vitest"
import {
  ann,
  answered,
  at,
  ben,
  cem,
  chat,
  chatId,
  joined,
  left,
  missed,
  observing,
  offered,
  requested,
  sales,
  support,
  transferred,
  UNTIL,
  visitorGone,
  withdrawn
} from "./Past.ts"

const toAgent = (by: Id.AgentId, to: Id.AgentId) => ({ _tag: "TransferToAgent", chatId, by, to, until: UNTIL }) as const
const toDepartment = (by: Id.AgentId, to: Id.DepartmentId | null) =>
  ({ _tag: "TransferToDepartment", chatId, by, to }) as const
const invite = (by: Id.AgentId, agentId: Id.AgentId) => ({ _tag: "InviteAgent", chatId, by, agentId }) as const
const join = (agentId: Id.AgentId) => ({ _tag: "JoinChat", chatId, agentId }) as const
const observe = (agentId: Id.AgentId) => ({ _tag: "ObserveChat", chatId, agentId }) as const
const stop = (agentId: Id.AgentId) => ({ _tag: "StopObserving", chatId, agentId }) as const

const servingIn = (state: Chat.Chat | null) => state?.serving.map(({ agentId }) => agentId)
const closed = { _tag: "EndChat", chatId, reason: "visitor", by: null } as const
const served = chat.given(requested, answered(ann))
const both = chat.given(requested, answered(ann), joined(ben))
const ended = chat.given(requested, answered(ann), {
  _tag: "ChatClosed",
  reason: "visitor",
  at: at(2),
  digest: Transcript.emptyDigest,
  messages: 0
})

describe("a transfer to an agent", () => {
  it.each([
    ["the only agent", served, ann, cem, "Offered", [], { to: cem }],
    ["one of two", both, ann, cem, "Served", [ben], { to: cem }],
    ["the other of two", both, ben, cem, "Served", [ann], { to: cem }],
    ["one of two, to the other", both, ann, ben, "Served", [ben], null]
  ] as const)(
    "by %s: who serves, and to whom it is offered, is as the table says (C11)",
    (_, past, by, to, tag, serving, offer) => {
      const transferring = past.when(toAgent(by, to))
      const { state } = transferring
      expect(state).toMatchObject({ state: { _tag: tag }, offer })
      expect(servingIn(state)).toEqual(serving)
      expect(state?.exclusions).toEqual([{ agentId: by, at: expect.any(Number), why: "transferred", isExcluded: true }])
      if (offer === null) transferring.thenHappens({ _tag: "TransferredToAgent", by, to })
      else transferring.thenHappens(...transferred(by, to))
    }
  )

  it("gives it a new number, since when it waits from then on (C2)", () => {
    const numbered = served.state === null ? null : { ...served.state, queueNumber: 7 }
    let state: Chat.Chat | null = numbered
    for (const event of transferred(ann, cem)) state = ChatEvolve.evolve(state, event, at(2))
    expect(state).toMatchObject({ queueNumber: null, queuedAt: at(2) })
  })

  it("ignores that the target is excluded (C11)", () => {
    const past = chat.given(requested, offered(cem), missed(cem), answered(ann))
    past.when(toAgent(ann, cem)).thenHappens(...transferred(ann, cem))
  })

  it("to oneself does nothing; said again, neither (K4)", () => {
    served.when(toAgent(ann, ann)).thenNothing()
    chat
      .given(requested, answered(ann), ...transferred(ann, cem))
      .when(toAgent(ann, cem))
      .thenNothing()
    chat
      .given(requested, answered(ann), joined(ben), { _tag: "TransferredToAgent", by: ann, to: ben })
      .when(toAgent(ann, ben))
      .thenNothing()
  })

  it("comes only from an agent who serves it, whoever it is for (C10)", () => {
    served.when(toAgent(ben, cem)).thenRefuses({ _tag: "NotServing", agentId: ben })
    served.when(toAgent(ben, ben)).thenRefuses({ _tag: "NotServing", agentId: ben })
    const away = chat.given(requested, answered(ann), ...transferred(ann, cem))
    away.when(toAgent(ann, ben)).thenRefuses({ _tag: "NotServing", agentId: ann })
    const missedIt = chat.given(requested, answered(ann), ...transferred(ann, cem), missed(cem))
    missedIt.when(toAgent(ann, cem)).thenRefuses({ _tag: "NotServing", agentId: ann })
  })

  it("is not the one that routing, or another agent, made to the same agent since (C10, K4)", () => {
    const refused = { _tag: "NotServing", agentId: ann } as const
    const given = [requested, answered(ann), ...transferred(ann, cem), missed(cem)]
    chat
      .given(...given, offered(cem))
      .when(toAgent(ann, cem))
      .thenRefuses(refused)
    const past = [requested, offered(ann), missed(ann), answered(ben), ...transferred(ben, cem)]
    chat
      .given(...past)
      .when(toAgent(ann, cem))
      .thenRefuses(refused)
  })

  it("of who serves it again goes through, though they gave it away before (C11)", () => {
    const past = [requested, answered(ann), joined(ben), { _tag: "TransferredToAgent", by: ann, to: ben }] as const
    const again = chat.given(...past, joined(ann))
    again.when(toAgent(ann, ben)).thenHappens({ _tag: "TransferredToAgent", by: ann, to: ben })
  })

  it("is refused while another transfer is open, while the visitor is gone, and after the end (C4, D1)", () => {
    const open = chat.given(requested, answered(ann), joined(ben), ...transferred(ann, cem))
    open.when(toAgent(ben, ann)).thenRefuses({ _tag: "OfferedToAnother", until: UNTIL })
    open.when(toAgent(ben, cem)).thenRefuses({ _tag: "OfferedToAnother", until: UNTIL })
    chat
      .given(requested, answered(ann), visitorGone)
      .when(toAgent(ann, cem))
      .thenRefuses({ _tag: "ChatNotWaiting", state: "Closing" })
    ended.when(toAgent(ann, cem)).thenRefuses({ _tag: "ChatIsClosed", at: at(2), reason: "visitor" })
  })
})

describe("a transfer to a department", () => {
  it.each([
    ["one agent", served, [ann]],
    ["two agents", both, [ann, ben]]
  ])(
    "served by %s: queued there with a new number, nobody serves it, the previous one recorded (C2, C11)",
    (_, past, servedBy) => {
      const transferring = past.when(toDepartment(ann, support))
      transferring.thenHappens({ _tag: "TransferredToDepartment", by: ann, from: sales, to: support })
      const now = at(servedBy.length + 1)
      expect(transferring.state).toMatchObject({
        state: { _tag: "Waiting", since: now },
        serving: [],
        servedBy,
        department: support,
        previousDepartment: sales,
        queueNumber: null,
        queuedAt: now,
        exclusions: [{ agentId: ann, at: now, why: "transferred", isExcluded: true }]
      })
    }
  )

  it("loses its old number (C2)", () => {
    const numbered = served.state === null ? null : { ...served.state, queueNumber: 7 }
    const event = { _tag: "TransferredToDepartment", by: ann, from: sales, to: null } as const
    expect(ChatEvolve.evolve(numbered, event, at(2))).toMatchObject({ queueNumber: null, department: null })
  })

  it("withdraws an offer that is still open (C4)", () => {
    const past = chat.given(requested, answered(ann), joined(ben), ...transferred(ann, cem))
    const transferring = past.when(toDepartment(ben, support))
    transferring.thenHappens(withdrawn(cem, "transferred"), {
      _tag: "TransferredToDepartment",
      by: ben,
      from: sales,
      to: support
    })
    expect(transferring.state).toMatchObject({ offer: null, serving: [] })
  })

  it("said again does nothing; to another, or by who does not serve, is refused (C10, K4)", () => {
    const past = [
      requested,
      answered(ann),
      { _tag: "TransferredToDepartment", by: ann, from: sales, to: support }
    ] as const
    chat
      .given(...past)
      .when(toDepartment(ann, support))
      .thenNothing()
    chat
      .given(...past)
      .when(toDepartment(ann, null))
      .thenRefuses({ _tag: "NotServing", agentId: ann })
    chat
      .given(...past)
      .when(toDepartment(ben, support))
      .thenRefuses({ _tag: "NotServing", agentId: ben })
    chat
      .given(...past, offered(ben))
      .when(toDepartment(ann, support))
      .thenRefuses({ _tag: "NotServing", agentId: ann })
    ended.when(toDepartment(ann, support)).thenRefuses({ _tag: "ChatIsClosed", at: at(2), reason: "visitor" })
  })

  it("of who serves it again goes through, though they gave it away before (C11)", () => {
    chat
      .given(
        requested,
        answered(ann),
        { _tag: "TransferredToDepartment", by: ann, from: sales, to: support },
        answered(ann)
      )
      .when(toDepartment(ann, support))
      .thenHappens({ _tag: "TransferredToDepartment", by: ann, from: support, to: support })
  })
})

describe("inviting an agent", () => {
  it("makes them serve at once, beside the others (C10)", () => {
    const inviting = served.when(invite(ann, ben))
    inviting.thenHappens({ _tag: "AgentInvited", agentId: ben, by: ann })
    expect(servingIn(inviting.state)).toEqual([ann, ben])
    expect(inviting.state).toMatchObject({ servedBy: [ann, ben], answered: { by: ann, at: at(1) } })
  })

  it("takes the offer with it, if they hold it; another's stays (C4)", () => {
    const past = chat.given(requested, answered(ann), joined(ben), ...transferred(ann, cem))
    expect(past.when(invite(ben, cem)).state?.offer).toBe(null)
    expect(past.when(invite(ben, ann)).state?.offer).toMatchObject({ to: cem })
  })

  it("who serves does nothing; only who serves invites, and only while it is served (C10)", () => {
    both.when(invite(ann, ben)).thenNothing()
    served.when(invite(ben, cem)).thenRefuses({ _tag: "NotServing", agentId: ben })
    chat
      .given(requested, answered(ann), visitorGone)
      .when(invite(ann, ben))
      .thenRefuses({ _tag: "ChatNotWaiting", state: "Closing" })
    ended.when(invite(ann, ben)).thenRefuses({ _tag: "ChatIsClosed", at: at(2), reason: "visitor" })
  })
})

describe("joining a chat", () => {
  it("that others serve makes one serve it, too; said again, nothing (C10)", () => {
    const joining = served.when(join(ben))
    joining.thenHappens(joined(ben))
    expect(servingIn(joining.state)).toEqual([ann, ben])
    both.when(join(ben)).thenNothing()
  })

  it("that nobody serves is refused, saying where it stands (C10, D1)", () => {
    const refused = (state: "Waiting" | "Offered" | "Left" | "Closing") => ({ _tag: "ChatNotWaiting", state }) as const
    chat.given(requested).when(join(ben)).thenRefuses(refused("Waiting"))
    chat.given(requested, offered(ann)).when(join(ben)).thenRefuses(refused("Offered"))
    chat.given(requested, answered(ann), left(ann)).when(join(ben)).thenRefuses(refused("Left"))
    chat.given(requested, answered(ann), visitorGone).when(join(ben)).thenRefuses(refused("Closing"))
    ended.when(join(ben)).thenRefuses({ _tag: "ChatIsClosed", at: at(2), reason: "visitor" })
  })
})

describe("observing a chat", () => {
  it("begins and ends, in any open state, and makes nobody serve (C10)", () => {
    for (const past of [[requested], [requested, answered(ann)], [requested, answered(ann), left(ann)]]) {
      const observer = chat.given(...past).when(observe(cem))
      observer.thenHappens(observing(cem))
      expect(observer.state?.observers).toEqual([cem])
      expect(servingIn(observer.state)).toEqual(servingIn(chat.given(...past).state))
      const stopping = chat.given(...past, observing(ben), observing(cem)).when(stop(cem))
      stopping.thenHappens({ _tag: "ObservingEnded", agentId: cem })
      expect(stopping.state?.observers).toEqual([ben])
    }
  })

  it("twice, by who serves, or stopping without having begun, does nothing; after the end it is refused (C10)", () => {
    chat.given(requested, observing(cem)).when(observe(cem)).thenNothing()
    served.when(observe(ann)).thenNothing()
    served.when(stop(cem)).thenNothing()
    ended.when(observe(cem)).thenRefuses({ _tag: "ChatIsClosed", at: at(2), reason: "visitor" })
  })

  it("ends where serving begins, and with the chat (C10)", () => {
    for (const event of [joined(cem), { _tag: "AgentInvited", agentId: cem, by: ann } as const]) {
      expect(chat.given(requested, answered(ann), observing(cem), observing(ben), event).state?.observers).toEqual([
        ben
      ])
    }
    expect(chat.given(requested, answered(ann), observing(cem)).when(closed).state?.observers).toEqual([])
  })

  it("gives no right to speak (C10)", () => {
    const past = chat.given(requested, answered(ann), observing(cem))
    past.when(toAgent(cem, ben)).thenRefuses({ _tag: "NotServing", agentId: cem })
    past.when({ _tag: "EndChat", chatId, reason: "agent", by: cem }).thenRefuses({ _tag: "NotServing", agentId: cem })
  })
})
