import { Arbitrary, Effect, Result } from "effect"
import fc from "fast-check"
import { Chat, ChatDecide, ChatEvent, ChatEvolve, type Instant, Transcript } from "leadline"
import { ChatCommands, HostileText } from "leadline/testing"
import { describe, expect, it } from "vitest"

type Turns = ReadonlyArray<ChatCommands.Turn>

const always = (check: (turns: Turns) => void, options: ChatCommands.Options = {}): void =>
  fc.assert(
    fc.property(ChatCommands.steps(options), (steps) => {
      check(ChatCommands.play(steps))
    }),
    { numRuns: 400 }
  )

const eventsOf = (turns: Turns): ReadonlyArray<ChatEvent.ChatEvent> => turns.flatMap(({ events }) => events)

const transcriptOf = (turns: Turns): ReadonlyArray<Transcript.Message> =>
  eventsOf(turns).flatMap((event) => (event._tag === "MessageSent" ? [event.message] : []))

const last = (turns: Turns): Chat.Chat | null => turns.at(-1)?.after ?? null

/** Where the chat stands, or will when its visitor is back. */
const standing = (chat: Chat.Chat) => (chat.state._tag === "Closing" ? chat.state.before : chat.state)

/** What closes a chat from any open state: people, time, and from the queue the hours (D2, D5, B8). */
const closes = ["EndChat", "PassTime"]

/** The table of D1, with the commands that may cause each move. */
const moves: Record<string, ReadonlyArray<string>> = {
  "none > Waiting": ["RequestChat"],
  "none > Closed": ["LeaveOfflineMessage"],
  "Waiting > Served": ["AnswerChat"],
  "Waiting > Closing": ["LeavePage"],
  "Waiting > Offered": ["OfferChat"],
  "Waiting > Closed": [...closes, "CloseForHours"],
  "Offered > Served": ["AnswerChat"],
  "Offered > Waiting": ["DeclineOffer", "WithdrawOffer", "PassTime"],
  "Offered > Closing": ["LeavePage"],
  "Offered > Closed": [...closes, "CloseForHours"],
  "Served > Waiting": ["ReleaseAgent", "TransferToDepartment"],
  "Served > Offered": ["TransferToAgent", "LeaveChat", "ReleaseAgent"],
  "Served > Left": ["LeaveChat"],
  "Served > Closing": ["LeavePage"],
  "Served > Closed": closes,
  "Left > Waiting": ["SendVisitorMessage"],
  "Left > Served": ["AnswerChat"],
  "Left > Closing": ["LeavePage"],
  "Left > Closed": closes,
  "Closing > Waiting": ["ReturnToPage", "SendVisitorMessage"],
  "Closing > Served": ["ReturnToPage", "SendVisitorMessage"],
  "Closing > Left": ["ReturnToPage"],
  "Closing > Closed": closes
}

const movesIn = (turns: Turns): ReadonlyArray<readonly [move: string, command: string]> =>
  turns.flatMap(({ after, before, command }) => {
    const [from, to] = [before?.state._tag ?? "none", after?.state._tag ?? "none"]
    return from === to ? [] : [[`${from} > ${to}`, command._tag] as const]
  })

