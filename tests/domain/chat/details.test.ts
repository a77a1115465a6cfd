import fc from "fast-check"
import { ChatDecide, type ChatEvent, ChatEvolve, Id, RecordRef, Transcript } from "leadline"
import { ChatCommands, DeciderSpecification } from "leadline/testing"
import { describe, expect, it } from "vitest"

const chat = DeciderSpecification.of({ initial: null, decide: ChatDecide.decide, evolve: ChatEvolve.evolve })
const { agentIds, chatId, text, visitorId } = ChatCommands
const [ann, ben] = agentIds
const { at } = DeciderSpecification

const name = text("Eve")
const email = text("eve@example.com")
const requested: ChatEvent.ChatEvent = {
  _tag: "ChatRequested",
  chatId,
  visitorId,
  department: null,
  name: name.content,
  email: null,
  phone: null
}
const answered: ChatEvent.ChatEvent = { _tag: "ChatAnswered", agentId: ann }
const closed: ChatEvent.ChatEvent = {
  _tag: "ChatClosed",
  reason: "agent",
  at: at(2),
  digest: Transcript.emptyDigest,
  messages: 0
}

describe("changing the visitor's details", () => {
  const change = { _tag: "ChangeVisitorDetails", chatId, details: { email }, by: null } as const

  it("is for the visitor and for an agent who serves; an absent field stays (A6)", () => {
    const changed = { _tag: "VisitorDetailsChanged", email: email.content } as const
    for (const by of [null, ann]) {
      const changing = chat.given(requested, answered).when({ ...change, by })
      changing.thenHappens(changed)
      expect(changing.state?.visitor).toMatchObject({ name: name.content, email: email.content, phone: null })
    }
  })

  it("clears with `null` (A6)", () => {
    const clearing = chat.given(requested).when({ ...change, details: { name: null } })
    clearing.thenHappens({ _tag: "VisitorDetailsChanged", name: null })
    expect(clearing.state?.visitor.name).toBe(null)
  })

  it("does nothing where nothing changes: cleared twice, given twice, nothing given (A6, K4)", () => {
    chat
      .given(requested)
      .when({ ...change, details: { email: null } })
      .thenNothing()
    chat
      .given(requested)
      .when({ ...change, details: { name } })
      .thenNothing()
    chat
      .given(requested)
      .when({ ...change, details: {} })
      .thenNothing()
  })

  it("is refused to an agent who does not serve (A6, C10)", () => {
    chat
      .given(requested, answered)
      .when({ ...change, by: ben })
      .thenRefuses({ _tag: "NotServing", agentId: ben })
  })

  it("is refused once the chat is over: the feed keeps the key it closed with (A6)", () => {
    chat
      .given(requested, answered, closed)
      .when({ ...change, by: ann })
      .thenRefuses({ _tag: "ChatIsClosed", at: at(2), reason: "agent" })
  })

  it.each([
    ["name", 255],
    ["email", 254],
    ["phone", 64]
  ] as const)("takes a %s of %i characters and refuses one more (D11)", (field, limit) => {
    const typed = text("x".repeat(limit))
    const fits = chat.given(requested).when({ ...change, details: { [field]: typed } })
    fits.thenHappens({ _tag: "VisitorDetailsChanged", [field]: typed.content })
    chat
      .given(requested)
      .when({ ...change, details: { [field]: text("x".repeat(limit + 1)) } })
      .thenRefuses({ _tag: "TooLong", field, limit, size: limit + 1 })
  })
})

describe("rating a chat", () => {
  const good = { _tag: "RateChat", chatId, rating: "good", comment: null } as const
  const rated: ChatEvent.ChatEvent = { _tag: "ChatRated", rating: "good", comment: null }

  it("takes `good`, `bad` or none, with a comment, and can be changed (D9)", () => {
    chat.given(requested).when(good).thenHappens(rated)
    const comment = text("Slow")
    const worse = chat.given(requested, rated).when({ ...good, rating: "bad", comment })
    worse.thenHappens({ _tag: "ChatRated", rating: "bad", comment: comment.content })
    expect(worse.state?.rating).toEqual({ rating: "bad", comment: comment.content })
    const withdrawn = chat.given(requested, rated).when({ ...good, rating: null })
    withdrawn.thenHappens({ _tag: "ChatRated", rating: null, comment: null })
    expect(withdrawn.state?.rating).toBe(null)
  })

  it("is possible after the end (D9, H7)", () => {
    const rating = chat.given(requested, closed).when(good)
    rating.thenHappens(rated)
    expect(rating.state).toMatchObject({ state: { _tag: "Closed", at: at(2) }, rating: { rating: "good" } })
  })

  it("does nothing when nothing changes (K4)", () => {
    chat
      .given(requested)
      .when({ ...good, rating: null })
      .thenNothing()
    chat.given(requested, rated).when(good).thenNothing()
    const comment = text("Thanks")
    const commented: ChatEvent.ChatEvent = { ...rated, comment: comment.content }
    chat
      .given(requested, commented)
      .when({ ...good, comment })
      .thenNothing()
    chat.given(requested, commented).when(good).thenHappens(rated)
  })

  it("takes a comment of 16,000 characters and refuses one more (D11)", () => {
    const longest = text("x".repeat(16_000))
    chat
      .given(requested)
      .when({ ...good, comment: longest })
      .thenHappens({ ...rated, comment: longest.content })
    chat
      .given(requested)
      .when({ ...good, comment: text("x".repeat(16_001)) })
      .thenRefuses({ _tag: "TooLong", field: "comment", limit: 16_000, size: 16_001 })
  })
})

