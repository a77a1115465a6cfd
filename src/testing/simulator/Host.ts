import { Cause, Clock, Context, Effect, Exit, type Fiber } from "effect"
import { Crm, type CrmShape } from "../../ports/Crm.ts"
import { CrmStore } from "../../ports/CrmStore.ts"
import { DeskStore } from "../../ports/DeskStore.ts"
import { Notifier } from "../../ports/Notifier.ts"
import { SettingsStore } from "../../ports/SettingsStore.ts"
import { VisitorMail } from "../../ports/VisitorMail.ts"
import { keepBridging } from "../../use-cases/bridge/Bridge.ts"
import { keepMailingTranscripts } from "../../use-cases/bridge/MailTranscripts.ts"
import * as OwnCrm from "../../use-cases/crm/OwnCrm.ts"
import { keepDeskBridging } from "../../use-cases/foreign/DeskBridge.ts"
import { Ids, type IdsShape } from "../../use-cases/Ids.ts"
import { keepTime } from "../../use-cases/timers/RunTimers.ts"
import { around, type Call, inside, type Visit } from "../faults/Around.ts"
import * as Doubles from "../faults/Doubles.ts"
import { account } from "./Company.ts"
import type { Faults } from "./Faults.ts"
import { LAG_MILLIS } from "./ForeignCrm.ts"
import type { HostSetup } from "./History.ts"
import type { Stage } from "./Stage.ts"

/** What a host needs of the world. */
export type Services = DeskStore | CrmStore | Crm | SettingsStore | Notifier | VisitorMail

/** What all hosts share. */
export interface Surroundings {
  readonly stage: Stage
  readonly faults: Faults
  readonly ids: IdsShape
  /** The adapters themselves: nothing goes wrong there. */
  readonly ports: Context.Context<Services>
  /** `foreign`: `Crm` is of the ports; `own`: each host makes it of its `CrmStore`. */
  readonly crm: "own" | "foreign"
  readonly breach: (what: string) => void
}

/** The host died, or was down, before it answered. What it was asked may have happened. */
export interface NoAnswer {
  readonly _tag: "NoAnswer"
}

/**
 * A process: it serves requests, and keeps time, bridges and mails for ever. Every call that it makes of the world passes
 * a gate. When it dies its fibers are gone at once, with whatever they knew, and so are those who wait for its answers;
 * the stores stay. Started again it has ports of its own, as a new process would: nothing in memory is shared.
 */
export class Host {
  isUp = false
  private readonly number: number
  private readonly setup: HostSetup
  private readonly world: Surroundings
  private context: Context.Context<Services>
  private lives = 0
  private readonly fibers = new Set<Fiber.Fiber<unknown, unknown>>()
  private readonly asking = new Set<() => void>()

  constructor(number: number, setup: HostSetup, world: Surroundings) {
    this.number = number
    this.setup = setup
    this.world = world
    this.context = world.ports
  }

  start(): void {
    if (this.isUp) return
    this.isUp = true
    this.lives++
    this.context = this.connect()
    this.keep("keepTime", keepTime(account))
    this.keep("keepMailingTranscripts", keepMailingTranscripts(account))
    if (this.world.crm === "own") this.keep("keepBridging", keepBridging(account))
    else this.keep("keepDeskBridging", keepDeskBridging(account))
  }

  die(): void {
    if (!this.isUp) return
    this.isUp = false
    this.lives++
    for (const noAnswer of this.asking) noAnswer()
    for (const fiber of this.fibers) fiber.interruptUnsafe()
    this.asking.clear()
    this.fibers.clear()
  }

  /** Asks the host to do something, as a request over a network. */
  ask<A, E>(does: Effect.Effect<A, E, Services>): Effect.Effect<Exit.Exit<A, E>, NoAnswer> {
    return Effect.callback<Exit.Exit<A, E>, NoAnswer>((resume) => {
      const noAnswer = () => resume(Effect.fail({ _tag: "NoAnswer" } as const))
      if (!this.isUp) return noAnswer()
      this.asking.add(noAnswer)
      const fiber = this.run(does)
      fiber.addObserver((exit) => {
        if (this.asking.delete(noAnswer)) resume(Effect.succeed(exit))
      })
    })
  }

