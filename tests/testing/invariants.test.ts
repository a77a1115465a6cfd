import { Result, Schema } from "effect"
import fc from "fast-check"
import {
  ActivityEntry,
  Chat,
  EmailKey,
  type Instant,
  Layout,
  LayoutRules,
  LeadOwner,
  Merging,
  PastChat,
  PhoneKey,
  Record,
  RoutingDecision,
  Settings,
  Transcript
} from "leadline"
import {
  AccountArbitrary,
  AgentArbitrary,
  AssignmentArbitrary,
  ChatArbitrary,
  ChatCommands,
  FeedArbitrary,
  HostileText,
  IdentityArbitrary,
  PanelArbitrary,
  RecordArbitrary,
  RequestArbitrary,
  RoutingArbitrary,
  SettingsArbitrary
} from "leadline/testing"
import { describe, expect, it } from "vitest"

const draw = <A>(arbitrary: fc.Arbitrary<A>, numRuns = 300) => fc.sample(arbitrary, { numRuns, seed: 3 })
const isOnceEach = (items: ReadonlyArray<unknown>) => new Set(items).size === items.length

describe("identity", () => {
  it("has emails with a key, in many spellings, as typed (A1)", () => {
    const typed = draw(IdentityArbitrary.email)
    expect(typed.filter((email) => EmailKey.make(email) === null)).toEqual([])
    for (const spelling of [/\+tag@/i, /^\s/, /^"/, /[A-Z]/, /[^\x20-\x7e]@/u]) {
      expect(typed.some((email) => spelling.test(email))).toBe(true)
    }
  })

  it("has two spellings of one address, and they have one key (A1)", () => {
    fc.assert(fc.property(IdentityArbitrary.spellings, ([a, b]) => EmailKey.make(a) === EmailKey.make(b)))
  })

  it("has phones that are read without a region, and what is none (A2)", () => {
    expect(draw(IdentityArbitrary.phone).filter((phone) => PhoneKey.make(phone, null) === null)).toEqual([])
    const typed = draw(IdentityArbitrary.typedPhone)
    expect(typed.some((phone) => PhoneKey.make(phone, null) === null && PhoneKey.make(phone, "US") !== null)).toBe(true)
    expect(typed.some((phone) => PhoneKey.make(phone, "US") === null)).toBe(true)
  })
})

describe("agents", () => {
  it("have desks with at most one offer, of a chat that they do not serve, and no chat twice (C4)", () => {
    const desks = draw(AgentArbitrary.desk)
    for (const { offer, serving } of desks) {
      expect(isOnceEach(serving)).toBe(true)
      if (offer !== null) expect(serving).not.toContain(offer.chatId)
    }
    expect(desks.some(({ offer }) => offer !== null) && desks.some(({ missesInARow }) => missesInARow > 0)).toBe(true)
  })

  it("have one lease for each console (B4)", () => {
    const presences = draw(AgentArbitrary.presence)
    for (const { leases } of presences) expect(isOnceEach(leases.map(({ deviceId }) => deviceId))).toBe(true)
    expect(presences.some(({ leases }) => leases.length > 1)).toBe(true)
  })
})

describe("chats", () => {
  const logs = draw(ChatArbitrary.log())

  it("agree with themselves: who serves has served, counts and digest are the transcript's (D1, D7)", () => {
    for (const { chat, messages } of logs) {
      for (const { agentId } of chat.serving) expect(chat.servedBy).toContain(agentId)
      expect(chat.messages.total).toBe(messages.length)
      expect(Transcript.verify(messages, chat.digest)).toBe(null)
      expect(chat.state._tag === "Offered").toBe(chat.offer !== null && chat.serving.length === 0)
    }
  })

  it("come in every state and have the keys of what was typed, unless erased (A1, D1, J4)", () => {
    const states = draw(ChatArbitrary.log({ maxLength: 20 }), 1_000).map(({ chat }) => chat)
    expect([...new Set(states.map(({ state }) => state._tag))].sort()).toEqual([
      "Closed",
      "Closing",
      "Left",
      "Offered",
      "Served",
      "Waiting"
    ])
    for (const { chat, texts } of logs) {
      const { email, emailKey } = chat.visitor
      const typed = email === null ? "" : (texts.get(email.ref) ?? "")
      expect(emailKey).toBe(chat.erasedAt === undefined ? EmailKey.make(typed) : null)
    }
    expect(states.some(({ visitor }) => visitor.emailKey !== null)).toBe(true)
  })

  it("take other names: ids, agents, and references of their own (J4)", () => {
    const chatId = Chat.Chat.fields.id.make("other")
    for (const { chat, texts } of draw(ChatArbitrary.log({ chatId, agentIds: [ChatCommands.agentIds[3]] }), 100)) {
      expect(chat.id).toBe("other")
      expect(chat.servedBy.every((agentId) => agentId === ChatCommands.agentIds[3])).toBe(true)
      expect([...texts.keys()].every((ref) => ref.startsWith("other."))).toBe(true)
    }
  })

  it("of the past are taken by an import, with every outcome (D4)", () => {
    const pasts = draw(ChatArbitrary.pastChat)
    for (const past of pasts) {
      const text = (typed: string | null, ref: string) => (typed === null ? null : ChatCommands.text(typed, ref))
      const { email, name, phone } = past.visitor
      const sealed = {
        details: { name: text(name, "name"), email: text(email, "email"), phone: text(phone, "phone") },
        texts: past.messages.map((message, at) => ChatCommands.text(message.text, `text-${at}`)),
        comment: text(past.rating?.comment ?? null, "comment"),
        original: ChatCommands.text("", "original").content
      }
      expect(PastChat.decide(past, sealed, past.endedAt)).toSatisfy(Result.isSuccess)
    }
    expect(new Set(pasts.map(({ outcome }) => outcome)).size).toBe(3)
  })

  it("have banned addresses that link to each other, oldest first (D10)", () => {
    for (const { bans, list } of draw(ChatArbitrary.ipBans)) {
      const byIp = new Map(bans.map((ban) => [ban.ip, ban]))
      const walked: Array<string> = []
      for (let ip = list.oldest; ip !== null; ip = byIp.get(ip)?.newer ?? null) walked.push(ip)
      expect([walked.length, walked.at(-1) ?? null, byIp.size]).toEqual([list.count, list.newest, list.count])
    }
  })
})

describe("records", () => {
  const records = draw(RecordArbitrary.crmRecord, 1_000)

  it("have the keys of their addresses and aliases (A7)", () => {
    for (const { aliases, emails, keys, phones } of records) {
      expect(keys).toEqual(Merging.keysFor(emails, phones, aliases, null))
    }
  })

  it("come to every end: merged, converted, deleted, erased; survivors have aliases (A5, J4)", () => {
    expect(new Set(records.map(({ lifecycle }) => lifecycle._tag)).size).toBe(5)
    expect(records.some(({ aliases }) => aliases.emails.length > 0)).toBe(true)
    for (const { keys, lifecycle } of records) {
      if (lifecycle._tag === "Erased") expect(keys).toEqual({ emails: [], phones: [] })
    }
  })

  it("have leads with a last name or an organisation, unless erased (E4)", () => {
    for (const lead of draw(RecordArbitrary.lead)) {
      if (lead.lifecycle._tag !== "Erased") expect(Record.nameOf(lead)).not.toBe("")
    }
  })

  it("have pools in which nobody is twice (F2)", () => {
    for (const { members } of draw(RecordArbitrary.distributionPool)) expect(isOnceEach(members)).toBe(true)
  })

  it("have choices exactly where a field is one (I2)", () => {
    for (const { choices, type } of draw(RecordArbitrary.fieldDefinition)) {
      expect(choices.length > 0).toBe(type === "singleChoice" || type === "multipleChoice")
    }
  })
})

describe("the rest", () => {
  it("decides owners with every result (F1)", () => {
    const results = draw(AssignmentArbitrary.request, 1_000).map(LeadOwner.decide)
    const reasons = results.map((one) => (Result.isSuccess(one) ? one.success.decision.reason._tag : one.failure._tag))
    expect([...new Set(reasons)].sort()).toEqual([
      ...["Creator", "Dealt", "NoActiveUser", "OnlyChoice"],
      ...["OwnerNotAllowed", "OwnerRequired", "Picked", "TopmostManager"]
    ])
  })

  it("routes with decisions that speak of each agent once (C7)", () => {
    for (const { chosen, others, ringsAt } of draw(RoutingArbitrary.decision)) {
      const agents = [
        ...ringsAt,
        ...(chosen === null ? [] : [chosen.agentId]),
        ...others.flatMap(({ agents }) => agents)
      ]
      expect(isOnceEach(agents)).toBe(true)
    }
    const whys = draw(RoutingArbitrary.decision, 1_000).flatMap(({ others }) => others.map(({ why }) => why))
    expect(new Set(whys).size).toBeGreaterThan(6)
    expect(Schema.is(RoutingDecision.NotChosen)(whys[0])).toBe(true)
  })

  it("lays out fields that are valid (I2), published ones with who and when (I1)", () => {
    const states = draw(PanelArbitrary.layoutState)
    for (const { published, registry } of states) {
      expect(Result.isSuccess(LayoutRules.validate(published.fields, published.recordKind, registry))).toBe(true)
      expect(published.changedBy !== null).toBe(published.version > 0)
    }
    expect(states.some(({ published }) => published !== Layout.defaults[published.recordKind])).toBe(true)
  })

  it("settles requests with an outcome of their kind, and without evidence (J4)", () => {
    const requests = draw(RequestArbitrary.crmRequest)
    for (const { settledAt, state, wanted } of requests) {
      expect(settledAt === null).toBe(state._tag === "Open")
      if (wanted._tag === "Lead" && state._tag !== "Open") expect(wanted.evidence).toEqual({ email: null, phone: null })
      if (state._tag === "Made") expect(wanted._tag).toBe("Lead")
    }
  })

  it("ends erasures that want nothing any more (J4)", () => {
    for (const { step, trouble, wanted } of draw(AccountArbitrary.erasure)) {
      expect(wanted === null).toBe(step._tag === "ended")
      if (step._tag === "ended") expect(trouble).toBe(null)
    }
  })

  it("feeds entries newest first, chats with a name for each agent (H1, H4)", () => {
    for (const feed of draw(FeedArbitrary.feed)) {
      expect(feed).toEqual(feed.toSorted(ActivityEntry.order))
      for (const entry of feed) {
        if (entry._tag !== "Chat") continue
        expect(entry.agentNames.length).toBe(entry.servedBy.length)
        expect(entry.endedAt).toBeGreaterThanOrEqual(entry.at)
        expect(entry.servedBy.length > 0).toBe(entry.outcome === "served")
      }
    }
  })

  it("changes settings in the same fields before and after, and shrinks to the defaults", () => {
    for (const { after, before } of draw(SettingsArbitrary.settingsChanged)) {
      expect(Object.keys(before).sort()).toEqual(Object.keys(after).sort())
    }
    const { counterexample } = fc.check(fc.property(SettingsArbitrary.settings, () => false))
    expect(counterexample).toEqual([Settings.defaults])
  })

  it("has texts above every limit (D11)", () => {
    for (const text of draw(HostileText.veryLong, 5)) expect(text.length).toBeGreaterThan(65_535)
  })

  it("has moments on both sides of 1970", () => {
    const moments: ReadonlyArray<Instant.Instant> = draw(AccountArbitrary.instant)
    expect(moments.some((at) => at < 0) && moments.some((at) => at > 0)).toBe(true)
  })
})
