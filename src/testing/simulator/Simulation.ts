import { Clock, Context, Effect, type Fiber, Layer, Stream } from "effect"
import { Crm } from "../../ports/Crm.ts"
import { CrmStore } from "../../ports/CrmStore.ts"
import { type DeskPayload, DeskStore } from "../../ports/DeskStore.ts"
import type { Notifier } from "../../ports/Notifier.ts"
import type { LogEntry } from "../../ports/RecordStore.ts"
import type { SettingsStore } from "../../ports/SettingsStore.ts"
import type { VisitorMail } from "../../ports/VisitorMail.ts"
import { endChat } from "../../use-cases/chat/EndChat.ts"
import { followLog } from "../../use-cases/chat/FollowLog.ts"
import * as OwnCrm from "../../use-cases/crm/OwnCrm.ts"
import { Ids, type IdsShape } from "../../use-cases/Ids.ts"
import * as Chance from "./Chance.ts"
import { Clients } from "./Client.ts"
import * as Company from "./Company.ts"
import * as CrmInvariants from "./CrmInvariants.ts"
import { beat, perform } from "./Deeds.ts"
import { Faults, type Kind } from "./Faults.ts"
import * as Foreign from "./ForeignCrm.ts"
import type { History, Step } from "./History.ts"
import { Host, type Services } from "./Host.ts"
import * as Invariants from "./Invariants.ts"
import { Recorder } from "./Recorder.ts"
import { Replayed } from "./Replayed.ts"
import { Stage } from "./Stage.ts"

/** What a simulation is played with: any adapters. A foreign CRM is made of the `CrmStore` (see `ForeignCrm`). */
export type Ports = DeskStore | CrmStore | SettingsStore | Notifier | VisitorMail

/** A rule that did not hold, and where. */
export interface Breach {
  readonly rule: string
  readonly what: string
}

/** What came of a history. */
export interface Outcome {
  readonly breaches: ReadonlyArray<Breach>
  readonly actions: number
  readonly events: number
  /** How often each kind of fault struck. */
  readonly struck: ReadonlyMap<Kind, number>
}

/** When every history begins: a Monday. */
const BEGINNING = Date.parse("2026-06-01T08:00:00Z")

/** The account is older: what a stale search does not know yet was not there before (A2). */
const FOUNDED = Date.parse("2026-06-01T07:00:00Z")

/**
 * How long the world is left alone until nothing waits any more, and how finely time passes then. decision: longer than
 * a dead host's claim of a page or of a request (60 s + 30 s of staleness), twice, with the waits between tries.
 */
const DRAIN_MILLIS = 240_000
const DRAIN_STEP_MILLIS = 10_000

/**
 * Plays a history with adapters that start empty, and looks what it left behind. The same history with the same adapters
 * is the same, event by event: time and chance are its own.
 */
export const play = (history: History, ports: () => Layer.Layer<Ports, unknown>): Effect.Effect<Outcome> =>
  Effect.scoped(Effect.flatMap(Effect.orDie(Layer.build(ports())), (given) => playWith(history, given)))

const playWith = Effect.fnUntraced(function* (history: History, given: Context.Context<Ports>) {
  const breaches = new Map<string, Breach>()
  const breach = (rule: string, what: string) => void breaches.set(`${rule}|${what}`, { rule, what })
  const stage = new Stage(Chance.make(Chance.branch(history.seed, 1)), FOUNDED)
  const recorder = new Recorder()
  const world = recorder.around(yield* withCrm(history, given))
  const clock = stage.clock(0)
  /** Looks and sets up past hosts and faults. */
  const directly = <A, E>(does: Effect.Effect<A, E, Services>) =>
    does.pipe(Effect.provide(world), Effect.provideService(Clock.Clock, clock), Effect.provideService(Ids, ids))
  const ids = counted()
  const faults = new Faults()
  const { crm, hosts: setups } = history.setup
  const broken = (what: string) => breach("whoever waits is answered, what runs for ever runs on (G4)", what)
  const surroundings = { stage, faults, ids, ports: world, crm, breach: broken }
  const hosts = setups.map((setup, n) => new Host(n + 1, setup, surroundings))
  const clients = new Clients(hosts, stage, Chance.branch(history.seed, 2), broken)
  const subscriber = new Subscriber(stage, world)

  yield* Effect.orDie(directly(Company.open(history.setup)))
  stage.now = BEGINNING
  for (const { skewMillis, wakesTwice } of setups) {
    if (skewMillis !== 0) faults.count("ClockSkew")
    if (wakesTwice) faults.count("WakesTwice")
  }
  for (const host of hosts) host.start()
  subscriber.connect()

  const scene: Scene = { history, stage, clients, faults, subscriber, world, breach }
  for (const step of history.steps) yield* take(scene, step)
  faults.disarm()
  yield* drain(scene)
  yield* Effect.orDie(directly(Invariants.nobodyWaitsInVain(breach)))
  yield* closingTime(scene)
  yield* drain(scene)
  for (const what of clients.waiting) broken(`${what} still waits`)
  yield* Effect.orDie(directly(check(scene, recorder)))
  subscriber.disconnect()
  for (const host of hosts) host.die()
  yield* stage.settle
  const actions = history.steps.filter((step) => "action" in step).length
  const events = subscriber.seen.length
  return { breaches: [...breaches.values()], actions, events, struck: faults.struck } satisfies Outcome
})

/** What the parts of a run share. */
interface Scene {
  readonly history: History
  readonly stage: Stage
  readonly clients: Clients
  readonly faults: Faults
  readonly subscriber: Subscriber
  readonly world: Context.Context<Services>
  readonly breach: (rule: string, what: string) => void
}

