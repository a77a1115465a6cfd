import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { run } from "./Run.ts"

describe("the demo", () => {
  const { err, out, status } = run("01-walking-flow")

  it("shows a whole chat, from the first ring to the feed, without a hitch", () => {
    expect(err).toBe("")
    expect(status).toBe(0)
    for (const [at, step] of [
      "The agents come to work",
      "A visitor asks for a chat: it rings at both",
      "Both press answer at once: exactly one wins",
      "Nobody knows this email: the panel offers a lead",
      "Ada creates the lead with a note; the pool deals it",
      "Ada corrects the phone",
      "The chat ends: it is in the lead's feed, with its transcript",
      "The same visitor comes again, and is known",
      "Only chats that Ben served, of the last week",
      "An administrator publishes another layout: all agents see it at once"
    ].entries()) {
      expect(out).toContain(`${at + 1}. ${step}`)
    }
  })

  it("prints what the README quotes", () => {
    const page = readFileSync(new URL("../../README.md", import.meta.url), "utf8")
    const [, quoted] = /says what each person sees:\n\n```\n([^`]+)```/.exec(page) ?? []
    expect(quoted).toContain("exactly one wins")
    expect(out).toContain(quoted)
  })

  it("rings at both agents, and lets one win (C1, C8)", () => {
    expect(out.match(/RINGS \(1 waiting\)/g)).toHaveLength(2)
    expect(out.match(/serves the chat/g)).toHaveLength(1)
    expect(out).toContain('"_tag":"ChatAlreadyAnswered","by":"ada"')
  })

  it("prints plain text where there is no terminal", () => {
    expect(out).not.toContain("\u001b[")
  })

  it("prints the events instead, as JSON, on demand", () => {
    const events = run("01-walking-flow", "--json")
      .out.trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line))
    const tags = new Set(events.map(({ payload }) => payload._tag))
    for (const tag of [
      "ChatAnswered",
      "MessageSent",
      "ChatClosed",
      "LeadAddedFromChat",
      "NoticeDue",
      "LayoutPublished"
    ]) {
      expect(tags).toContain(tag)
    }
  })
})
