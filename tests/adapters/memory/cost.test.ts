import { Effect, Stream } from "effect"
import { type Activity, Actor, type Chat, EmailKey, Id, Instant, type Record, RecordRef, Transcript } from "leadline"
import { MemoryCrmStore, MemoryDeskStore } from "leadline/memory"
import type { CrmRecords, DeskRecords, Put, RecordStore } from "leadline/ports"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { plainChat } from "./PlainChat.ts"
import { Steps } from "./Steps.ts"

const account = Id.AccountId.make("cost")
const at = (millis: number) => Instant.fromMillis(millis)
const key = EmailKey.EmailKey.make("ann@example.com")
const run = Effect.runSync

/** What a search by halving may take more among 10,000 than among 10: ten halvings, a few steps each, a few searches. */
const SEARCHES = 400

let steps: Steps
beforeAll(async () => {
  steps = await Steps.counting()
})
afterAll(() => {
  steps.stop()
})

/** The steps of the same work among few and among many. */
const fewAndMany = async <World>(build: (size: number) => World, work: (world: World, size: number) => unknown) => {
  const count = (size: number) => {
    const world = build(size)
    return steps.of(() => work(world, size))
  }
  await count(10) // the first run initializes modules
  return { few: await count(10), many: await count(10_000) }
}

/** Writes records, whatever was there. */
const write = <Records, Payload>(store: RecordStore<Records, Payload>, puts: ReadonlyArray<Put<Records>>) => {
  const keys = puts.map((put) => put.key)
  const expect = run(store.get(account, keys)).map(({ key, version }) => ({ key, version }))
  return run(store.commit(account, { expect, put: puts, remove: [], contents: [], events: [], remember: null }))
}

const chat = (n: number, more: Partial<Chat.Chat> = {}): Chat.Chat => {
  const plain = plainChat(`c${n}`, { requestedAt: at(n) })
  return { ...plain, visitor: { ...plain.visitor, emailKey: key }, ...more }
}

const putChat = (value: Chat.Chat, due: Instant.Instant | null = null): Put<DeskRecords> => ({
  key: { kind: "chat", id: value.id },
  value,
  contents: [],
  due
})

const closed = (n: number) => chat(n, { state: { _tag: "Closed", at: at(n), reason: "agent" } })

const range = (size: number) => Array.from({ length: size }, (_, n) => n)

const desk = (chats: (n: number) => Chat.Chat) => (size: number) => {
  const store = MemoryDeskStore.make({})
  write(
    store,
    range(size).map((n) => putChat(chats(n), at(n)))
  )
  return store
}

type Desk = ReturnType<typeof MemoryDeskStore.make>

const say = (store: Desk, number: number) => {
  const [read] = run(store.get(account, [{ kind: "chat", id: "c0" }]))
  const content = { ref: `t${number}` as never, commitment: "0".repeat(64) as never }
  const before = read.value ?? chat(0)
  return run(
    store.commit(account, {
      expect: [read],
      put: [putChat({ ...before, messages: { ...before.messages, total: number } })],
      remove: [],
      contents: [
        { ref: content.ref, subject: { _tag: "Visitor", visitorId: before.visitor.id }, salt: "00", value: "hello" }
      ],
      events: [
        {
          id: Id.EventId.make(`e${number}`),
          stream: "chat/c0",
          number,
          at: at(number),
          actor: Actor.visitor(before.visitor.id),
          surface: "api",
          schemaVersion: 1,
          payload: {
            _tag: "MessageSent",
            message: { number, at: at(number), content, visibility: "public", author: { _tag: "Visitor" } },
            digest: Transcript.emptyDigest
          },
          contents: [content.ref]
        }
      ],
      remember: null
    })
  )
}

