import { Effect, Layer, ManagedRuntime } from "effect"
import { Id, RecordRef } from "leadline"
import { layer as memory } from "leadline/memory"
import { DeskStore } from "leadline/ports"
import {
  answerChat,
  createPool,
  dealLead,
  endChat,
  OwnCrm,
  requestChat,
  saveRecord,
  saveUser,
  sendMessage
} from "leadline/use-cases"
import type { Case, Options, Side } from "../Case.ts"
import { account, asAgent, asVisitor, openChats, openDesk, setup, TEXT, visitorId } from "../Office.ts"

/** A world in memory of one size, and the work whose cost should not depend on that size. */
type World = (size: number) => Promise<Side & { readonly close: () => Promise<void> }>

const office = () => ManagedRuntime.make(OwnCrm.layer.pipe(Layer.provideMerge(memory())))

let visitors = 1_000_000

/** A visitor's chat, answered by agent 0. */
const served = Effect.fnUntraced(function* () {
  const n = ++visitors
  const { chatId } = yield* requestChat(asVisitor(n), { visitorId: visitorId(n), email: `visitor-${n}@example.com` })
  yield* answerChat(asAgent(0), { chatId })
  return { chatId, zoe: asVisitor(n) }
})

const talk = Effect.fnUntraced(function* (chat: Effect.Success<ReturnType<typeof served>>, messages: number) {
  for (let n = 0; n < messages; n++) yield* sendMessage(chat.zoe, { chatId: chat.chatId, text: TEXT })
})

const CHATS = 5
const SENDS = 10

/** Messages sent to chats of that size; the small ones are new each time, because they would grow. */
const chat: World = async (size) => {
  const desk = office()
  await desk.runPromise(openDesk(1))
  const some = Effect.gen(function* () {
    const chats = yield* Effect.forEach(Array.from({ length: CHATS }), () => served())
    yield* Effect.forEach(chats, (one) => talk(one, size), { discard: true })
    return chats
  })
  const long = size > 1000 ? await desk.runPromise(some) : null
  const task = Effect.gen(function* () {
    const chats = long ?? (yield* some)
    const began = performance.now()
    for (const one of chats) yield* talk(one, SENDS)
    const overriddenDuration = performance.now() - began
    if (long === null) yield* Effect.forEach(chats, ({ chatId }) => endChat(asAgent(0), { chatId }), { discard: true })
    return { overriddenDuration }
  })
  return { task: () => desk.runPromise(task), units: CHATS * SENDS, close: () => desk.dispose() }
}

/** Closed chats, written as the store holds them: a real one, many times, under other ids. */
const fill = Effect.fnUntraced(function* (size: number) {
  const { chatId, zoe } = yield* served()
  yield* sendMessage(zoe, { chatId, text: TEXT })
  yield* endChat(asAgent(0), { chatId })
  const store = yield* DeskStore
  const [{ value }] = yield* store.get(account, [{ kind: "chat", id: chatId }])
  if (value === null) return
  const batch = 500
  for (let from = 0; from < size; from += batch) {
    const puts = Array.from({ length: Math.min(batch, size - from) }, (_, n) => {
      const id = `old-${from + n}`
      const visitor = { ...value.visitor, id: Id.VisitorId.make(id) }
      const old = { ...value, id: Id.ChatId.make(id), visitor }
      return { key: { kind: "chat", id: old.id } as const, value: old, contents: [], due: null }
    })
    const expect = puts.map(({ key }) => ({ key, version: 0 }))
    yield* store.commit(account, { expect, put: puts, remove: [], contents: [], events: [], remember: null })
  }
})

/** Whole chats, in an account that has seen so many. */
const accountOf: World = async (size) => {
  const desk = office()
  await desk.runPromise(Effect.andThen(openDesk(1), fill(size)))
  const task = Effect.gen(function* () {
    for (let n = 0; n < SENDS; n++) {
      const one = yield* served()
      yield* talk(one, 3)
      yield* endChat(asAgent(0), one)
    }
  })
  return { task: () => desk.runPromise(task), units: SENDS, close: () => desk.dispose() }
}

