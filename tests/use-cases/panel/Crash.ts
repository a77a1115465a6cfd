import { Context, Effect } from "effect"
import { Crm, CrmStore, DeskStore, Notifier, SettingsStore } from "leadline/ports"
import { OwnCrm } from "leadline/use-cases"

/** One process: what it asked of the world, by name. */
export interface Process {
  readonly asked: Array<string>
}

/** The same port, but that the process counts its calls, and dies instead of making the one numbered `dies`. */
const watched = <Port extends object>(port: Port, name: string, process: Process, dies: number): Port => {
  const members = Object.entries(port).map(([member, does]) => [
    member,
    typeof does === "function" && member !== "changes"
      ? (...given: ReadonlyArray<unknown>) =>
          Effect.suspend(() => {
            if (process.asked.length >= dies - 1) return Effect.die("the process died")
            process.asked.push(`${name}.${member}`)
            return (does as (...given: ReadonlyArray<unknown>) => Effect.Effect<unknown, unknown>)(...given)
          })
      : does
  ])
  return Object.fromEntries(members) as Port
}

/** The ports of a process that dies before its call numbered `dies`, counted from 1 over all ports. */
const doomed = Effect.fnUntraced(function* (process: Process, dies: number) {
  const crm = watched(yield* CrmStore, "crm", process, dies)
  return Context.make(CrmStore, crm).pipe(
    Context.add(Crm, OwnCrm.make(crm)),
    Context.add(DeskStore, watched(yield* DeskStore, "desk", process, dies)),
    Context.add(SettingsStore, watched(yield* SettingsStore, "settings", process, dies)),
    Context.add(Notifier, watched(yield* Notifier, "notifier", process, dies))
  )
})

/**
 * Runs in a process of its own, which dies before its call numbered `dies`. Answers how it ended, and what it asked
 * for: who dies never asked for as many calls as there are.
 */
export const inProcess = Effect.fnUntraced(function* <A, E, R>(effect: Effect.Effect<A, E, R>, dies: number) {
  const process: Process = { asked: [] }
  const exit = yield* Effect.exit(Effect.provide(effect, yield* doomed(process, dies)))
  return { exit, asked: process.asked }
})

/** A process that lives. */
export const NEVER = Number.POSITIVE_INFINITY
