import fc from "fast-check"
import { FeedPage } from "leadline"
import { describe, expect, it } from "vitest"
import {
  activityAt,
  chainOf,
  chatAt,
  entriesOf,
  growing,
  isActivity,
  isChat,
  nameOf,
  reaches,
  rowsOf,
  type Source,
  sorted,
  still,
  type World
} from "./Chain.ts"

const chatLimit = fc.integer({ min: 0, max: 12 })
const tagsOf = (pages: ReadonlyArray<FeedPage.FeedPage>) => pages.map(({ completeness }) => completeness._tag)

describe("a client's limit", () => {
  it("shows exactly its newest chats, and everything else (H5)", () => {
    fc.assert(
      fc.property(still, chatLimit, (world, limit) => {
        const newest = rowsOf("chats", world.entries).slice(0, limit)
        const expected = sorted([...newest, ...rowsOf("activities", world.entries)])
        const pages = chainOf({ ...world, chatLimit: limit })
        expect(entriesOf(pages).map(nameOf)).toEqual(expected.map(nameOf))
        expect(pages.slice(0, -1).every(({ entries }) => entries.length > 0)).toBe(true)
      }),
      { numRuns: 300 }
    )
  })

  it("is told from exactly the page where a chat was withheld, with how many were shown (H5)", () => {
    fc.assert(
      fc.property(still, chatLimit, (world, limit) => {
        const withheld = rowsOf("chats", world.entries)[limit]
        let shown = 0
        for (const page of chainOf({ ...world, chatLimit: limit })) {
          shown += page.entries.filter(isChat).length
          const bites = withheld !== undefined && reaches(page, withheld)
          expect(page.completeness).toEqual(
            bites ? { _tag: "Truncated", reason: "clientLimit", source: "chats", shown, limit } : { _tag: "Complete" }
          )
        }
      }),
      { numRuns: 300 }
    )
  })

  it("holds over the chain and hides nothing else, also when chats come in meanwhile (H4, H5)", () => {
    fc.assert(
      fc.property(growing, chatLimit, (world, limit) => {
        const pages = chainOf({ ...world, chatLimit: limit })
        const shown = entriesOf(pages)
        expect(shown.filter(isChat).length).toBeLessThanOrEqual(limit)
        const activities = rowsOf("activities", world.entries).map(nameOf)
        expect(shown.map(nameOf).filter((name) => activities.includes(name))).toEqual(activities)
        expect(shown.map(nameOf)).toEqual(sorted(shown).map(nameOf))
        const tags = tagsOf(pages)
        expect(tags).toEqual([...tags].sort())
        if (rowsOf("chats", world.entries).length > limit) expect(tags.at(-1)).toBe("Truncated")
      }),
      { numRuns: 300 }
    )
  })

  it("is some number on a phone and none on a full client (H5)", () => {
    expect(FeedPage.profiles.full.chatLimit).toBe(null)
    expect(FeedPage.profiles.mobile.chatLimit).toBeGreaterThan(0)
  })
})

describe("a source's own limit", () => {
  const source = fc.constantFrom<Source>("chats", "activities")

  it("is told from exactly the page that reaches the end of what the source shows, and hides nothing else (H5)", () => {
    fc.assert(
      fc.property(still, source, fc.integer({ min: 1, max: 12 }), (world, limited, limit) => {
        const rows = rowsOf(limited, world.entries)
        const end = rows[limit - 1]
        const pages = chainOf({ ...world, sourceLimits: { [limited]: limit } })
        const hidden = new Set(rows.slice(limit).map(nameOf))
        const expected = sorted(world.entries).map(nameOf)
        expect(entriesOf(pages).map(nameOf)).toEqual(expected.filter((name) => !hidden.has(name)))
        let chats = 0
        for (const page of pages) {
          chats += page.entries.filter(isChat).length
          const shown = limited === "chats" ? chats : null
          const bites = rows.length > limit && end !== undefined && reaches(page, end)
          expect(page.completeness).toEqual(
            bites ? { _tag: "Truncated", reason: "sourceLimit", source: limited, shown, limit } : { _tag: "Complete" }
          )
        }
      }),
      { numRuns: 300 }
    )
  })

  it("is told at once by a source that shows nothing at all (H5)", () => {
    const entries = [chatAt(9, "1"), activityAt(8, "2"), activityAt(7, "3")]
    const readings = [{ pageSize: 1, added: [], down: [] }]
    expect(tagsOf(chainOf({ entries, readings, sourceLimits: { chats: 0 } }))).toEqual(["Truncated", "Truncated"])
  })
})

