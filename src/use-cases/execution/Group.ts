import type { AccountId } from "../../domain/account/Id.ts"
import type { Commit, CommonRecords, Key, Put, Read, Version } from "../../ports/RecordStore.ts"
import { type Held, isFilledIn, nameIn, type View } from "./Hand.ts"

/** Commands that one commit carries at most. decision: a commit that stays far below a store's own bounds. */
export const MOST_TOGETHER = 64

/**
 * Commands that wait for the same records, decided one after another, each on what the one before left, and committed as
 * one change. Until then what they left has versions that no store gives: negative ones.
 */
export class Group<Records extends CommonRecords, Payload> implements View<Records> {
  private readonly account: AccountId
  private readonly under: View<Records>
  private readonly expected = new Map<string, { readonly key: Key<Records>; readonly version: Version }>()
  private readonly left = new Map<
    string,
    { readonly key: Key<Records>; readonly put: Put<Records> | null; readonly version: Version }
  >()
  private readonly contents: Array<Commit<Records, Payload>["contents"][number]> = []
  private readonly events: Array<Commit<Records, Payload>["events"][number]> = []
  private lastVersion = 0
  size = 0

  constructor(account: AccountId, under: View<Records>) {
    this.account = account
    this.under = under
  }

  find(account: AccountId, key: Key<Records>): Held<Records> | undefined {
    const left = this.left.get(nameIn(account, key))
    if (left === undefined) return this.under.find(account, key)
    const { put, version } = left
    if (put !== null && isFilledIn(put)) return undefined
    const read = { key, version, value: put?.value ?? null } as Read<Records>
    return { read, since: Number.MAX_SAFE_INTEGER }
  }

  learn(account: AccountId, read: Read<Records>): void {
    this.under.learn(account, read)
  }

  /** Takes a change along, unless it was decided on something older than what is left here. */
  takes(change: Commit<Records, Payload>): boolean {
    if (this.size >= MOST_TOGETHER) return false
    for (const { key, version } of change.expect) {
      const name = nameIn(this.account, key)
      const known = this.left.get(name) ?? this.expected.get(name)
      if (known !== undefined && known.version !== version) return false
    }
    for (const { key, version } of change.expect) {
      const name = nameIn(this.account, key)
      if (!this.left.has(name)) this.expected.set(name, { key, version })
    }
    for (const put of [...change.put, ...remembering(change)]) this.leave(put.key, put)
    for (const key of change.remove) this.leave(key, null)
    this.contents.push(...change.contents)
    this.events.push(...change.events)
    this.size++
    return true
  }

  /** All of it as one change. What was made and removed again on the way was never there. */
  get change(): Commit<Records, Payload> {
    const left = [...this.left.values()]
    return {
      expect: [...this.expected.values()],
      put: left.flatMap(({ put }) => put ?? []),
      remove: left.flatMap(({ key, put }) =>
        put === null && this.expected.get(nameIn(this.account, key))?.version !== 0 ? key : []
      ),
      contents: this.contents,
      events: this.events,
      remember: null
    }
  }

  private leave(key: Key<Records>, put: Put<Records> | null): void {
    this.left.set(nameIn(this.account, key), { key, put, version: --this.lastVersion })
  }
}

/** An answer to remember is a record like others (K1). */
const remembering = <Records extends CommonRecords, Payload>({
  remember
}: Commit<Records, Payload>): ReadonlyArray<Put<Records>> =>
  remember === null
    ? []
    : [{ key: { kind: "command", id: remember.id }, value: remember, contents: [], due: remember.until } as never]