const withCrm = Effect.fnUntraced(function* ({ setup }: History, given: Context.Context<Ports>) {
  if (setup.crm === "own") return Context.add(given, Crm, OwnCrm.make(Context.get(given, CrmStore)))
  return Context.merge(given, yield* Effect.provide(Layer.build(Foreign.layer), given))
})

/** Ids in order: the same history has the same ids. */
const counted = (): IdsShape => {
  let last = 0
  const next = () => String(++last).padStart(6, "0")
  return { next: () => `id-${next()}`, salt: () => next().padStart(32, "0") }
}

const take = Effect.fnUntraced(function* (scene: Scene, step: Step) {
  const { clients, faults, history, stage, subscriber, world } = scene
  yield* pass(scene, BEGINNING + step.at)
  if ("action" in step) {
    const doing = { clients, setup: history.setup, id: step.id }
    stage.run(world, perform(doing, step.action), `step ${step.id}`)
  } else if (step.fault._tag === "Reconnect") {
    faults.count("Reconnect")
    subscriber.disconnect()
    subscriber.connect()
  } else faults.arm(step.fault)
})

/** Time passes; consoles renew their leases. What is done at one instant is done at once: nobody settles in between. */
const pass = Effect.fnUntraced(function* (scene: Scene, until: number) {
  const { breach, clients, stage, world } = scene
  if (until <= stage.now) return
  const isDone = (yield* stage.settle) && (yield* stage.moveTo(until))
  if (!isDone) breach("the world comes to rest", `at ${stage.now - BEGINNING} ms it was still busy`)
  for (const console of clients.consoles) {
    if (stage.now - console.beatAt < Company.BEAT_MILLIS) continue
    console.beatAt = stage.now
    stage.run(world, beat(clients, console), `beat ${console.device} ${stage.now}`)
  }
})

/** Nothing new happens and nothing goes wrong, until all that was begun is done. */
const drain = Effect.fnUntraced(function* (scene: Scene) {
  const { stage } = scene
  const until = stage.now + DRAIN_MILLIS
  while (stage.now < until) yield* pass(scene, stage.now + DRAIN_STEP_MILLIS)
  yield* stage.settle
})

/** Every visitor goes. */
const closingTime = Effect.fnUntraced(function* ({ clients, stage, subscriber, world }: Scene) {
  const open = new Map<string, string>()
  for (const { event } of subscriber.seen) {
    if (event.payload._tag === "ChatRequested") open.set(event.payload.chatId, event.payload.visitorId)
    if (event.payload._tag === "ChatClosed") open.delete(event.stream.slice("chat/".length))
  }
  for (const [id, visitor] of open) {
    const chatId = Company.chatId(id)
    const caller = Company.visitorCaller(Number(visitor.slice("visitor-".length)), `last-${id}`)
    const going = Effect.map(clients.reliably(`ending ${id}`, endChat(caller, { chatId })), (answer) => {
      if (answer !== null) clients.facts.push({ _tag: "Ended", chatId })
    })
    stage.run(world, going, `last ${id}`)
  }
  yield* stage.settle
})

const check = Effect.fnUntraced(function* (scene: Scene, recorder: Recorder) {
  const { breach, clients, history, subscriber } = scene
  const [desk, crm] = [yield* DeskStore, yield* CrmStore]
  const logs = {
    desk: (yield* desk.log(Company.account, 0, 1_000_000)).entries,
    crm: (yield* crm.log(Company.account, 0, 1_000_000)).entries
  }
  const [ought, seen] = [logs.desk, subscriber.seen].map((log) => log.map(({ position }) => position).join())
  if (ought !== seen) breach("a reader sees every event once, in order (K2)", `${seen} and not ${ought}`)
  const replayed = new Replayed(history.setup, breach)
  for (const entry of logs.desk) replayed.see(entry)
  replayed.end()
  const { facts } = clients
  const tags = new Set(logs.desk.map(({ event }) => `${event.payload._tag} ${event.stream}`))
  Invariants.whatWasToldIsSo(replayed, tags, facts, breach)
  yield* Invariants.nothingSaidIsLost(replayed, facts, breach)
  const records = yield* CrmInvariants.recordsOf(history.setup, replayed, facts)
  yield* CrmInvariants.oneLeadPerAddress(replayed, breach)
  yield* CrmInvariants.nothingWrittenTwice(records, facts, breach)
  CrmInvariants.everyChatKnowsItsLead(logs, replayed, breach)
  CrmInvariants.oneTurnPerLead(logs, history.setup, breach)
  yield* CrmInvariants.everyNoticeIsDelivered(logs, history.setup, recorder, breach)
  CrmInvariants.everyMailIsSent(replayed, facts, recorder, breach)
  yield* CrmInvariants.feedsAreComplete(records, replayed, breach)
  yield* CrmInvariants.oneCopyEach(history.setup, records, replayed, recorder, breach)
})

/** Somebody who follows the desk's log, and goes on where they were when they come back (K2). */
class Subscriber {
  readonly seen: Array<LogEntry<DeskPayload>> = []
  private readonly stage: Stage
  private readonly world: Context.Context<Services>
  private fiber: Fiber.Fiber<unknown, unknown> | null = null

  constructor(stage: Stage, world: Context.Context<Services>) {
    this.stage = stage
    this.world = world
  }

  connect(): void {
    const after = this.seen.at(-1)?.position ?? 0
    const following = Stream.runForEach(followLog(Company.service, after), (entry) =>
      Effect.sync(() => this.seen.push(entry))
    )
    this.fiber = this.stage.run(this.world, following, `subscriber ${this.seen.length}`)
  }

  disconnect(): void {
    this.fiber?.interruptUnsafe()
  }
}