describe("a source that cannot be read", () => {
  const broken = fc.tuple(
    still,
    fc.constantFrom<Source>("chats", "activities"),
    fc.array(fc.boolean(), { minLength: 1, maxLength: 12 })
  )

  it("hides no row of the other, and brings no order out of order (H4, H5)", () => {
    fc.assert(
      fc.property(broken, ([world, flaky, isDown]) => {
        const readings = isDown.map((down, n) => ({
          pageSize: world.readings[n]?.pageSize ?? 2,
          added: [],
          down: down ? [flaky] : []
        }))
        const pages = chainOf({ ...world, readings })
        const shown = entriesOf(pages)
        const other = rowsOf(flaky === "chats" ? "activities" : "chats", world.entries).map(nameOf)
        expect(shown.map(nameOf).filter((name) => other.includes(name))).toEqual(other)
        expect(shown.map(nameOf)).toEqual(sorted(shown).map(nameOf))
        expect(new Set(shown.map(nameOf)).size).toBe(shown.length)
        for (const [n, page] of pages.entries()) {
          if (isDown[n] === true) expect(page.entries.every(flaky === "chats" ? isActivity : isChat)).toBe(true)
        }
      }),
      { numRuns: 300 }
    )
  })

  it("is told on that page and on every later one, since the chain has a hole (H5)", () => {
    fc.assert(
      fc.property(broken, ([world, flaky, isDown]) => {
        const readings = isDown.map((down) => ({ pageSize: 2, added: [], down: down ? [flaky] : [] }))
        const first = isDown.indexOf(true)
        let chats = 0
        for (const [n, page] of chainOf({ ...world, readings }).entries()) {
          chats += page.entries.filter(isChat).length
          const shown = flaky === "chats" ? chats : null
          expect(page.completeness).toEqual(
            first >= 0 && n >= first
              ? { _tag: "Truncated", reason: "sourceUnavailable", source: flaky, shown, limit: null }
              : { _tag: "Complete" }
          )
        }
      })
    )
  })

  it("ends the chain if the other has nothing left, as when both are down (H5)", () => {
    const readings = [{ pageSize: 1, added: [], down: ["chats", "activities"] as const }]
    const [page, ...rest] = chainOf({ entries: [chatAt(1, "1"), activityAt(1, "2")], readings })
    expect(rest).toEqual([])
    expect(page).toEqual({
      entries: [],
      next: null,
      completeness: { _tag: "Truncated", reason: "sourceUnavailable", source: "chats", shown: 0, limit: null }
    })
  })
})

describe("a page that several limits bite", () => {
  const entries = [4, 3, 2, 1].flatMap((at) => [chatAt(at, `c${at}`), activityAt(at, `a${at}`)])
  const reasonsOf = (world: Omit<World, "entries">) =>
    chainOf({ ...world, entries }).map(({ completeness }) =>
      completeness._tag === "Complete" ? "" : `${completeness.reason} ${completeness.source}`
    )
  const steady = { pageSize: 2, added: [], down: [] }

  it("names the client's limit before a source's, from where it bites (H5)", () => {
    const readings = [steady]
    const sourceLimits = { activities: 1 }
    expect(reasonsOf({ readings, sourceLimits, chatLimit: 1 })).toEqual(["clientLimit chats"])
    expect(reasonsOf({ readings, sourceLimits, chatLimit: 2 })).toEqual(["sourceLimit activities", "clientLimit chats"])
  })

  it("names the source's limit that bit first, and of two at once the chats' (H5)", () => {
    const sourceLimits = { chats: 2, activities: 1 }
    expect(reasonsOf({ readings: [{ ...steady, pageSize: 8 }], sourceLimits })).toEqual(["sourceLimit chats"])
    expect(reasonsOf({ readings: [steady], sourceLimits })).toEqual([
      "sourceLimit activities",
      "sourceLimit activities"
    ])
  })

  it("names an unavailable source before any limit (H5)", () => {
    const readings = [{ ...steady, down: ["activities"] as const }]
    expect(reasonsOf({ readings, sourceLimits: { chats: 1 } })).toEqual(["sourceUnavailable activities"])
    expect(reasonsOf({ readings, chatLimit: 1 })).toEqual(["sourceUnavailable activities"])
  })

  it("names no unavailable chats that the client's limit hides anyway, once it has bitten (H5)", () => {
    const down = { ...steady, down: ["chats"] as const }
    const bitten = ["", "clientLimit chats", "clientLimit chats"]
    expect(reasonsOf({ readings: [steady, steady, down], chatLimit: 1 })).toEqual(bitten)
    const unknown = ["", "sourceUnavailable chats", "sourceUnavailable chats"]
    expect(reasonsOf({ readings: [steady, down, steady], chatLimit: 1 })).toEqual(unknown)
  })
})
