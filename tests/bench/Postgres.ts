import { Effect, Layer, ManagedRuntime, Redacted } from "effect"
import type { Crm, CrmStore, DeskStore, SettingsStore } from "leadline/ports"
import * as Postgres from "leadline/postgres"
import { OwnCrm } from "leadline/use-cases"
import pg from "pg"
import { PostgresServer } from "../adapters/postgres/PostgresServer.ts"

/**
 * One real server for all cases, durable: every commit waits for the disk. Nothing else is tuned but that no checkpoint
 * comes between rounds, and the memory that a server of this size would be given.
 */
const settings = ["max_wal_size=8GB", "checkpoint_timeout=1h", "shared_buffers=1GB"]

let server: Promise<PostgresServer> | null = null

/** Of a worker: where the benchmark's server is. */
let known: string | null = null

export const useServer = (url: string): void => {
  known = url
}

export const url = async (): Promise<string> => {
  if (known !== null) return known
  server ??= PostgresServer.start({ isDurable: true, settings })
  return (await server).url
}

export const stopServer = async (): Promise<void> => {
  const running = server
  server = null
  if (running !== null) await (await running).stop()
}

/**
 * The baselines' pool: as many connections as the most writers of any case, and the planner set as a good engineer sets
 * it: no compiling of small statements, and, where the rows to be found differ by parameter, a plan for each execution.
 */
export const handPool = async (max = 16, plans: "auto" | "custom" = "auto", at?: string): Promise<pg.Pool> => {
  const mode = plans === "custom" ? " -c plan_cache_mode=force_custom_plan" : ""
  const pool = new pg.Pool({ connectionString: at ?? (await url()), max, options: `-c jit=off${mode}` })
  // a server that stops ends idle connections
  pool.on("error", () => {})
  return pool
}

export type Stores = DeskStore | CrmStore | SettingsStore | Crm

export interface Host {
  readonly run: <A, E>(effect: Effect.Effect<A, E, Stores>) => Promise<A>
  readonly close: () => Promise<void>
}

/** Leadline as an application has it, with the same number of connections as {@link handPool}. */
export const host = async (schema: string, connections = 16): Promise<Host> => {
  const runtime = ManagedRuntime.make(
    OwnCrm.layer.pipe(Layer.provideMerge(Postgres.layer({ url: Redacted.make(await url()), schema, connections })))
  )
  return { run: (effect) => runtime.runPromise(effect), close: () => runtime.dispose() }
}

/** A case's schema, with its data. */
export const dropSchema = async (...names: ReadonlyArray<string>): Promise<void> => {
  const pool = await handPool(1)
  for (const name of names) await pool.query(`drop schema if exists ${name} cascade`)
  await pool.end()
}

/** `size` tasks, `atOnce` of them at a time, as any server would run them. */
export const burst = async (size: number, atOnce: number, task: (n: number) => Promise<unknown>): Promise<void> => {
  let next = 0
  const worker = async () => {
    while (next < size) await task(next++)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}

/** The same within one Effect: fibers instead of promises. */
export const fibers = (size: number, atOnce: number, task: (n: number) => Effect.Effect<unknown, unknown, Stores>) =>
  Effect.forEach(
    Array.from({ length: size }, (_, n) => n),
    task,
    { concurrency: atOnce, discard: true }
  )
