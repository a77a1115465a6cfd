import { Clock, Effect, Result } from "effect"
import { TestClock } from "effect/testing"
import { ActivityFilter, Id, Instant } from "leadline"
import { MemoryNotices } from "leadline/memory"
import {
  answerChat,
  changePhone,
  createLead,
  drainBridge,
  editLayout,
  endChat,
  notifySales,
  openTranscript,
  publishLayout,
  rateChat,
  readConsole,
  readFeed,
  readPanel,
  requestChat,
  sendMessage,
  setStatus
} from "leadline/use-cases"
import { account, callers, people } from "./Cast.ts"
import { Screen } from "./Screen.ts"
import { describeConsole, describeEntry, describeNotice, describePanel, describeTranscript } from "./Words.ts"

const { ada, ben, grace, omar, zoe } = callers

const visitor = { visitorId: people.zoe, name: "Zoë Müller", email: " Zoe@Müller-Shop.example ", phone: "030 123" }

/** A whole chat, from the first ring to the CRM's feed, and the same visitor's next one. */
export const flow = Effect.gen(function* () {
  const screen = yield* Screen
  yield* screen.step("The agents come to work")
  yield* setStatus(ada, { status: "online" })
  yield* setStatus(ben, { status: "online" })
  yield* consoles

  yield* screen.step("A visitor asks for a chat: it rings at both")
  yield* TestClock.adjust("1 minute")
  const { chatId } = yield* requestChat(zoe, visitor)
  yield* sendMessage(zoe, { chatId, text: "Hello, do you deliver to Berlin?" })
  yield* consoles

  yield* screen.step("Both press answer at once: exactly one wins")
  yield* TestClock.adjust("5 seconds")
  const answers = yield* Effect.all(
    [Effect.result(answerChat(ada, { chatId })), Effect.result(answerChat(ben, { chatId }))],
    {
      concurrency: "unbounded"
    }
  )
  for (const [at, answer] of answers.entries()) {
    const told = Result.isSuccess(answer) ? "serves the chat" : `is told: ${JSON.stringify(answer.failure)}`
    yield* screen.sees(at === 0 ? "Ada" : "Ben", told)
  }
  yield* consoles

  yield* screen.step("Nobody knows this email: the panel offers a lead")
  yield* screen.sees("Ada", ...describePanel(yield* readPanel(ada, { chatId })))
  yield* TestClock.adjust("20 seconds")
  yield* sendMessage(ada, { chatId, text: "We do! What would you like to order?" })
  yield* sendMessage(zoe, { chatId, text: "Forty chairs. My number is +49 30 123456." })

  yield* screen.step("Ada creates the lead with a note; the pool deals it")
  const made = yield* createLead(ada, { chatId, note: "Wants forty chairs, call today." })
  yield* screen.sees(
    "Ada",
    `lead ${made.lead} goes to ${made.owner} (${made.decision.reason._tag}), told: ${made.told.told}`,
    ...describePanel(yield* readPanel(ada, { chatId }))
  )
  yield* drainBridge(account)
  yield* notices(people.omar, "Omar")

  yield* screen.step("Ada corrects the phone")
  yield* changePhone(ada, { chatId, phone: "+49 30 123456" })
  yield* screen.sees("Ada", ...describePanel(yield* readPanel(ada, { chatId })))

  yield* screen.step("The chat ends: it is in the lead's feed, with its transcript")
  yield* TestClock.adjust("2 minutes")
  yield* rateChat(zoe, { chatId, rating: "good", comment: "Quick!" })
  yield* endChat(ada, { chatId })
  const record = { kind: "lead", id: made.lead } as const
  const feed = yield* readFeed(omar, { record })
  yield* screen.sees("Omar", ...feed.entries.map(describeEntry), `(${feed.completeness._tag.toLowerCase()})`)
  yield* screen.sees("Omar", ...describeTranscript(yield* openTranscript(omar, { record, chatId })))

  yield* screen.step("The same visitor comes again, and is known")
  yield* TestClock.adjust("1 day")
  const again = yield* requestChat(zoe, { ...visitor, email: "ZOE@xn--mller-shop-9db.example" })
  yield* answerChat(ben, { chatId: again.chatId })
  yield* screen.sees("Ben", ...describePanel(yield* readPanel(ben, { chatId: again.chatId })))
  yield* sendMessage(zoe, { chatId: again.chatId, text: "Are my chairs on their way?" })
  yield* sendMessage(ben, { chatId: again.chatId, text: "They left this morning." })
  yield* notifySales(ben, { chatId: again.chatId, text: "Asked where the chairs are." })
  yield* endChat(zoe, { chatId: again.chatId })
  yield* drainBridge(account)
  yield* notices(people.omar, "Omar")

  yield* screen.step("Only chats that Ben served, of the last week")
  const now = Instant.fromMillis(yield* Clock.currentTimeMillis)
  const filter = {
    ...ActivityFilter.lastDays(7, now),
    types: ["Chat" as const],
    by: { _tag: "Agent" as const, agentId: people.ben.agent }
  }
  const page = yield* readFeed(omar, { record, filter, pageSize: 10 })
  yield* screen.sees("Omar", ...page.entries.map(describeEntry))

  yield* screen.step("An administrator publishes another layout: all agents see it at once")
  const fieldId = Id.FieldId.make("source")
  yield* editLayout(grace, { recordKind: "lead", edit: { _tag: "Add", fieldId, index: 1 } })
  const layout = yield* publishLayout(grace, { recordKind: "lead" })
  yield* screen.sees("Grace", `published version ${layout.version}: ${layout.fields.join(", ")}`)
  yield* screen.sees("Ben", ...describePanel(yield* readPanel(ben, { chatId: again.chatId })))
})

const consoles = Effect.gen(function* () {
  const screen = yield* Screen
  yield* screen.sees("Ada", describeConsole(yield* readConsole(ada)))
  yield* screen.sees("Ben", describeConsole(yield* readConsole(ben)))
})

const notices = Effect.fnUntraced(function* (to: Id.UserId, name: string) {
  const [screen, shown] = [yield* Screen, yield* MemoryNotices]
  const mine = (yield* shown.shown(account)).filter((notice) => notice.to === to)
  yield* screen.sees(name, ...mine.map(describeNotice))
})