describe("a chat, whatever is asked of it", () => {
  it("moves only as the table of D1 says, by the commands it names", () => {
    always((turns) => {
      for (const [move, command] of movesIn(turns))
        expect([move, moves[move] ?? []]).toEqual([move, expect.arrayContaining([command])])
    })
  })

  it("makes every move of that table in some sequence, so that the other tests see them all (D1)", () => {
    const sample = fc.sample(ChatCommands.steps(), { numRuns: 1_500, seed: 1 })
    const seen = new Set(sample.flatMap((steps) => movesIn(ChatCommands.play(steps)).map(([move]) => move)))
    expect([...seen].sort()).toEqual(Object.keys(moves).sort())
  })

  it("stays where it is unless it moves: no time of a state changes by itself (D1)", () => {
    always((turns) => {
      for (const { after, before } of turns) {
        if (before === null || before.state._tag === "Closing" || before.state._tag !== after?.state._tag) continue
        expect(after.state).toEqual(before.state)
      }
    })
  })

  it("is served exactly while somebody serves it, also behind a visitor who is gone (D1)", () => {
    always((turns) => {
      for (const { after } of turns) {
        if (after !== null) expect(standing(after)._tag === "Served").toBe(after.serving.length > 0)
      }
    })
  })

  it("is not answered while it is closing, and returns to the remembered state (D1)", () => {
    always((turns) => {
      for (const { after, before, command, events } of turns) {
        if (before?.state._tag !== "Closing") continue
        if (command._tag === "AnswerChat") expect(events).toEqual([])
        if (command._tag === "ReturnToPage") expect(after?.state).toEqual(before.state.before)
      }
    })
  })

  it("never leaves `closed`, and takes no message, no agent and no detail there (D1, D7)", () => {
    always((turns) => {
      for (const { after, before } of turns) {
        if (before?.state._tag !== "Closed") continue
        const { eventCount: _, wakeAt: _wakeAt, lead: _lead, rating: _rating, tags: _tags, ...kept } = before
        expect(after).toMatchObject(kept)
      }
    })
  })

  it("is sealed exactly once by whatever closes it, with its digest and its number of messages (D2)", () => {
    always((turns) => {
      const seals = eventsOf(turns).flatMap((event) => (event._tag === "ChatClosed" ? [event] : []))
      const chat = last(turns)
      expect(seals.length).toBe(chat !== null && Chat.isClosed(chat) ? 1 : 0)
      for (const seal of seals) {
        expect([seal.digest, seal.messages]).toEqual([chat?.digest, chat?.messages.total])
        expect(Transcript.verify(transcriptOf(turns), seal.digest)).toBe(null)
      }
    })
  })

  it("numbers its messages 1..n, never back in time, ends not before, counts them, and verifies (D7)", () => {
    always((turns) => {
      const lines = transcriptOf(turns)
      expect(lines.map(({ number }) => number)).toEqual(lines.map((_, index) => index + 1))
      const times = [turns[0]?.after?.requestedAt ?? 0, ...lines.map(({ at }) => at)]
      expect(times).toEqual([...times].sort((a, b) => a - b))
      const chat = last(turns)
      if (chat === null) return
      if (chat.state._tag === "Closed") expect(chat.state.at).toBeGreaterThanOrEqual(times.at(-1) ?? 0)
      const of = (keep: (line: Transcript.Message) => boolean) => lines.filter(keep).length
      expect(chat.messages).toEqual({
        total: lines.length,
        visitor: of(({ author }) => author._tag === "Visitor"),
        agent: of(({ author, visibility }) => author._tag === "Agent" && visibility === "public"),
        internal: of(({ visibility }) => visibility === "internal")
      })
      expect(chat.beginning).toEqual(Transcript.publicPart(lines)[0]?.content ?? null)
      expect(chat.lastPublicAt).toBe(Transcript.publicPart(lines).at(-1)?.at ?? null)
      expect(Transcript.verify(lines, chat.digest)).toBe(null)
    })
  })

  it("times each message max(now, the last one's) (D7)", () => {
    always((turns) => {
      for (const { before, events, now } of turns) {
        for (const event of events) {
          if (event._tag !== "MessageSent" || before === null) continue
          expect(event.message.at).toBe(Math.max(now, before.lastMessageAt ?? before.requestedAt))
        }
      }
    })
  })

  it("tells whoever comes second who answered and when (C8)", () => {
    always((turns) => {
      for (const { before, result } of turns) {
        if (!Result.isFailure(result) || result.failure._tag !== "ChatAlreadyAnswered") continue
        const { at, by } = result.failure
        expect(before?.serving).toContainEqual({ agentId: by, joinedAt: at })
      }
    })
  })

  it("lets only an agent who serves it speak, change details or end it (C10)", () => {
    always((turns) => {
      for (const { before, command, events } of turns) {
        if (events.length === 0 || before === null) continue
        const isSpeaking = command._tag === "SendAgentMessage" || command._tag === "WriteInternalNote"
        const isInTheirName = command._tag === "ChangeVisitorDetails" || command._tag === "EndChat"
        const agentId = isSpeaking ? command.agentId : isInTheirName ? command.by : null
        if (agentId !== null) expect(Chat.isServing(before, agentId)).toBe(true)
      }
    })
  })

  it("waits again as the same chat when the visitor writes after the last agent left (D3)", () => {
    always((turns) => {
      for (const { after, before, command, events } of turns) {
        if (before === null || command._tag !== "SendVisitorMessage" || events.length === 0) continue
        if (standing(before)._tag !== "Left") continue
        expect(after).toMatchObject({ id: before.id, servedBy: before.servedBy, state: { _tag: "Waiting" } })
      }
    })
  })

  it("is missed exactly when it closed and nobody ever answered (D4)", () => {
    always((turns) => {
      const chat = last(turns)
      if (chat === null || !Chat.isClosed(chat)) return
      const has = (tag: ChatEvent.ChatEvent["_tag"]) => eventsOf(turns).some(({ _tag }) => _tag === tag)
      const isOffline = has("OfflineMessageLeft") || has("BecameOfflineMessage")
      const expected = isOffline ? "offlineMessage" : has("ChatAnswered") ? "served" : "missed"
      expect(Chat.outcomeOf(chat)).toBe(expected)
    })
  })

  it("has nothing left to do for a command decided a second time (K4)", () => {
    const repeatable = (tag: string) => !/Message|Note/.test(tag)
    always((turns) => {
      for (const { after, command, now, result } of turns) {
        if (Result.isFailure(result) || !repeatable(command._tag)) continue
        expect([command._tag, ChatDecide.decide(command, after, now)]).toEqual([command._tag, Result.succeed([])])
      }
    })
  })

  it("decides the same for the same (command, state, now), and changes none of them (K4)", () => {
    always((turns) => {
      for (const { before, command, now, result } of turns) {
        expect(ChatDecide.decide(command, Object.freeze(before), now)).toEqual(result)
      }
    })
  })

  it("counts its events (K2)", () => {
    always((turns) => expect(last(turns)?.eventCount ?? 0).toBe(eventsOf(turns).length))
  })

  it("keeps no personal text in events, states or refusals (J4)", () => {
    const marked = HostileText.secret.map((letters) => `~${letters}~`)
    always(
      (turns) => {
        const kept = JSON.stringify(turns.map(({ after, events, result }) => [after, events, result]))
        expect(kept).not.toMatch(/~[a-z]{20}~/)
      },
      { text: marked }
    )
  })

  it("names every personal value it keeps, so that it can be joined and erased (J4)", () => {
    const refs = (json: unknown) => JSON.stringify(json).match(/(?<="ref":")[^"]+/g) ?? []
    always((turns) => {
      for (const event of eventsOf(turns)) expect([...ChatEvent.contentsOf(event)].sort()).toEqual(refs(event).sort())
      const chat = last(turns)
      if (chat !== null) expect([...Chat.contentsOf(chat)].sort()).toEqual(refs(chat).sort())
    })
  })
})

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

