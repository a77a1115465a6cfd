import { Cause, Effect, Exit } from "effect"
import { Actor, Content, Id, Instant } from "leadline"
import { MemoryDeskStore } from "leadline/memory"
import type { Commit, DeskPayload, DeskRecords, Key, Put } from "leadline/ports"
import { describe, expect, it } from "vitest"

const account = Id.AccountId.make("strict")
const at = (millis: number) => Instant.fromMillis(millis)
const a: Key<DeskRecords, "openChat"> = { kind: "openChat", id: "a" }
const b: Key<DeskRecords, "openChat"> = { kind: "openChat", id: "b" }
const command: Key<DeskRecords, "command"> = { kind: "command", id: "agent:1/k" }
const remembered = { id: command.id, digest: "d", answer: {}, until: at(1) }
const put = (key: Key<DeskRecords, "openChat">): Put<DeskRecords> => ({
  key,
  value: { chatId: Id.ChatId.make("c") },
  contents: [],
  due: null
})
const text = {
  ref: Content.ContentRef.make("t"),
  subject: { _tag: "Visitor", visitorId: Id.VisitorId.make("v") },
  salt: "00",
  value: "hello"
} as const

/** A commit that is right, but for the mistake. */
const change = (mistake: Partial<Commit<DeskRecords, DeskPayload>>): Commit<DeskRecords, DeskPayload> => ({
  expect: [{ key: a, version: 0 }],
  put: [put(a)],
  remove: [],
  contents: [text],
  events: [
    {
      id: Id.EventId.make("e"),
      stream: "visitor/v",
      number: 0,
      at: at(0),
      actor: Actor.system,
      surface: "api",
      schemaVersion: 1,
      payload: { _tag: "VisitorBanned", visitorId: Id.VisitorId.make("v") },
      contents: [text.ref]
    }
  ],
  remember: null,
  ...mistake
})

const endless: Array<unknown> = []
endless.push(endless)

describe("a commit that no program should make", () => {
  it.each<readonly [string, Partial<Commit<DeskRecords, DeskPayload>>]>([
    ["puts what it does not expect", { put: [put(a), put(b)] }],
    ["removes what it does not expect", { remove: [b] }],
    ["remembers an answer that it does not expect (K1)", { remember: remembered }],
    ["puts a record twice", { put: [put(a), put(a)] }],
    ["puts and removes a record", { remove: [a] }],
    [
      "puts what it remembers",
      {
        expect: [{ key: command, version: 0 }],
        put: [{ key: command, value: remembered, contents: [], due: null }],
        remember: remembered
      }
    ],
    [
      "remembers what has no end",
      { expect: [a, command].map((key) => ({ key, version: 0 })), remember: { ...remembered, answer: endless } }
    ],
    ["makes a mistake and loses a race besides", { expect: [{ key: a, version: 7 }], put: [put(a), put(b)] }]
  ])("%s: is a defect, and nothing of it is written (K2)", (_, mistake) => {
    const store = MemoryDeskStore.make({})
    const exit = Effect.runSyncExit(store.commit(account, change(mistake)))
    expect(Exit.isFailure(exit) && Cause.hasDies(exit.cause) && !Cause.hasFails(exit.cause)).toBe(true)
    const reads = Effect.runSync(store.get(account, [a, b, command]))
    expect(reads.map(({ version }) => version)).toEqual([0, 0, 0])
    expect(Effect.runSync(store.log(account, 0, 9)).entries).toEqual([])
    expect(Effect.runSync(store.contents(account, [text.ref])).size).toBe(0)
  })

  it("is told from one that is right", () => {
    const store = MemoryDeskStore.make({})
    const both = { expect: [a, command].map((key) => ({ key, version: 0 })), remember: remembered }
    expect(Effect.runSync(store.commit(account, change(both)))).toMatchObject({ positions: [1] })
    expect(Effect.runSync(store.commit(account, change(both)).pipe(Effect.flip))).toMatchObject({ _tag: "Conflict" })
  })
})
