import { Effect } from "effect"
import * as OperatingHours from "../../domain/agent/OperatingHours.ts"
import type { Settings } from "../../domain/settings/Settings.ts"
import { DeskStore } from "../../ports/DeskStore.ts"
import { QUEUE_WINDOW } from "../chat/AnswerNext.ts"
import type { Caller } from "../execution/Caller.ts"
import { onDesk } from "../execution/DeskCommand.ts"
import { closeForHours } from "./CheckChat.ts"

/** The key of what the account was last seen to be. */
const hoursKey = { kind: "hours", id: "all" } as const

/**
 * Opens and closes the account by its hours (B8): says so once, whichever host sees it first, and ends what waits or is
 * offered while it is closed. Served chats go on. Answers how many chats it ended.
 */
export const checkHours = Effect.fn("checkHours")(function* (caller: Caller, settings: Settings) {
  const { hours } = settings
  const isOpen = yield* onDesk(caller, "checkHours", {}, (transaction) =>
    Effect.gen(function* () {
      const [seen] = yield* transaction.get(hoursKey)
      const { now } = transaction
      const isOpen = OperatingHours.isOpen(hours, now)
      const until = hours === null ? null : OperatingHours.nextChange(hours, now)
      const before = seen.value ?? { isOpen: true, until: null }
      if (before.isOpen === isOpen && before.until === until) return isOpen
      transaction.put(seen, { isOpen, until }, [], until)
      if (before.isOpen !== isOpen) transaction.event("hours", 0, { _tag: isOpen ? "AccountOpened" : "AccountClosed" })
      return isOpen
    })
  )
  return isOpen ? 0 : yield* endWaiting(caller)
})

const endWaiting = Effect.fnUntraced(function* (caller: Caller) {
  const store = yield* DeskStore
  const waiting = (yield* store.waiting(caller.account, QUEUE_WINDOW)).map(({ id }) => id)
  const roster = yield* store.roster(caller.account)
  const offered = roster.flatMap(({ desk }) => desk.value?.offer?.chatId ?? [])
  yield* Effect.forEach([...waiting, ...offered], (chatId) => closeForHours(caller, chatId), { discard: true })
  return waiting.length
})
