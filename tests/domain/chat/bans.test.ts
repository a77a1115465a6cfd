import fc from "fast-check"
import { Ban, Instant } from "leadline"
import { ChatCommands } from "leadline/testing"
import { describe, expect, it } from "vitest"

const [by] = ChatCommands.agentIds
const now = Instant.fromMillis(1)

/** The store as a test sees it: all bans, of which each change gets only those it may ask for. */
interface Stored {
  readonly list: Ban.IpBanList
  readonly bans: ReadonlyMap<string, Ban.IpBan>
}

const nothing: Stored = { list: Ban.emptyList, bans: new Map() }

/** The address, its neighbours, the ends, the oldest's neighbour: what `Ban` says the reader loads. */
const loaded = ({ bans, list }: Stored, ip: string): Ban.IpBans => {
  const own = bans.get(ip)
  const oldest = list.oldest === null ? undefined : bans.get(list.oldest)
  const wanted = [ip, own?.older, own?.newer, list.oldest, oldest?.newer, list.newest]
  return new Map(
    wanted.flatMap((address) => {
      const ban = typeof address === "string" ? bans.get(address) : undefined
      return ban === undefined ? [] : [[ban.ip, ban] as const]
    })
  )
}

const written = (stored: Stored, change: Ban.IpBanChange): Stored => {
  const bans = new Map(stored.bans)
  for (const [ip, ban] of change.bans) {
    if (ban === null) bans.delete(ip)
    else bans.set(ip, ban)
  }
  return { list: change.list, bans }
}

const ban = (stored: Stored, ip: string) => Ban.banIp(stored.list, loaded(stored, ip), ip, by, now)
const unban = (stored: Stored, ip: string) => Ban.unbanIp(stored.list, loaded(stored, ip), ip)

/** The list, walked from the oldest along `newer`, with every link back checked. */
const walk = ({ bans, list }: Stored): ReadonlyArray<string> => {
  const found: Array<string> = []
  let [ip, previous] = [list.oldest, null as string | null]
  while (ip !== null && found.length <= bans.size) {
    const link: Ban.IpBan | undefined = bans.get(ip)
    expect(link?.older).toBe(previous)
    found.push(ip)
    previous = ip
    ip = link?.newer ?? null
  }
  expect(list.newest).toBe(previous)
  expect([list.count, bans.size]).toEqual([found.length, found.length])
  return found
}

const addresses = (count: number) => Array.from({ length: count }, (_, index) => `192.0.2.${index}`)

const filled = (count: number): Stored => {
  const ips = addresses(count)
  return {
    list: { oldest: ips[0] ?? null, newest: ips.at(-1) ?? null, count },
    bans: new Map(
      ips.map((ip, at) => [ip, { ip, by, at: now, older: ips[at - 1] ?? null, newer: ips[at + 1] ?? null }])
    )
  }
}

const full = filled(Ban.MAX_IP_BANS)

describe("banning an address", () => {
  it("keeps at most 5,000 (D10)", () => {
    expect(Ban.MAX_IP_BANS).toBe(5_000)
  })

  it("behaves as a plain list does, oldest first, whatever is banned and unbanned (D10)", () => {
    const step = fc.tuple(fc.boolean(), fc.constantFrom(...addresses(7)))
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40, size: "max" }), (steps) => {
        let stored = nothing
        let model: ReadonlyArray<string> = []
        for (const [isBan, ip] of steps) {
          const change = isBan ? ban(stored, ip) : unban(stored, ip)
          const others = model.filter((other) => other !== ip)
          const expected = !isBan ? others : model.includes(ip) ? model : [...others, ip]
          expect(change.events.length).toBe(expected.length === model.length ? 0 : 1)
          expect(change.bans.size).toBeLessThanOrEqual(3)
          stored = written(stored, change)
          model = expected
          expect(walk(stored)).toEqual(model)
        }
      })
    )
  })

  it("says what happened: banned, unbanned (D10)", () => {
    const banned = ban(nothing, "192.0.2.1")
    expect(banned.events).toEqual([{ _tag: "IpBanned", ip: "192.0.2.1" }])
    expect(banned.bans.get("192.0.2.1")).toEqual({ ip: "192.0.2.1", by, at: now, older: null, newer: null })
    const unbanned = unban(written(nothing, banned), "192.0.2.1")
    expect(unbanned.events).toEqual([{ _tag: "IpUnbanned", ip: "192.0.2.1", fellOut: false }])
    expect(unbanned.list).toEqual(Ban.emptyList)
  })

  it("twice does nothing, and neither does lifting a ban that is not there (D10, K4)", () => {
    const stored = written(nothing, ban(nothing, "192.0.2.1"))
    expect(ban(stored, "192.0.2.1")).toEqual({ list: stored.list, bans: new Map(), events: [] })
    expect(unban(stored, "192.0.2.2")).toEqual({ list: stored.list, bans: new Map(), events: [] })
  })

  it("takes the 5,000th without loss; with one more the oldest falls out (D10)", () => {
    const almost = written(full, unban(full, "192.0.2.17"))
    const last = ban(almost, "198.51.100.1")
    expect(last.events).toEqual([{ _tag: "IpBanned", ip: "198.51.100.1" }])
    const change = ban(full, "198.51.100.1")
    expect(change.events).toEqual([
      { _tag: "IpUnbanned", ip: "192.0.2.0", fellOut: true },
      { _tag: "IpBanned", ip: "198.51.100.1" }
    ])
    expect(walk(written(full, change))).toEqual([...addresses(5_000).slice(1), "198.51.100.1"])
    expect(change.bans.size).toBe(4)
  })

  it("lets the oldest fall out one after another, however many come (D10)", () => {
    let stored = full
    const came = Array.from({ length: 20 }, (_, index) => `198.51.100.${index}`)
    for (const ip of came) stored = written(stored, ban(stored, ip))
    expect(walk(stored)).toEqual([...addresses(5_000).slice(20), ...came])
  })

  it("of one in the middle, lifted, closes the gap (D10)", () => {
    const stored = filled(5)
    const change = unban(stored, "192.0.2.2")
    expect(walk(written(stored, change))).toEqual(["192.0.2.0", "192.0.2.1", "192.0.2.3", "192.0.2.4"])
  })
})
