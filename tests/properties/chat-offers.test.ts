import fc from "fast-check"
import { Chat, type ChatEvent, ChatEvolve } from "leadline"
import { ChatCommands } from "leadline/testing"
import { describe, expect, it } from "vitest"

type Turns = ReadonlyArray<ChatCommands.Turn>

const always = (check: (turns: Turns) => void): void =>
  fc.assert(
    fc.property(ChatCommands.steps(), (steps) => {
      check(ChatCommands.play(steps))
    }),
    { numRuns: 400 }
  )

const eventsOf = (turns: Turns): ReadonlyArray<ChatEvent.ChatEvent> => turns.flatMap(({ events }) => events)

const last = (turns: Turns): Chat.Chat | null => turns.at(-1)?.after ?? null

describe("a chat that is held out, whatever is asked of it", () => {
  it("has one offer at most, to an agent who does not serve it (C4, C11)", () => {
    always((turns) => {
      for (const { after, before, events } of turns) {
        if (after?.offer != null) expect(Chat.isServing(after, after.offer.to)).toBe(false)
        const isMade = events.some(({ _tag }) => _tag === "ChatOffered")
        if (isMade) expect(before?.offer).toBe(null)
      }
    })
  })

  it("is `Offered` exactly while an offer is open and nobody serves it (D1)", () => {
    always((turns) => {
      for (const { after } of turns) {
        if (after === null) continue
        expect(after.state._tag === "Offered").toBe(after.offer !== null && after.serving.length === 0)
        if (after.offer !== null) expect(["Offered", "Served"]).toContain(after.state._tag)
      }
    })
  })

  it("ends each offer once: answered, missed, declined or withdrawn, by or for its agent (C4, C5)", () => {
    const ends = ["OfferMissed", "OfferDeclined", "OfferWithdrawn"]
    const takes = ["ChatAnswered", "AgentReturned", "AgentJoined", "AgentInvited"]
    always((turns) => {
      let open: string | null = null
      for (const event of eventsOf(turns)) {
        if (event._tag === "ChatOffered") {
          expect(open).toBe(null)
          open = event.agentId
        } else if (ends.includes(event._tag)) {
          expect(event).toMatchObject({ agentId: open })
          open = null
        } else if (takes.includes(event._tag) && "agentId" in event && event.agentId === open) open = null
        else if (event._tag === "ChatClosed") expect(open).toBe(null)
      }
      expect(last(turns)?.offer?.to ?? null).toBe(open)
    })
  })

  it("is answered by who holds the offer, before its deadline, and by nobody else (C1, C5)", () => {
    always((turns) => {
      for (const { before, command, events, now } of turns) {
        if (before?.state._tag !== "Offered" || command._tag !== "AnswerChat" || events.length === 0) continue
        expect(before.offer?.to).toBe(command.agentId)
        expect(now).toBeLessThan(before.offer?.until ?? 0)
      }
    })
  })

  it("waits for nobody's hand in assigned mode (C1)", () => {
    always((turns) => {
      for (const { before, command, events } of turns) {
        if (before?.state._tag !== "Waiting" || command._tag !== "AnswerChat") continue
        if (command.isAssigned === true) expect(events).toEqual([])
      }
    })
  })

  it("excludes each agent once: who missed, declined or transferred it last, until exclusions clear (C4, C11)", () => {
    const why = { OfferMissed: "missed", OfferDeclined: "declined" } as const
    always((turns) => {
      const expected = new Map<string, Chat.Chat["exclusions"][number]>()
      for (const { events, now: at } of turns) {
        for (const event of events) {
          if (event._tag === "OfferMissed" || event._tag === "OfferDeclined") {
            const { _tag, agentId } = event
            expected.set(agentId, { agentId, at, why: why[_tag], isExcluded: true })
          } else if (event._tag === "TransferredToAgent" || event._tag === "TransferredToDepartment") {
            expected.set(event.by, { agentId: event.by, at, why: "transferred", isExcluded: true })
          } else if (event._tag === "ExclusionsCleared") {
            for (const [id, one] of expected) expected.set(id, { ...one, isExcluded: false })
          }
        }
      }
      const byAgent = (all: Iterable<Chat.Chat["exclusions"][number]>) =>
        [...all].sort((a, b) => (a.agentId < b.agentId ? -1 : 1))
      expect(byAgent(last(turns)?.exclusions ?? [])).toEqual(byAgent(expected.values()))
    })
  })

  it("keeps its number through offers, and since when it waits; a transfer and D3 give a new one (C2)", () => {
    const renews = (event: ChatEvent.ChatEvent) =>
      event._tag === "TransferredToDepartment" ||
      (event._tag === "ChatOffered" && event.kind === "transfer") ||
      (event._tag === "ChatRequeued" && event.reason === "visitorWrote")
    always((turns) => {
      for (const { after, before, events, now } of turns) {
        if (after === null || before === null) continue
        expect(after.queuedAt).toBe(events.some(renews) ? now : before.queuedAt)
        const numbered = { ...before, queueNumber: 7 }
        const state = events.reduce<Chat.Chat | null>((chat, event) => ChatEvolve.evolve(chat, event, now), numbered)
        expect(state?.queueNumber).toBe(events.some(renews) ? null : 7)
      }
    })
  })

  it("stops the agent who transfers it serving at once (C11)", () => {
    always((turns) => {
      for (const { after, command, events } of turns) {
        const isTransfer = command._tag === "TransferToAgent" || command._tag === "TransferToDepartment"
        if (!isTransfer || events.length === 0 || after === null) continue
        expect(Chat.isServing(after, command.by)).toBe(false)
        if (command._tag === "TransferToDepartment") expect([after.serving, after.offer]).toEqual([[], null])
      }
    })
  })

  it("is transferred, brought before another or ended only by an agent who serves it (C10)", () => {
    const tags = ["TransferToAgent", "TransferToDepartment", "InviteAgent"]
    always((turns) => {
      for (const { before, command, events } of turns) {
        if (events.length === 0 || before === null || !tags.includes(command._tag) || !("by" in command)) continue
        expect(before.serving.map(({ agentId }) => agentId)).toContain(command.by)
      }
    })
  })

  it("is read along only by who does not serve it, each once (C10)", () => {
    always((turns) => {
      for (const { after } of turns) {
        if (after === null) continue
        expect(after.observers.some((id) => Chat.isServing(after, id))).toBe(false)
        expect(new Set(after.observers).size).toBe(after.observers.length)
        if (Chat.isClosed(after)) expect(after.observers).toEqual([])
      }
    })
  })

  it("is offered to nobody while its visitor is gone, and when it is over (D1)", () => {
    always((turns) => {
      for (const { after } of turns) {
        if (after?.state._tag === "Closing" || after?.state._tag === "Closed") expect(after.offer).toBe(null)
      }
    })
  })

  it("is what waits or routing holds out, where closing time ends it (B8)", () => {
    always((turns) => {
      for (const { after, before, command } of turns) {
        if (command._tag !== "CloseForHours" || before === null || after === null) continue
        const waits =
          before.state._tag === "Waiting" || (before.state._tag === "Offered" && before.offer?.kind === "routing")
        expect(Chat.isClosed(after)).toBe(waits || Chat.isClosed(before))
      }
    })
  })
})