describe("the desk store in memory", () => {
  const talked = (size: number) => {
    const store = MemoryDeskStore.make({})
    for (const n of range(size)) say(store, n + 1)
    return store
  }

  it("takes a message in a chat of 10,000 as in one of 10 (D7)", async () => {
    const { few, many } = await fewAndMany(talked, (store, size) => say(store, size + 1))
    expect(few).toBeGreaterThan(0)
    expect(many).toBe(few)
  })

  it("reads the end of a transcript, and of the log, of 10,000 messages as of 10 (D7, K2)", async () => {
    const { few, many } = await fewAndMany(talked, (store, size) => [
      run(store.transcript(account, chat(0).id, size - 5, 5)),
      run(store.log(account, size - 5, 5))
    ])
    expect(many).toBe(few)
  })

  it("shows the head of a queue of 10,000 as of 10 (C2)", async () => {
    const { few, many } = await fewAndMany(
      desk((n) => chat(n)),
      (store) => run(store.waiting(account, 5))
    )
    expect(many).toBe(few)
  })

  it.each([
    ["first", () => 0],
    ["last", (size: number) => size - 1],
    ["middle", (size: number) => size / 2]
  ])("takes the %s chat out of a queue of 10,000 for little more than out of one of 10 (C2)", async (_, place) => {
    const { few, many } = await fewAndMany(
      desk((n) => chat(n)),
      (store, size) => write(store, [putChat(chat(place(size), { state: { _tag: "Served", since: at(1) } }))])
    )
    expect(many - few).toBeLessThan(SEARCHES)
  })

  it("reads a page of 10,000 closed chats, wherever it starts, for little more than of 10 (H4)", async () => {
    const { few, many } = await fewAndMany(desk(closed), (store, size) =>
      run(
        store.closedChats(account, {
          keys: [key],
          chatIds: [],
          after: { at: at(size / 2), id: `c${size / 2}` },
          from: null,
          until: null,
          servedByAny: null,
          includeMissed: true,
          includeOfflineMessages: true,
          limit: 3
        })
      )
    )
    expect(many - few).toBeLessThan(SEARCHES)
  })

  it("closes a chat under a key of 10,000 others for little more than of 10 (H8)", async () => {
    const { few, many } = await fewAndMany(desk(closed), (store, size) => write(store, [putChat(closed(size))]))
    expect(many - few).toBeLessThan(SEARCHES)
  })

  it("finds what is due among 10,000 deadlines as among 10", async () => {
    const { few, many } = await fewAndMany(desk(closed), (store) => run(store.due(account, "chat", at(3), 3)))
    expect(many).toBe(few)
  })

  it("forgets subscribers that have gone: 10,000 of them cost its commits what 10 do", async () => {
    const followed = (size: number) => {
      const store = MemoryDeskStore.make({})
      for (const _ of range(size)) run(Stream.runDrain(Stream.take(store.changes(account), 1)))
      return store
    }
    const { few, many } = await fewAndMany(followed, (store) => say(store, 1))
    expect(many).toBe(few)
  })

  it("copies only what changed in a record that it is given back", async () => {
    const { few, many } = await fewAndMany(
      (size) => desk((n) => chat(n, { tags: range(size).map((tag) => `t${tag}`) }))(1),
      (store) => {
        const [read] = run(store.get(account, [{ kind: "chat", id: "c0" }]))
        write(store, [putChat({ ...(read.value ?? chat(0)), eventCount: 2 })])
      }
    )
    expect(many).toBe(few)
  })
})

describe("the CRM store in memory", () => {
  const person = (n: number): Record.Person => ({
    _tag: "Person",
    id: RecordRef.RecordId.make(`p${n}`),
    ownerId: Id.UserId.make("u"),
    emails: [],
    phones: [],
    keys: { emails: [EmailKey.EmailKey.make(`p${n}@example.com`)], phones: [] },
    aliases: { emails: [], phones: [] },
    custom: {},
    lifecycle: { _tag: "Live" },
    createdAt: at(0),
    updatedAt: at(0),
    eventCount: 1,
    firstName: null,
    lastName: "P",
    companyId: null
  })
  const note = (n: number): Activity.Activity => ({
    _tag: "Note",
    id: Id.ActivityId.make(`n${n}`),
    record: { kind: "person", id: RecordRef.RecordId.make("p0") },
    at: at(n),
    by: Actor.system,
    text: "a note",
    chatId: null
  })
  const crm = (size: number) => {
    const store = MemoryCrmStore.make({})
    const puts = range(size).flatMap((n): ReadonlyArray<Put<CrmRecords>> => {
      const [one, another] = [person(n), note(n)]
      return [
        { key: { kind: "person", id: one.id }, value: one, contents: [], due: null },
        { key: { kind: "activity", id: another.id }, value: another, contents: [], due: null }
      ]
    })
    write(store, puts)
    return store
  }

  it("matches an email among 10,000 records as among 10 (A3)", async () => {
    const { few, many } = await fewAndMany(crm, (store) =>
      run(store.byKeys(account, { emails: [EmailKey.EmailKey.make("p5@example.com")], phones: [] }))
    )
    expect(many).toBe(few)
  })

  it("reads a page of 10,000 activities for little more than of 10 (H4)", async () => {
    const { few, many } = await fewAndMany(crm, (store, size) =>
      run(
        store.activities(account, {
          records: [note(0).record],
          types: null,
          byAny: null,
          after: { at: at(size / 2), id: `n${size / 2}` },
          from: null,
          until: null,
          limit: 3
        })
      )
    )
    expect(many - few).toBeLessThan(SEARCHES)
  })

  it("lists on after any of 10,000 records for little more than of 10", async () => {
    const { few, many } = await fewAndMany(crm, (store) =>
      run(store.list(account, "person", RecordRef.RecordId.make("p5"), 3))
    )
    expect(many - few).toBeLessThan(SEARCHES)
  })
})
