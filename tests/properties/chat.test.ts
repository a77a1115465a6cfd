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
