import { Duration, Effect, Layer, Redacted } from "effect"
import { Notifier } from "leadline/ports"
import * as Postgres from "leadline/postgres"
import { drainBridge, keepBridging, keepTime, OwnCrm } from "leadline/use-cases"
import * as Books from "./Books.ts"
import { account, open } from "./Company.ts"
import { ahead, insist, type Progress, play, stepsOf } from "./Script.ts"
import { indexFlaws, tableFlaws } from "./Tables.ts"

/** decision: a little more than the 60 s after which a host takes over what another's bridge had claimed. */
export const CLAIM_MILLIS = 61_000

/** One trial: scripts played on one schema while something goes wrong, and what is found afterwards. */
export interface Trial {
  readonly url: string
  readonly schema: string
  readonly seed: number
  readonly lanes: number
  /** All that users were told, each time it was. */
  readonly notices: Array<{ readonly id: string }>
}

/** A host in this process. `url`: another way to the same database. */
export const host = ({ notices, schema, url }: Trial, options: Partial<Postgres.PoolOptions> = {}) => {
  const telling = Layer.succeed(Notifier, {
    capabilities: { idempotent: true },
    notify: (_, notice) => Effect.sync(() => void notices.push(notice))
  })
  const stores = Postgres.layer({ url: Redacted.make(url), schema, pollMillis: 500, ...options })
  // fresh: the CRM of one host must not be another's that lives around it
  return Layer.fresh(OwnCrm.layer).pipe(Layer.provideMerge(Layer.merge(stores, telling)))
}

export const prepare = (trial: Trial) => Effect.runPromise(open(trial.lanes).pipe(Effect.provide(host(trial))))

/** Plays, with bridge and timers, while `trouble` goes on, and then each lane's last chat to its end. */
export const playThrough = (
  trial: Trial,
  trouble: Effect.Effect<unknown>,
  options: Partial<Postgres.PoolOptions> = {}
): Promise<ReadonlyArray<readonly [lane: number, end: Progress]>> => {
  const progress = new Map<number, Progress>()
  const start = { chat: 0, step: 0 }
  const lanes = Array.from({ length: trial.lanes }, (_, lane) => [lane, start] as const)
  let until = Number.POSITIVE_INFINITY
  return Effect.gen(function* () {
    yield* Effect.forkScoped(insist(keepBridging(account)))
    yield* Effect.forkScoped(insist(keepTime(account)))
    const playing = play(
      { seed: trial.seed, lanes },
      () => until,
      (lane, next) => void progress.set(lane, next)
    )
    const ending = Effect.sync(() => {
      until = Math.max(...[...progress.values()].map(({ chat }) => chat)) + 1
    })
    yield* Effect.all([playing, Effect.andThen(trouble, ending)], { concurrency: "unbounded" })
    return [...progress]
  }).pipe(Effect.scoped, Effect.provide(host(trial, options)), Effect.runPromise)
}

/** All that must hold after any crash, for scripts played to their end. */
export const flawsOf = (
  trial: Trial,
  lanes: ReadonlyArray<readonly [lane: number, end: Progress]>,
  claims = 1
): Promise<Found> =>
  Effect.gen(function* () {
    const { notices, schema, seed, url } = trial
    yield* ahead(CLAIM_MILLIS * claims)(drainBridge(account))
    const found = yield* Books.read(trial.lanes)
    const steps = lanes.flatMap(([lane, { chat: until }]) =>
      Array.from({ length: until }, (_, chat) => stepsOf(seed, lane, chat)).flat()
    )
    const leads = steps.filter(({ what }) => what._tag === "Lead").length
    const notes = steps.filter(({ what }) => what._tag === "Note").length
    return {
      logs: [...Books.logFlaws(found.deskLog), ...Books.logFlaws(found.crmLog)],
      state: Books.stateFlaws(found),
      scripts: yield* Books.scriptFlaws(found, seed, lanes),
      pool: Books.poolFlaws(found, leads),
      notices: Books.noticeFlaws(found, notices, leads + notes),
      tables: yield* tableFlaws(url, schema),
      indexes: yield* indexFlaws(url, schema)
    }
  }).pipe(Effect.provide(host(trial)), Effect.timeout(Duration.seconds(60)), Effect.runPromise)

export interface Found {
  readonly logs: Books.Flaws
  readonly state: Books.Flaws
  readonly scripts: Books.Flaws
  readonly pool: Books.Flaws
  readonly notices: Books.Flaws
  readonly tables: Books.Flaws
  /** `null`: this server cannot check its indexes. */
  readonly indexes: Books.Flaws | null
}

export const flawless: Found = { logs: [], state: [], scripts: [], pool: [], notices: [], tables: [], indexes: [] }