/** A lead dealt from a pool of so many. */
const pool: World = async (size) => {
  const desk = office()
  const members = Array.from({ length: size }, (_, n) => Id.UserId.make(`user-${n}`))
  const [poolId, lead] = [Id.PoolId.make("inbound"), RecordRef.RecordId.make("lead")]
  await desk.runPromise(
    Effect.gen(function* () {
      // as many users on both sides: what grows is the pool
      for (let n = 0; n < 200; n++)
        yield* saveUser(setup, {
          id: Id.UserId.make(`user-${n}`),
          name: `User ${n}`,
          email: `user-${n}@acme.example`,
          isActive: true,
          reportsTo: null,
          isAccountOwner: n === 0,
          isCrmAdministrator: n === 0,
          teams: [],
          groups: [],
          visibility: "all"
        })
      yield* createPool(setup, { id: poolId, name: "Inbound", recordKind: "lead", members })
    })
  )
  const administrator = { account, actor: { _tag: "User", userId: Id.UserId.make("user-0") }, surface: "api" } as const
  const person = { emails: ["a@b.example"], phones: [], custom: {} }
  let leads = 0
  const task = Effect.gen(function* () {
    const id = RecordRef.RecordId.make(`${lead}-${++leads}`)
    yield* saveRecord(setup, {
      _tag: "Lead",
      id,
      ownerId: Id.UserId.make("user-0"),
      ...person,
      emails: [`${id}@example.com`],
      firstName: null,
      lastName: "Berg",
      organisation: null,
      status: "New",
      source: null,
      addedFrom: { _tag: "Import" }
    })
    const began = performance.now()
    for (let n = 0; n < SENDS; n++) yield* dealLead(administrator, { lead: id, poolId })
    return { overriddenDuration: performance.now() - began }
  })
  return { task: () => desk.runPromise(task), units: SENDS, close: () => desk.dispose() }
}

/** A chat asked for and answered out of a queue of so many. */
const queue: World = async (size) => {
  const desk = office()
  const waiting = await desk.runPromise(Effect.andThen(openDesk(1), openChats(size)))
  const heads = [...waiting]
  const task = Effect.gen(function* () {
    for (let n = 0; n < SENDS; n++) {
      const visitor = ++visitors
      const { chatId } = yield* requestChat(asVisitor(visitor), { visitorId: visitorId(visitor) })
      heads.push(chatId)
      const head = heads.shift()
      if (head === undefined) continue
      yield* answerChat(asAgent(0), { chatId: head })
      yield* endChat(asAgent(0), { chatId: head })
    }
  })
  return { task: () => desk.runPromise(task), units: SENDS, close: () => desk.dispose() }
}

const of = (
  name: string,
  says: string,
  world: World,
  sizes: { readonly full: ReadonlyArray<number>; readonly quick: ReadonlyArray<number> }
): Case => ({
  name: `growth.${name}`,
  says,
  kind: "growth",
  unit: "ms",
  takes: "p50",
  targets: [{ against: "small", atMost: 1.1 }],
  roundMillis: 600,
  open: async ({ draws, isQuick }: Options) => {
    const all = isQuick ? sizes.quick : sizes.full
    const [small = 0, large = 0] = [all[0], all.at(-1)]
    const between = draws ? all.slice(1, -1) : []
    const worlds: Array<Awaited<ReturnType<World>>> = []
    const open = async (size: number) => {
      const opened = await world(size)
      worlds.push(opened)
      return { ...opened, size }
    }
    return {
      ours: await open(large),
      baselines: [
        { ...(await open(small)), against: "small" },
        ...(await Promise.all(between.map(async (size) => ({ ...(await open(size)), against: String(size) }))))
      ],
      close: async () => {
        for (const { close } of worlds) await close()
      }
    }
  }
})

export const cases: ReadonlyArray<Case> = [
  of("chat", "a message in a chat of 10,000 messages over one in a chat of 10", chat, {
    full: [10, 100, 1000, 10_000],
    quick: [10, 2000]
  }),
  of("account", "a chat in an account of 1,000,000 chats over one of 1,000", accountOf, {
    full: [1000, 10_000, 100_000, 1_000_000],
    quick: [1000, 50_000]
  }),
  of("pool", "a lead dealt from a pool of 200 over one of 10", pool, { full: [10, 50, 100, 200], quick: [10, 200] }),
  of("queue", "a chat asked for and answered in a queue of 10,000 over one of 10", queue, {
    full: [10, 100, 1000, 10_000],
    quick: [10, 2000]
  })
]
