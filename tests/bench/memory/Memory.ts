import { Effect, Layer, ManagedRuntime } from "effect"
import { Id } from "leadline"
import { layer as memory } from "leadline/memory"
import {
  answerChat,
  changeSettings,
  createLead,
  createPool,
  endChat,
  OwnCrm,
  readFeed,
  requestChat,
  saveUser,
  sendMessage
} from "leadline/use-cases"
import { type Case, same } from "../Case.ts"
import { type Given, given } from "../core/Given.ts"
import { account, asAgent, openDesk, setup } from "../Office.ts"
import * as EmmettFlow from "./EmmettFlow.ts"
import * as PlainMemory from "./PlainMemory.ts"

const FLOWS = 50

const sellers = ["sam", "sue", "sid"]
const poolId = Id.PoolId.make("inbound")

/** Sellers with a pool that leads are dealt to, and an agent. */
const office = Effect.gen(function* () {
  yield* Effect.forEach(sellers, (id, n) =>
    saveUser(setup, {
      id: Id.UserId.make(id),
      name: id,
      email: `${id}@acme.example`,
      isActive: true,
      reportsTo: null,
      isAccountOwner: n === 0,
      isCrmAdministrator: n === 0,
      teams: [],
      groups: [],
      visibility: "all"
    })
  )
  const members = sellers.map((id) => Id.UserId.make(id))
  yield* createPool(setup, { id: poolId, name: "Inbound", recordKind: "lead", members })
  yield* changeSettings(setup, { leadOwners: [{ _tag: "Pool", poolId }] })
  yield* openDesk(1)
})

const flow = Effect.fnUntraced(function* ({ messages, name }: Given, visitor: string) {
  const visitorId = Id.VisitorId.make(visitor)
  const zoe = { account, actor: { _tag: "Visitor", visitorId }, surface: "api" } as const
  const ada = asAgent(0)
  const { chatId } = yield* requestChat(zoe, { visitorId, name: name.typed, email: `${visitor}@example.com` })
  yield* answerChat(ada, { chatId })
  for (const [n, { typed }] of messages.entries()) {
    yield* sendMessage(n % 2 === 0 ? zoe : ada, { chatId, text: typed })
  }
  const { lead, owner } = yield* createLead(ada, { chatId })
  yield* endChat(ada, { chatId })
  const { entries } = yield* readFeed(setup, { record: { kind: "lead", id: lead } })
  const chat = entries.find(({ _tag }) => _tag === "Chat")
  return { owner, beginning: chat?._tag === "Chat" ? chat.beginning : null }
})

let visitors = 0
const visitor = () => `visitor-${++visitors}`

/** A store of its own, as the others have: with sellers, their pool and an agent. */
const opened = async () => {
  const runtime = ManagedRuntime.make(OwnCrm.layer.pipe(Layer.provideMerge(memory())))
  await runtime.runPromise(office)
  return runtime
}

const ours = async () => {
  const runtime = await opened()
  const began = performance.now()
  await runtime.runPromise(
    Effect.gen(function* () {
      for (let n = 0; n < FLOWS; n++) yield* flow(given, visitor())
    })
  )
  const overriddenDuration = performance.now() - began
  await runtime.dispose()
  return { overriddenDuration }
}

export const cases: ReadonlyArray<Case> = [
  {
    name: "memory.flow",
    says: "the use cases on the memory adapter: request, answer, 15 messages, lead, end, feed",
    kind: "speed",
    unit: "per second",
    targets: [
      { against: "plain", atLeast: 0.04 },
      { against: "emmett", atLeast: 2 }
    ],
    open: async () => {
      const runtime = await opened()
      let plain = PlainMemory.opened(sellers)
      const plainly = () => {
        plain = PlainMemory.opened(sellers)
        for (let n = 0; n < FLOWS; n++) PlainMemory.flow(plain, given, visitor())
      }
      const emmett = async () => {
        const world = EmmettFlow.world(sellers)
        for (let n = 0; n < FLOWS; n++) await world.flow(given, visitor())
      }
      return {
        ours: { task: ours, units: FLOWS },
        baselines: [
          { against: "plain", task: plainly, units: FLOWS, isSync: true },
          { against: "emmett", task: emmett, units: FLOWS }
        ],
        check: async () => {
          const world = EmmettFlow.world(sellers)
          for (const seller of sellers) {
            const mine = await runtime.runPromise(flow(given, visitor()))
            const plainly = PlainMemory.flow(plain, given, visitor())
            same("owner and beginning", mine, { owner: seller, beginning: plainly.beginning })
            same("owner", plainly.owner, seller)
            const theirs = await world.flow(given, visitor())
            same("owner, messages", [theirs.owner, theirs.messages], [seller, plainly.messages.total])
          }
        },
        close: () => runtime.dispose()
      }
    }
  }
]