describe("tagging a chat", () => {
  const tag = (...tags: ReadonlyArray<string>) => ({ _tag: "TagChat", chatId, tags }) as const
  const numbered = (count: number) => Array.from({ length: count }, (_, index) => `t${index}`)

  it("sets all tags: letters and digits of any script, `-` and `_` (D9)", () => {
    const tagging = chat.given(requested, { _tag: "ChatTagged", tags: ["old"] }).when(tag("VIP", "größe_2", "日本-٣"))
    tagging.thenHappens({ _tag: "ChatTagged", tags: ["VIP", "größe_2", "日本-٣"] })
    expect(tagging.state?.tags).toEqual(["VIP", "größe_2", "日本-٣"])
  })

  it("refuses a tag with anything else in it, naming the tag (D9)", () => {
    const stray = fc.constantFrom(..." \t\n.,;:/\\'\"@#+*()[]{}<>|&%$!?=~`^€\u0000😀")
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9_-]{0,5}$/), stray, fc.stringMatching(/^[a-z0-9_-]{0,5}$/), (a, b, c) => {
        chat
          .given(requested)
          .when(tag("fine", `${a}${b}${c}`))
          .thenRefuses({ _tag: "BadTag", tag: `${a}${b}${c}` })
      })
    )
    chat.given(requested).when(tag("")).thenRefuses({ _tag: "BadTag", tag: "" })
  })

  it("counts a repeated tag once (D9)", () => {
    chat
      .given(requested)
      .when(tag("a", "b", "a"))
      .thenHappens({ _tag: "ChatTagged", tags: ["a", "b"] })
  })

  it("takes 50 tags and refuses 51, counting each once (D11)", () => {
    chat
      .given(requested)
      .when(tag(...numbered(50), "t0"))
      .thenHappens({ _tag: "ChatTagged", tags: numbered(50) })
    chat
      .given(requested)
      .when(tag(...numbered(51)))
      .thenRefuses({ _tag: "TooMany", field: "tags", limit: 50, size: 51 })
  })

  it("takes a tag of 80 characters and refuses one more (D11)", () => {
    chat
      .given(requested)
      .when(tag("x".repeat(80)))
      .thenHappens({ _tag: "ChatTagged", tags: ["x".repeat(80)] })
    chat
      .given(requested)
      .when(tag("x".repeat(81)))
      .thenRefuses({ _tag: "TooLong", field: "tag", limit: 80, size: 81 })
  })

  it("does nothing when the tags are these already; is possible after the end; clears (D9, H7)", () => {
    chat.given(requested).when(tag()).thenNothing()
    const tagged: ChatEvent.ChatEvent = { _tag: "ChatTagged", tags: ["a", "b"] }
    chat.given(requested, tagged).when(tag("a", "b")).thenNothing()
    chat
      .given(requested, tagged)
      .when(tag("a", "c"))
      .thenHappens({ _tag: "ChatTagged", tags: ["a", "c"] })
    const clearing = chat.given(requested, tagged, closed).when(tag())
    clearing.thenHappens({ _tag: "ChatTagged", tags: [] })
    expect(clearing.state?.tags).toEqual([])
  })
})

describe("the lead made from a chat", () => {
  const [lead, owner] = [RecordRef.RecordId.make("lead-1"), Id.UserId.make("user-1")]
  const record = { _tag: "RecordLead", chatId, lead, owner } as const
  const created: ChatEvent.ChatEvent = { _tag: "LeadCreated", lead, owner }

  it("is recorded once, also after the end (E3, E5)", () => {
    const recording = chat.given(requested, closed).when(record)
    recording.thenHappens(created)
    expect(recording.state?.lead).toEqual({ id: lead, owner })
    chat.given(requested, created).when(record).thenNothing()
  })

  it("is followed by a newer one, when the first was deleted (E5)", () => {
    const next = RecordRef.RecordId.make("lead-2")
    chat
      .given(requested, created)
      .when({ ...record, lead: next })
      .thenHappens({ ...created, lead: next })
  })
})
