import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { Id } from "leadline"
import { DeskStore } from "leadline/ports"
import { heartbeat, inviteAgent, runTimers, signIn, transferToAgent } from "leadline/use-cases"
import { account, chatId } from "../crm/World.ts"
import { agentAt, agentId, agentOf, chatting, hire, settle, world } from "../panel/Chats.ts"
import { ask, assigned } from "./Floor.ts"

/** What an effect asks of the chat side, by name. */
const askedBy = Effect.fnUntraced(function* <A, E, R>(effect: Effect.Effect<A, E, R>) {
  const store = yield* DeskStore
  const asked: Array<string> = []
  const members = Object.entries(store).map(([name, member]) => [
    name,
    typeof member === "function"
      ? (...given: ReadonlyArray<unknown>) =>
          Effect.suspend(() => {
            asked.push(name)
            return (member as (...given: ReadonlyArray<unknown>) => Effect.Effect<unknown>)(...given)
          })
      : member
  ])
  yield* Effect.provideService(effect, DeskStore, DeskStore.of(Object.fromEntries(members) as never))
  return asked
})

const c = { chatId: chatId("c") }

describe("what presence and routing cost", () => {
  it.effect("a heartbeat: one read, one write (cost law, B4)", () =>
    world(
      Effect.gen(function* () {
        yield* hire(agentOf("a1"))
        const device = { deviceId: Id.DeviceId.make("d") }
        yield* signIn(agentAt("a1"), device)
        expect(yield* askedBy(heartbeat(agentAt("a1"), device))).toEqual(["get", "commit"])
      })
    )
  )

  it.effect("a transfer to an agent: two statements, three where the target's limit binds (cost law, C11)", () =>
    world(
      Effect.gen(function* () {
        yield* hire(agentOf("a1"), agentOf("a2"), agentOf("a3", { chatLimit: 20 }))
        for (const id of ["d", "e", "f"]) yield* chatting(id, { by: "a3" })
        for (const id of ["c", "g"]) yield* chatting(id)
        expect(yield* askedBy(transferToAgent(agentAt("a1"), { ...c, to: agentId("a2") }))).toEqual(["get", "commit"])
        const second = transferToAgent(agentAt("a1"), { chatId: chatId("g"), to: agentId("a3") })
        expect(yield* askedBy(second)).toEqual(["get", "get", "commit"])
      })
    )
  )

  it.effect("an invitation: three statements, four where a limit binds (cost law, C10)", () =>
    world(
      Effect.gen(function* () {
        yield* hire(agentOf("a1"), agentOf("a2"), agentOf("a3", { chatLimit: 20 }))
        yield* chatting("c")
        for (const id of ["d", "e"]) yield* chatting(id, { by: "a3" })
        const invite = (id: string) => askedBy(inviteAgent(agentAt("a1"), { ...c, agentId: agentId(id) }))
        expect(yield* invite("a2")).toEqual(["get", "get", "commit"])
        expect(yield* invite("a3")).toEqual(["get", "get", "get", "commit"])
      })
    )
  )

  it.effect("a round with nothing to offer: the same in any queue and roster; an offer, two more (cost law, C7)", () =>
    Effect.gen(function* () {
      const rounds = (agents: number, queue: number) =>
        world(
          Effect.gen(function* () {
            yield* settle(assigned)
            yield* hire(...Array.from({ length: agents }, (_, n) => agentOf(`a${n}`, { chatLimit: 0 })))
            for (let n = 0; n < queue; n++) yield* ask(`c${n}`)
            const idle = yield* askedBy(runTimers(account))
            yield* hire(agentOf("z"))
            return { idle, offering: yield* askedBy(runTimers(account)) }
          })
        )
      const small = yield* rounds(1, 2)
      expect(yield* rounds(40, 100)).toEqual(small)
      const nextDeadline = ["due", "due", "due", "due", "due"]
      const head = ["due", "due", "get", "waiting"]
      expect(small.idle).toEqual([...head, "get", "waiting", "roster", "due", ...nextDeadline])
      expect(small.offering).toEqual([
        ...head,
        "get",
        "waiting",
        "roster",
        "get",
        "get",
        "commit",
        "due",
        ...nextDeadline
      ])
    })
  )
})