describe("evolve", () => {
  /** Any event that can be stored, whether or not a decider made it. */
  const anyEvents = Effect.runSync(
    Arbitrary.sampleEffect(Arbitrary.schema(ChatEvent.ChatEvent), { count: 300, seed: 1 })
  )
  const at = 5 as Instant.Instant
  const beginnings: ReadonlySet<string> = new Set(["ChatRequested", "OfflineMessageLeft", "ChatImported"])

  it("takes any event in any state, and counts it (K4)", () => {
    fc.assert(
      fc.property(ChatCommands.steps({ maxLength: 12 }), fc.constantFrom(...anyEvents), (steps, event) => {
        const before = last(ChatCommands.play(steps))
        const after = ChatEvolve.evolve(before, event, at)
        if (before !== null && !beginnings.has(event._tag)) {
          expect(after?.eventCount).toBe(before.eventCount + 1)
        } else if (before !== null) expect(after).toBe(before)
      }),
      { numRuns: 1_000 }
    )
  })

  it("begins a chat with a request, an offline message or an import, and with nothing else (K4)", () => {
    for (const event of anyEvents) {
      const begun = beginnings.has(event._tag) && "chatId" in event ? event.chatId : undefined
      expect(ChatEvolve.evolve(null, event, at)?.id).toBe(begun)
    }
  })

  it("leaves no trace of who leaves without being there, and of a queue for what is served (K4, D1)", () => {
    const { agentIds } = ChatCommands
    const stray: fc.Arbitrary<ChatEvent.ChatEvent> = fc.oneof(
      fc.record({
        _tag: fc.constant("AgentLeft" as const),
        agentId: fc.constantFrom(...agentIds),
        wasLast: fc.boolean()
      }),
      fc.constant({ _tag: "ChatRequeued", reason: "agentsGone", queueNumber: "new" } as const)
    )
    fc.assert(
      fc.property(ChatCommands.steps(), stray, (steps, event) => {
        const before = last(ChatCommands.play(steps))
        if (before === null) return
        const fits = event._tag === "AgentLeft" ? Chat.isServing(before, event.agentId) : before.serving.length === 0
        if (fits) return
        expect(ChatEvolve.evolve(before, event, at)).toEqual({ ...before, eventCount: before.eventCount + 1 })
      }),
      { numRuns: 500 }
    )
  })

  it("keeps the states' meaning under any event: `closed` terminal, `served` exactly while served (D1)", () => {
    fc.assert(
      fc.property(ChatCommands.steps(), fc.constantFrom(...anyEvents), (steps, event) => {
        const before = last(ChatCommands.play(steps))
        const after = ChatEvolve.evolve(before, event, at)
        if (before === null || after === null) return
        if (Chat.isClosed(before)) {
          expect(after).toMatchObject({ state: before.state, messages: before.messages, serving: [] })
        } else expect(standing(after)._tag === "Served").toBe(after.serving.length > 0)
      }),
      { numRuns: 1_000 }
    )
  })
})
