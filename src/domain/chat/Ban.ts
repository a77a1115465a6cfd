import { Schema } from "effect"
import { AgentId, VisitorId } from "../account/Id.ts"
import { Instant } from "../account/Instant.ts"

/** Most IP bans of an account; the oldest falls out (D10). */
export const MAX_IP_BANS = 5_000

/** A visitor who cannot start a chat (D10). */
export const VisitorBan = Schema.Struct({ visitorId: VisitorId, by: AgentId, at: Instant })
export type VisitorBan = typeof VisitorBan.Type

/**
 * A banned address. The bans of an account form a list, oldest first, linked by neighbours, so that adding one and
 * dropping the oldest cost the same among five and among five thousand.
 */
export const IpBan = Schema.Struct({
  ip: Schema.String,
  by: AgentId,
  at: Instant,
  older: Schema.NullOr(Schema.String),
  newer: Schema.NullOr(Schema.String)
})
export type IpBan = typeof IpBan.Type

/** The ends of that list, and its length. */
export const IpBanList = Schema.Struct({
  oldest: Schema.NullOr(Schema.String),
  newest: Schema.NullOr(Schema.String),
  count: Schema.Int
})
export type IpBanList = typeof IpBanList.Type

export const emptyList: IpBanList = { oldest: null, newest: null, count: 0 }

export const BanEvent = Schema.Union([
  Schema.TaggedStruct("VisitorBanned", { visitorId: VisitorId }),
  Schema.TaggedStruct("VisitorUnbanned", { visitorId: VisitorId }),
  Schema.TaggedStruct("IpBanned", { ip: Schema.String }),
  /** `fellOut`: dropped as the oldest of too many (D10). */
  Schema.TaggedStruct("IpUnbanned", { ip: Schema.String, fellOut: Schema.Boolean })
])
export type BanEvent = typeof BanEvent.Type

/** A banned visitor or address asked for a chat (D10). Says no more, not to help them. */
export const Banned = Schema.TaggedStruct("Banned", {})
export type Banned = typeof Banned.Type

/** Bans, changed: what to write (`null`: remove) and the list's new ends. */
export interface IpBanChange {
  readonly list: IpBanList
  readonly bans: ReadonlyMap<string, IpBan | null>
  readonly events: ReadonlyArray<BanEvent>
}

/** The neighbours a change touches: the reader loads them (at most three bans). */
export type IpBans = ReadonlyMap<string, IpBan>

/** Bans an address; the oldest of 5,000 falls out. Already banned: nothing. */
export const banIp = (list: IpBanList, loaded: IpBans, ip: string, by: AgentId, at: Instant): IpBanChange => {
  if (loaded.has(ip)) return { list, bans: new Map(), events: [] }
  const room = list.count >= MAX_IP_BANS && list.oldest !== null ? unlink(list, loaded, list.oldest, true) : null
  const base = room?.list ?? list
  const bans = new Map(room?.bans)
  const newest = base.newest === null ? undefined : (bans.get(base.newest) ?? loaded.get(base.newest))
  if (newest !== undefined && newest !== null) bans.set(newest.ip, { ...newest, newer: ip })
  bans.set(ip, { ip, by, at, older: base.newest, newer: null })
  return {
    list: { oldest: base.oldest ?? ip, newest: ip, count: base.count + 1 },
    bans,
    events: [...(room?.events ?? []), { _tag: "IpBanned", ip }]
  }
}

/** Lifts the ban of an address. Not banned: nothing. */
export const unbanIp = (list: IpBanList, loaded: IpBans, ip: string): IpBanChange => unlink(list, loaded, ip, false)

const unlink = (list: IpBanList, loaded: IpBans, ip: string, fellOut: boolean): IpBanChange => {
  const ban = loaded.get(ip)
  if (ban === undefined) return { list, bans: new Map(), events: [] }
  const bans = new Map<string, IpBan | null>([[ip, null]])
  const older = ban.older === null ? undefined : loaded.get(ban.older)
  const newer = ban.newer === null ? undefined : loaded.get(ban.newer)
  if (older !== undefined) bans.set(older.ip, { ...older, newer: ban.newer })
  if (newer !== undefined) bans.set(newer.ip, { ...newer, older: ban.older })
  return {
    list: {
      oldest: list.oldest === ip ? ban.newer : list.oldest,
      newest: list.newest === ip ? ban.older : list.newest,
      count: list.count - 1
    },
    bans,
    events: [{ _tag: "IpUnbanned", ip, fellOut }]
  }
}
