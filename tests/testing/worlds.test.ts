import { Result } from "effect"
import fc from "fast-check"
import {
  Chat,
  EmailKey,
  Layout,
  LayoutRules,
  Merging,
  OwnerChoice,
  Record,
  RecordRef,
  Settings,
  TopmostManager,
  Transcript,
  User
} from "leadline"
import { WorldArbitrary } from "leadline/testing"
import { describe, expect, it } from "vitest"

const sample = fc.sample(WorldArbitrary.world(), { numRuns: 200, seed: 1 })

describe("worlds", () => {
  it("have users in reporting trees: nobody reports in a circle (F5)", () => {
    for (const { directory } of sample) {
      for (const user of directory.values()) {
        const above = User.managersOf(directory, user.id)
        expect(above.at(-1)?.reportsTo ?? null).toBe(null)
        if (user.reportsTo !== null) expect(directory.has(user.reportsTo)).toBe(true)
      }
    }
    const depths = sample.flatMap(({ directory }) =>
      [...directory.keys()].map((id) => User.managersOf(directory, id).length)
    )
    expect(Math.max(...depths)).toBeGreaterThan(2)
  })

  it("name only whom they hold: owners, members, licences, links (F2, F7)", () => {
    for (const { agents, directory, pools, records, settings } of sample) {
      for (const pool of pools) for (const member of pool.members) expect(directory.has(member)).toBe(true)
      for (const { userId } of agents) if (userId !== null) expect(directory.has(userId)).toBe(true)
      const refs = new Set(records.map((record) => RecordRef.toKey(Record.refOf(record))))
      expect(refs.size).toBe(records.length)
      for (const record of records) {
        expect(directory.has(record.ownerId)).toBe(true)
        if (record._tag === "Person" && record.companyId !== null) expect(refs).toContain(`company/${record.companyId}`)
        if (record._tag === "Deal" && record.primaryContact !== null)
          expect(refs).toContain(RecordRef.toKey(record.primaryContact))
      }
      const known = new Set([
        ...[...directory.keys()].map((userId) => OwnerChoice.toKey(OwnerChoice.user(userId))),
        ...pools.map(({ id }) => OwnerChoice.toKey(OwnerChoice.pool(id)))
      ])
      for (const choice of settings.leadOwners) expect(known).toContain(OwnerChoice.toKey(choice))
    }
  })

  it("have records whose keys are those of their addresses (A7)", () => {
    for (const { aliases, emails, keys, phones } of sample.flatMap(({ records }) => records)) {
      expect(keys).toEqual(Merging.keysFor(emails, phones, aliases, null))
    }
  })

  it("have layouts that are valid for their fields, some of them custom (I2)", () => {
    for (const { layouts, registry } of sample) {
      for (const { fields, recordKind } of Object.values(layouts)) {
        expect(Result.isSuccess(LayoutRules.validate(fields, recordKind, registry))).toBe(true)
      }
    }
    const shown = sample.flatMap(({ layouts }) => Object.values(layouts).flatMap(({ fields }) => fields))
    expect(shown.some((id) => id.startsWith("custom-"))).toBe(true)
  })

  it("have chats of other visitors, served by their own agents, whose transcripts verify (D7)", () => {
    for (const { agents, chats } of sample) {
      const ids = new Set(agents.map(({ id }) => id))
      expect(new Set(chats.map(({ chat }) => chat.visitor.id)).size).toBe(chats.length)
      for (const { chat, messages } of chats) {
        expect(Transcript.verify(messages, chat.digest)).toBe(null)
        if (agents.length > 0) for (const agentId of chat.servedBy) expect(ids).toContain(agentId)
      }
    }
  })

  it("have texts that no two chats share (J4)", () => {
    for (const { chats } of sample) {
      const refs = chats.flatMap(({ texts }) => [...texts.keys()])
      expect(new Set(refs).size).toBe(refs.length)
    }
  })

  it("have chats that match records (A7)", () => {
    const hits = fc
      .sample(WorldArbitrary.world({ chats: 5, records: 5 }), { numRuns: 100, seed: 1 })
      .filter((world) => {
        const keys = new Set(world.records.flatMap((record) => record.keys.emails))
        return world.chats.some(({ chat }) => chat.visitor.emailKey !== null && keys.has(chat.visitor.emailKey))
      })
    expect(hits.length).toBeGreaterThan(10)
  })

  it("hold nothing of a kind that is not wanted", () => {
    const none = { agents: 0, pools: 0, records: 0, chats: 0 }
    for (const world of fc.sample(WorldArbitrary.world(none), 20)) {
      expect([world.agents, world.pools, world.records, world.chats]).toEqual([[], [], [], []])
    }
  })
})

describe("a failing world", () => {
  const shrunk = (isFine: (world: WorldArbitrary.World) => boolean) =>
    fc.check(fc.property(WorldArbitrary.world(), isFine), { seed: 7, numRuns: 1_000 }).counterexample?.[0]

  it("shrinks to one user and nothing else", () => {
    const world = shrunk(() => false)
    expect(world).toMatchObject({ account: "0", agents: [], pools: [], records: [], chats: [] })
    expect([...(world?.directory.keys() ?? [])]).toEqual(["user-1"])
    expect(world?.settings).toEqual(Settings.defaults)
    expect(world?.layouts).toEqual(Layout.defaults)
  })

  it("shrinks to one lead with two emails, where that is what fails (A1)", () => {
    const world = shrunk(({ records }) =>
      records.every((record) => record._tag !== "Lead" || record.keys.emails.length < 2)
    )
    expect(world).toMatchObject({ agents: [], pools: [], chats: [] })
    expect(world?.directory.size).toBe(1)
    const [lead, ...others] = world?.records ?? []
    expect(others).toEqual([])
    expect(lead).toMatchObject({ _tag: "Lead", phones: [], custom: {}, firstName: null, organisation: null })
    expect(lead?.emails.length).toBe(2)
    expect(lead?.emails).toContain("a@x.io")
  })

  it("shrinks to one chat with one answer, where that is what fails (C8)", () => {
    const world = shrunk(({ chats }) => chats.every(({ chat }) => chat.answered === null))
    expect(world?.records).toEqual([])
    expect(world?.chats.map(({ events }) => events.map(({ event }) => event._tag))).toEqual([
      ["ChatRequested", "ChatAnswered"]
    ])
  })
})

describe("properties on worlds", () => {
  it("say that who is on top is active (F5)", () => {
    fc.assert(
      fc.property(WorldArbitrary.world({ users: 8, chats: 0, records: 0 }), ({ directory }) => {
        const found = TopmostManager.find(directory)
        return Result.isFailure(found) || found.success.user.isActive
      })
    )
  })

  it("say that a chat's email key is its own key (A1)", () => {
    fc.assert(
      fc.property(WorldArbitrary.world(), ({ chats }) =>
        chats.every(({ chat }) => {
          const { emailKey } = chat.visitor
          return emailKey === null || EmailKey.make(emailKey) === emailKey
        })
      )
    )
  })

  it("say that an open chat is served exactly when somebody serves it (D1)", () => {
    fc.assert(
      fc.property(WorldArbitrary.world(), ({ chats }) =>
        chats.every(
          ({ chat }) =>
            Chat.isClosed(chat) ||
            chat.state._tag === "Closing" ||
            (chat.state._tag === "Served") === chat.serving.length > 0
        )
      )
    )
  })
})
