import { Cause, Effect, Exit } from "effect"
import type { ChatId } from "../../domain/account/Id.ts"
import { StoreError } from "../../ports/StoreError.ts"
import * as Chance from "./Chance.ts"
import type { Fact } from "./Company.ts"
import type { Host, Services } from "./Host.ts"
import type { Stage } from "./Stage.ts"

/** decision: one of ten who get no answer closes the browser. What they began must still be whole. */
const GIVES_UP = 0.1

/** Waits between tries. decision: doubling, as consoles do, but short, so that a history is over soon. */
const FIRST_WAIT_MILLIS = 500
const LONGEST_WAIT_MILLIS = 15_000

/** decision: nothing in a history is down for that long; who still gets no answer never will. */
const MOST_TRIES = 60

/** An open console: it renews its lease until it dies. */
export interface Console {
  readonly agent: number
  readonly device: string
  beatAt: number
}

/**
 * All the people's browsers: they know what they were told, and ask again until they get an answer, as real ones do: the
 * same command under the same idempotency key (K1), each time at whichever host.
 */
export class Clients {
  /** What was acknowledged. */
  readonly facts: Array<Fact> = []
  /** The chat that a visitor was told is theirs. */
  readonly chats = new Map<number, ChatId>()
  readonly consoles: Array<Console> = []
  devices = 0
  /** Whoever still waits for an answer. */
  readonly waiting = new Set<string>()
  readonly stage: Stage
  private readonly hosts: ReadonlyArray<Host>
  private readonly chance: Chance.Chance
  private readonly breach: (what: string) => void

  constructor(hosts: ReadonlyArray<Host>, stage: Stage, seed: number, breach: (what: string) => void) {
    this.hosts = hosts
    this.stage = stage
    this.chance = Chance.make(seed)
    this.breach = breach
  }

  /** Asks until there is an answer; `null`: refused, which is an answer, too, or tired of asking. */
  readonly reliably = Effect.fnUntraced(function* <A>(
    this: Clients,
    what: string,
    does: Effect.Effect<A, unknown, Services>
  ) {
    let wait = FIRST_WAIT_MILLIS
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const told = yield* this.once(what, does)
      if (told !== "again") return told === "refused" ? null : told.answer
      if (this.chance.is(GIVES_UP)) return null
      yield* this.stage.sleep(wait)
      wait = Math.min(2 * wait, LONGEST_WAIT_MILLIS)
    }
    this.breach(`${what}: no answer after ${MOST_TRIES} tries`)
    return null
  })

  private readonly once = Effect.fnUntraced(function* <A>(
    this: Clients,
    what: string,
    does: Effect.Effect<A, unknown, Services>
  ) {
    const up = this.hosts.filter(({ isUp }) => isUp)
    const host = up[this.chance.between(0, up.length - 1)]
    const asked = host === undefined ? null : yield* Effect.option(host.ask(does))
    if (asked === null || asked._tag === "None") return "again" as const
    const exit = asked.value
    if (Exit.isSuccess(exit)) return { answer: exit.value } as const
    const error = Cause.squash(exit.cause)
    if (Cause.hasDies(exit.cause)) {
      this.breach(`${what}: a defect: ${String(error)}`)
      return "refused" as const
    }
    return this.isForLater(what, error) ? ("again" as const) : ("refused" as const)
  })

  private isForLater(what: string, error: unknown): boolean {
    if (error instanceof StoreError) {
      if (!error.isRetryable) this.breach(`${what}: ${error.operation} is ${error.reason}`)
      return error.isRetryable
    }
    const tag = typeof error === "object" && error !== null && "_tag" in error ? error._tag : String(error)
    if (tag === "IdempotencyKeyReused") this.breach(`${what}: the same command under its own key is refused (K1)`)
    if (tag === "Conflict") this.breach(`${what}: a lost race is told, and not decided again`)
    return tag === "CrmPending"
  }
}
