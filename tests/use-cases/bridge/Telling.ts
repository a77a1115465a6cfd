import { Clock, Effect } from "effect"
import { TestClock } from "effect/testing"
import type { Notice } from "leadline"
import { Notifier, StoreError } from "leadline/ports"
import { createLead, drainBridge, notifySales } from "leadline/use-cases"
import { account, chatId, saveUsers, user, userId } from "../crm/World.ts"
import { agentAt, agentOf, chatting, hire, settle } from "../panel/Chats.ts"

/** One try to tell somebody, in seconds. */
export interface Try {
  readonly notice: Notice.Notice
  readonly at: number
}

export const down = (isRetryable: boolean) =>
  new StoreError({ reason: isRetryable ? "unavailable" : "misconfigured", isRetryable, operation: "Notifier.notify" })

/** How many tries of a notice fail, by the chat it is about, before one is accepted. */
export type Failing = (chat: string) => { readonly times: number; readonly isRetryable?: boolean }

/** A notifier that shows a notice as often as it is told: what fails was not shown. */
export const teller = (failing: Failing = () => ({ times: 0 })) => {
  const tries: Array<Try> = []
  const told: Array<Notice.Notice> = []
  const notifier = Notifier.of({
    capabilities: { idempotent: false },
    notify: (_, notice) =>
      Effect.gen(function* () {
        const { isRetryable = true, times } = failing(notice.chatId ?? "")
        const before = tries.filter((one) => one.notice.id === notice.id).length
        tries.push({ notice, at: (yield* Clock.currentTimeMillis) / 1000 })
        yield* Effect.yieldNow
        if (before < times) return yield* down(isRetryable)
        told.push(notice)
      })
  })
  return { notifier, told, tries }
}

/** An agent, and the owner of all new leads. */
export const cast = Effect.gen(function* () {
  yield* saveUsers(user("owner"))
  yield* hire(agentOf("a1"))
  yield* settle({ leadOwners: [{ _tag: "User", userId: userId("owner") }] })
})

/** A chat from which a lead is made: its owner is to be told. */
export const leadFrom = Effect.fnUntraced(function* (chat: string) {
  yield* chatting(chat, { email: `${chat}@example.com` })
  return yield* createLead(agentAt("a1"), { chatId: chatId(chat) })
})

/** A note on that lead: its owner is to be told of it after the lead. */
export const noteOn = (chat: string, text: string) => notifySales(agentAt("a1"), { chatId: chatId(chat), text })

/** Lets a bridge work once a second, for so many seconds. */
export const bridgeFor = Effect.fnUntraced(function* (seconds: number) {
  for (let second = 0; second < seconds; second++) {
    yield* TestClock.adjust("1 second")
    yield* drainBridge(account)
  }
})

/** Lets what runs in the background do its work, second by second. */
export const seconds = Effect.fnUntraced(function* (count: number) {
  for (let second = 0; second < count; second++) {
    yield* TestClock.adjust("1 second")
    for (let step = 0; step < 100; step++) yield* Effect.yieldNow
  }
})