  private run<A, E>(does: Effect.Effect<A, E, Services>): Fiber.Fiber<A, E> {
    const { stage } = this.world
    const fiber = stage.run(this.context, does, `${this.number}/${this.lives}/${this.fibers.size}`)
    this.fibers.add(fiber)
    fiber.addObserver(() => this.fibers.delete(fiber))
    return fiber
  }

  /** What runs for ever must not end while the host lives (G4, H8). */
  private keep<E>(name: string, forever: Effect.Effect<unknown, E, Services>): void {
    const life = this.lives
    this.run(forever).addObserver((exit) => {
      if (this.lives !== life) return
      const why = Exit.isFailure(exit) ? Cause.pretty(exit.cause).split("\n")[0] : "it returned"
      this.world.breach(`${name} ended at host ${this.number}: ${why}`)
    })
  }

  private connect(): Context.Context<Services> {
    const { crm, ids, ports, stage } = this.world
    const visit = this.visit(Context.get(ports, Crm), this.lives)
    const streams = this.setup.wakesTwice ? Doubles.wakesTwice : undefined
    const wrapped = <Port extends object>(port: Port, name: string) => around(port, name, visit, streams)
    const crmStore = wrapped(Context.get(ports, CrmStore), "crm")
    return Context.make(DeskStore, wrapped(Context.get(ports, DeskStore), "desk")).pipe(
      Context.add(CrmStore, crmStore),
      Context.add(Crm, crm === "own" ? OwnCrm.make(crmStore) : wrapped(Context.get(ports, Crm), "crm")),
      Context.add(SettingsStore, wrapped(Context.get(ports, SettingsStore), "settings")),
      Context.add(Notifier, wrapped(Context.get(ports, Notifier), "notifier")),
      Context.add(VisitorMail, wrapped(Context.get(ports, VisitorMail), "mail")),
      Context.add(Clock.Clock, stage.clock(this.setup.skewMillis)),
      Context.add(Ids, ids)
    )
  }

  /** Every call's way: the gate, then whatever of the plan strikes it. */
  private visit({ capabilities }: CrmShape, life: number): Visit {
    const { faults, stage } = this.world
    const host = this.number
    const [slowed, isOld] = [new Map<Call, number>(), Math.min(capabilities.stalenessMillis, LAG_MILLIS)]
    const strikes = (tag: "Unavailable" | "LostAnswer" | "Twice" | "Stale") => (call: Call) =>
      faults.strikes(tag, host, call) !== null
    const isSlow = (call: Call) => {
      const fault = faults.strikes("Slow", host, call)
      if (fault !== null) slowed.set(call, fault.millis)
      return fault !== null
    }
    const late: Visit = (call, does) =>
      Doubles.slow(
        isSlow,
        Effect.suspend(() => stage.sleep(slowed.get(call) ?? 0))
      )(call, does)
    const deaths: Visit = (call, does) =>
      Effect.suspend(() => {
        const crash = faults.strikes("Crash", host, call)
        if (crash === null) return does
        const dies = Effect.andThen(
          Effect.sync(() => this.crash(crash.downMillis)),
          Effect.never
        )
        return crash.when === "before" ? dies : Effect.andThen(does, dies)
      })
    const gate: Visit = (_, does) =>
      Effect.suspend(() => (this.lives === life ? Effect.andThen(stage.gate, does) : Effect.never))
    const calling: Visit = (_, does) =>
      Effect.suspend(() => {
        if (this.lives !== life) return Effect.never
        stage.underWay++
        return Effect.onExit(does, () => Effect.sync(() => void stage.underWay--))
      })
    return [
      late,
      deaths,
      Doubles.unavailable(strikes("Unavailable")),
      Doubles.lostAnswer(strikes("LostAnswer")),
      Doubles.twice(strikes("Twice")),
      Doubles.stale(strikes("Stale"), isOld),
      calling
    ].reduce(inside, gate)
  }

  /** Dies, and is started anew after a while: by whoever watches over processes. */
  private crash(downMillis: number): void {
    this.die()
    const { ports, stage } = this.world
    const life = this.lives
    const again = Effect.sync(() => {
      if (this.lives === life) this.start()
    })
    stage.run(ports, Effect.andThen(stage.sleep(downMillis), again), "restart")
  }
}
