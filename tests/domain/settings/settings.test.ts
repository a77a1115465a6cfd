import { Schema } from "effect"
import fc from "fast-check"
import { Settings } from "leadline"
import { HostileText } from "leadline/testing"
import { describe, expect, it } from "vitest"

const isSettings = Schema.is(Settings.Settings)

describe("the settings", () => {
  it("are by default as the specification says (A2, B5, B8, C1, E2, H6, K1)", () => {
    expect(Settings.defaults).toMatchObject({
      matchBy: "emailOnly",
      chatLimit: null,
      routing: "broadcast",
      hours: null,
      accessToCrmData: "allAgents",
      chatInsideCrm: true,
      crmInsideChat: true,
      pastChatsInFeed: true,
      rememberMillis: 24 * 60 * 60 * 1_000
    })
    expect(isSettings(Settings.defaults)).toBe(true)
  })

  it.each([
    { chatLimit: 21 },
    { defaultRegion: "us" },
    { defaultRegion: "USA" },
    { rememberMillis: 0 },
    { accessToCrmData: "everybody" },
    { matchBy: "phoneOnly" },
    { hours: { timeZone: "+01:00", weekly: [], holidays: [] } }
  ])("cannot be %j (B5, B8, A2, E2)", (changes) => {
    expect(isSettings({ ...Settings.defaults, ...changes })).toBe(false)
  })
})

describe("a card's URL", () => {
  it("is the template with the id in place, each time (E1, H1)", () => {
    expect(Settings.urlFor("https://crm.example/leads/{id}?from={id}", "7")).toBe("https://crm.example/leads/7?from=7")
  })

  it("is none without a template: the card cannot be opened (E1)", () => {
    expect(Settings.urlFor(null, "7")).toBe(null)
  })

  it("keeps a hostile id inside its part of the path (E1)", () => {
    fc.assert(
      fc.property(
        HostileText.text.filter((text) => text.isWellFormed() && !/^\.{0,2}$/.test(text)),
        (id) => {
          const url = new URL(Settings.urlFor("https://crm.example/leads/{id}/card", id) ?? "")
          const [, leads, part, card, ...more] = url.pathname.split("/")
          expect([url.host, leads, decodeURIComponent(part ?? ""), card, more]).toEqual([
            "crm.example",
            "leads",
            id,
            "card",
            []
          ])
          expect([url.search, url.hash]).toEqual(["", ""])
        }
      )
    )
  })
})
