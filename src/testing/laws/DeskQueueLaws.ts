import { Effect } from "effect"
import type * as Chat from "../../domain/chat/Chat.ts"
import type { DeskStore } from "../../ports/DeskStore.ts"
import { chatId, closed, law, putChat, remove, say, visitor, waiting, write } from "./DeskKit.ts"
import * as Expect from "./Expect.ts"
import type { Law } from "./Law.ts"
import { at, erases, upTo } from "./StoreKit.ts"

/** Who enters the queue at once. decision: as many as a pool has connections, three times over. */
const ENTERING = 30

const idsOf = (chats: ReadonlyArray<{ readonly id: string }>) => chats.map(({ id }) => id)

const served = (id: string, queueNumber: number | null): Chat.Chat => ({
  ...waiting(id, queueNumber),
  state: { _tag: "Served", since: at(1) }
})

const offered = (id: string, queueNumber: number | null): Chat.Chat => ({
  ...waiting(id, queueNumber),
  state: { _tag: "Offered", since: at(1) }
})

/** The queue, and transcripts. */
export const deskQueueLaws: ReadonlyArray<Law<DeskStore>> = [
  law(
    {
      id: "desk.waiting.fifo",
      sentence:
        "a chat put in the queue without a number gets a higher one than all before it, those that left included",
      rules: ["C2"]
    },
    (store, { account }) =>
      Effect.gen(function* () {
        for (const id of ["c", "a", "b"]) yield* write(store, account, [putChat(waiting(id))])
        const queue = yield* store.waiting(account, 10)
        yield* Expect.same("waiting", idsOf(queue), ["c", "a", "b"])
        const numbers = queue.map(({ queueNumber }) => queueNumber ?? 0)
        const isIncreasing = numbers.every((number, n) => number > (numbers[n - 1] ?? 0))
        yield* Expect.holds("queue numbers", isIncreasing, numbers, "each above the one before")
        yield* Expect.same("waiting, at most 2", idsOf(yield* store.waiting(account, 2)), ["c", "a"])
        const [read] = yield* store.get(account, [{ kind: "chat", id: "a" }])
        yield* Expect.same("number in the record and in the queue", read.value?.queueNumber, numbers[1])
        yield* remove(store, account, { kind: "chat", id: "b" })
        yield* write(store, account, [putChat(offered("d", null))])
        const [d] = yield* store.get(account, [{ kind: "chat", id: "d" }])
        const given = d.value?.queueNumber ?? 0
        yield* Expect.holds("number of an offered chat", given > (numbers[2] ?? 0), given, `above ${numbers[2]}`)
        // an import's: far above all that were given
        yield* write(store, account, [putChat(waiting("e", given + 1_000))])
        yield* write(store, account, [putChat(waiting("f"))])
        const after = idsOf(yield* store.waiting(account, 10))
        yield* Expect.same("waiting, after one came with a number", after, ["c", "a", "e", "f"])
      })
  ),

  law(
    {
      id: "desk.waiting.keepsNumber",
      sentence: "a chat that waits again with its number has its old place; without one, the last",
      rules: ["C2", "B4"]
    },
    (store, { account }) =>
      Effect.gen(function* () {
        const queue = Effect.map(store.waiting(account, 9), idsOf)
        for (const id of ["a", "b"]) yield* write(store, account, [putChat(waiting(id))])
        const [first] = yield* store.waiting(account, 1)
        const number = first?.queueNumber ?? null
        yield* write(store, account, [putChat(served("a", number))])
        yield* Expect.same("waiting, while a is served", yield* queue, ["b"])
        yield* write(store, account, [putChat({ ...waiting("a", number), state: { _tag: "Waiting", since: at(2) } })])
        yield* Expect.same("waiting, a with its old number", yield* queue, ["a", "b"])
        yield* write(store, account, [putChat({ ...waiting("a"), state: { _tag: "Waiting", since: at(3) } })])
        yield* Expect.same("waiting, a without a number", yield* queue, ["b", "a"])
      })
  ),

  law(
    {
      id: "desk.waiting.only",
      sentence:
        "only chats that wait now are in the queue: none that is served, offered, closed or removed, and those get no number",
      rules: ["C2", "D1"]
    },
    (store, { account }) =>
      Effect.gen(function* () {
        const ids = ["a", "b", "c", "d"]
        yield* write(
          store,
          account,
          ids.map((id) => putChat(waiting(id)))
        )
        const [a, b] = yield* store.waiting(account, 9)
        yield* write(store, account, [
          putChat(served("a", a?.queueNumber ?? null)),
          putChat(offered("b", b?.queueNumber ?? null)),
          putChat(closed({ id: "x", key: null, start: 0, by: [], kind: "offlineMessage" }))
        ])
        yield* remove(store, account, { kind: "chat", id: "c" })
        yield* Expect.same("waiting", idsOf(yield* store.waiting(account, 9)), ["d"])
        const [never] = yield* store.get(account, [{ kind: "chat", id: "x" }])
        yield* Expect.same("queue number of a chat that never waited", never.value?.queueNumber, null)
      })
  ),

  law(
    {
      id: "desk.waiting.unique",
      sentence:
        "of many chats that enter the queue at once each gets a number of its own, and who came later is behind",
      rules: ["C2"],
      group: "concurrent"
    },
    (store, { account }) =>
      Effect.gen(function* () {
        const enter = (id: string) => write(store, account, [putChat(waiting(id))])
        const wave = (name: string) =>
          Effect.forEach(upTo(ENTERING / 2), (n) => enter(`${name}${n}`), { concurrency: "unbounded" })
        yield* wave("first")
        yield* wave("second")
        const queue = yield* store.waiting(account, ENTERING * 2)
        yield* Expect.same("chats in the queue", queue.length, ENTERING)
        const numbers = queue.map(({ queueNumber }) => queueNumber)
        const twice = numbers.filter((number, n) => numbers.indexOf(number) !== n)
        yield* Expect.same("queue numbers that two chats have", twice, [])
        const waves = idsOf(queue).map((id) => id.replace(/\d+$/, ""))
        const expected = upTo(ENTERING).map((n) => (n < ENTERING / 2 ? "first" : "second"))
        yield* Expect.same("who came first is in front", waves, expected)
      })
  ),

  law(
    {
      id: "desk.transcript.order",
      sentence:
        "a chat's messages come in order of their numbers, whole, each with its own text, and none of another chat's",
      rules: ["D7"]
    },
    (store, { account }) =>
      Effect.gen(function* () {
        yield* say(store, account, "a", 1, 3)
        yield* say(store, account, "a1", 1, 2)
        yield* say(store, account, "a", 4, 12)
        const lines = yield* store.transcript(account, chatId("a"), 0, 99)
        const said = lines.map(({ message, text }) => [message.number, text])
        yield* Expect.same(
          "transcript",
          said,
          upTo(12).map((n) => [n + 1, `a says ${n + 1}`])
        )
        const [first] = lines
        yield* Expect.matches("the first message", first?.message, {
          at: 1,
          visibility: "public",
          author: { _tag: "Visitor" }
        })
        const unknown = yield* store.transcript(account, chatId("none"), 0, 5)
        yield* Expect.same("transcript of an unknown chat", unknown, [])
      })
  ),

  law(
    {
      id: "desk.transcript.range",
      sentence: "a transcript begins right after the number given, and is no longer than its limit",
      rules: ["D7"]
    },
    (store, { account }) =>
      Effect.gen(function* () {
        yield* say(store, account, "a", 1, 5)
        const numbers = (after: number, limit: number) =>
          Effect.map(store.transcript(account, chatId("a"), after, limit), (lines) =>
            lines.map(({ message }) => message.number)
          )
        yield* Expect.same("after 0, at most 2", yield* numbers(0, 2), [1, 2])
        yield* Expect.same("after 2, at most 2", yield* numbers(2, 2), [3, 4])
        yield* Expect.same("after 4, at most 9", yield* numbers(4, 9), [5])
        yield* Expect.same("after 5", yield* numbers(5, 2), [])
      })
  ),

  law(
    {
      id: "desk.transcript.erased",
      sentence: "an erased text is `null` in the transcript; its message stays",
      rules: ["J4", "D7"],
      needs: erases
    },
    (store, { account }) =>
      Effect.gen(function* () {
        yield* say(store, account, "a", 1, 2)
        yield* say(store, account, "b", 1, 1)
        yield* store.transcript(account, chatId("a"), 0, 9)
        yield* store.erase(account, visitor("v-a"), 99)
        const texts = (id: string) =>
          Effect.map(store.transcript(account, chatId(id), 0, 9), (lines) => lines.map(({ text }) => text))
        yield* Expect.same("texts of the erased visitor's chat", yield* texts("a"), [null, null])
        yield* Expect.same("texts of another's chat", yield* texts("b"), ["b says 1"])
      })
  )
]
