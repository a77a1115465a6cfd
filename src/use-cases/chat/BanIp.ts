import { Effect } from "effect"
import * as Ban from "../../domain/chat/Ban.ts"
import type { DeskRecords } from "../../ports/DeskStore.ts"
import type { Read } from "../../ports/RecordStore.ts"
import type { Caller } from "../execution/Caller.ts"
import { actingAgent, actingAgentKey, allowed, type DeskTransaction, onDesk } from "../execution/DeskCommand.ts"

/**
 * Bans an address: nobody starts a chat from it (D10). At most 5,000; the oldest falls out. By Chat administrators
 * (J3). Refusals: `AccessDenied`. Cost: the same among one and among five thousand.
 */
export const banIp = Effect.fn("banIp")(function* (caller: Caller, input: { readonly ip: string }) {
  const by = yield* actingAgent(caller, "chat.administer")
  return yield* changeBans(caller, "banIp", input.ip, (list, loaded, now) => Ban.banIp(list, loaded, input.ip, by, now))
})

/** Lifts the ban of an address. Not banned: nothing happens. By Chat administrators (J3). Refusals: `AccessDenied`. */
export const unbanIp = Effect.fn("unbanIp")(function* (caller: Caller, input: { readonly ip: string }) {
  return yield* changeBans(caller, "unbanIp", input.ip, (list, loaded) => Ban.unbanIp(list, loaded, input.ip))
})

const changeBans = (
  caller: Caller,
  name: string,
  ip: string,
  decide: (list: Ban.IpBanList, loaded: Ban.IpBans, now: DeskTransaction["now"]) => Ban.IpBanChange
) =>
  onDesk(caller, name, { ip }, (transaction) =>
    Effect.gen(function* () {
      const [list, agent] = yield* transaction.get({ kind: "ipBanList", id: "all" }, actingAgentKey(caller))
      yield* allowed(caller, agent.value, { action: "chat.administer" })
      const ends = list.value ?? Ban.emptyList
      const reads = yield* neighbourhood(transaction, ip, ends)
      const loaded = new Map<string, Ban.IpBan>()
      for (const [address, read] of reads) if (read.value !== null) loaded.set(address, read.value)
      const change = decide(ends, loaded, transaction.now)
      if (change.events.length === 0) return { ip }
      transaction.put(list, change.list)
      for (const [address, ban] of change.bans) {
        const read = reads.get(address)
        if (read === undefined) continue
        if (ban === null) transaction.remove(read)
        else transaction.put(read, ban)
      }
      for (const event of change.events) transaction.event("bans", 0, event)
      return { ip }
    })
  )

/** The bans that a change can touch: the address, the list's ends, and the neighbours of the one that goes. */
const neighbourhood = Effect.fnUntraced(function* (transaction: DeskTransaction, ip: string, list: Ban.IpBanList) {
  const reads = new Map<string, Read<DeskRecords, "ipBan">>()
  const load = Effect.fnUntraced(function* (addresses: ReadonlyArray<string | null | undefined>) {
    const missing = [...new Set(addresses)].filter((one): one is string => one != null && !reads.has(one))
    const found = yield* transaction.get(...missing.map((id) => ({ kind: "ipBan" as const, id })))
    for (const read of found) reads.set(read.key.id, read)
  })
  yield* load([ip, list.oldest, list.newest])
  const own = reads.get(ip)?.value
  yield* load([own?.older, own?.newer, list.oldest === null ? null : reads.get(list.oldest)?.value?.newer])
  return reads
})
