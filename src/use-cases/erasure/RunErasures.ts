import { Clock, Effect, Schedule, Stream } from "effect"
import type { Erasure } from "../../domain/account/Erasure.ts"
import type { AccountId, ErasureId } from "../../domain/account/Id.ts"
import * as Instant from "../../domain/account/Instant.ts"
import { DeskStore } from "../../ports/DeskStore.ts"
import { POLL, whileDown } from "../bridge/Bridge.ts"
import { type BridgeRun, drain } from "../bridge/Follower.ts"
import { nextTry } from "../bridge/Patience.ts"
import { onDesk } from "../execution/DeskCommand.ts"
import { eraseChats } from "./EraseChats.ts"
import { eraseContents } from "./EraseContents.ts"
import { eraseRecords } from "./EraseRecords.ts"
import { eraser, erasureKey } from "./ErasureRecord.ts"

/** How many erasures one run moves on. */
const WINDOW = 20

/**
 * Moves every erasure that is due on by one bounded step (J4). Any number of hosts may run it, and die between any two
 * steps. What fails is tried again, later and later, and given up visibly; asking for the erasure again resumes it.
 */
export const runErasures = Effect.fn("runErasures")(function* (account: AccountId) {
  const store = yield* DeskStore
  const run = { done: 0, failed: 0 }
  const due = yield* store.due(account, "erasure", Instant.fromMillis(yield* Clock.currentTimeMillis), WINDOW)
  for (const { value } of due) {
    if (value === null) continue
    const failure = yield* Effect.matchEffect(step(account, value), {
      onSuccess: () => Effect.succeed(null),
      onFailure: (error) => Effect.as(fail(account, value.id, error), error)
    })
    if (failure === null) run.done++
    else run.failed++
  }
  return { ...run, isIdle: due.length === 0 } satisfies BridgeRun
})

/** Runs erasures until nothing is left to do now. */
export const drainErasures = Effect.fn("drainErasures")(function* (account: AccountId) {
  return yield* drain(runErasures(account))
})

/** Runs erasures for ever: at every change of the desk, and by the clock. Survives failures of the stores. */
export const keepErasing = Effect.fn("keepErasing")(function* (account: AccountId) {
  const store = yield* DeskStore
  yield* Stream.merge(store.changes(account), Stream.fromSchedule(Schedule.spaced(POLL))).pipe(
    Stream.runForEach(() => Effect.retry(drainErasures(account), whileDown))
  )
}, Effect.retry(whileDown))

const step = Effect.fnUntraced(function* (account: AccountId, erasure: Erasure) {
  switch (erasure.step._tag) {
    case "chats":
      return yield* eraseChats(account, erasure.id)
    case "contents":
      return yield* eraseContents(account, erasure.id, erasure)
    case "crm":
      return yield* eraseRecords(account, erasure.id, erasure)
    case "ended":
      return
  }
})

/** Writes the trouble down, and when to try again. */
const fail = (account: AccountId, id: ErasureId, error: unknown) =>
  onDesk(eraser(account), "erasure.fail", { id }, (transaction) =>
    Effect.gen(function* () {
      const [read] = yield* transaction.get(erasureKey(id))
      const erasure = read.value
      if (erasure === null || erasure.step._tag === "ended") return
      const trouble = nextTry(erasure.trouble?.tries ?? 0, error, transaction.now)
      transaction.put(read, { ...erasure, trouble }, [], trouble.nextTryAt)
      if (trouble.nextTryAt !== null) return
      const { lastError, tries } = trouble
      transaction.event(`erasure/${id}`, 0, {
        ...{ _tag: "ErasureGivenUp", erasureId: id, step: erasure.step._tag, tries, lastError }
      })
    })
  )
