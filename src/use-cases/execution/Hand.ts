import type { AccountId } from "../../domain/account/Id.ts"
import type { Commit, Committed, Key, Put, Read } from "../../ports/RecordStore.ts"

/** Records that a process has in hand, at most, per store. decision: some megabytes; the chats under way in one host. */
const MOST_HELD = 4096

/** A record as it was last known here, and when that was, counted in reads and commits of this process. */
export interface Held<Records> {
  /** `null`: known to have changed since; nobody here knows to what. */
  readonly read: Read<Records> | null
  readonly since: number
}

/** What a decision may take instead of reading. */
export interface View<Records> {
  readonly find: (account: AccountId, key: Key<Records>) => Held<Records> | undefined
  /** Remembers what was read just now. */
  readonly learn: (account: AccountId, read: Read<Records>) => void
}

/**
 * The records that this process read or wrote last: the version in hand that saves a command its read. Nothing here is
 * true; it only was. Every record taken from here is expected by the commit like one that was read, so a commit that was
 * decided on an outdated one loses, and whoever refuses or does nothing because of one looks again first.
 */
export class Hand<Records> implements View<Records> {
  private readonly held = new Map<string, Held<Records>>()
  private clock = 0

  /** The moment now: what is learned from here on is newer. */
  get now(): number {
    return this.clock
  }

  find(account: AccountId, key: Key<Records>): Held<Records> | undefined {
    const name = nameIn(account, key)
    const held = this.held.get(name)
    if (held === undefined) return undefined
    this.held.delete(name)
    this.held.set(name, held)
    return held
  }

  learn(account: AccountId, read: Read<Records>): void {
    this.keep(nameIn(account, read.key), { read, since: ++this.clock })
  }

  /** Others have changed it. */
  lose(account: AccountId, key: Key<Records>): void {
    this.keep(nameIn(account, key), { read: null, since: ++this.clock })
  }

  /** What a commit of this process left. */
  landed<Payload>(account: AccountId, change: Commit<Records, Payload>, { versions }: Committed): void {
    for (const [at, put] of change.put.entries()) {
      const version = versions[at]
      if (version === undefined || isFilledIn(put)) this.lose(account, put.key)
      else this.learn(account, { key: put.key, version, value: put.value } as Read<Records>)
    }
    for (const key of change.remove) this.learn(account, { key, version: 0, value: null })
  }

  private keep(name: string, held: Held<Records>): void {
    this.held.delete(name)
    this.held.set(name, held)
    if (this.held.size <= MOST_HELD) return
    const [oldest] = this.held.keys()
    if (oldest !== undefined) this.held.delete(oldest)
  }
}

/** A store completes this value while it writes it: the number of a chat that enters the queue (C2). */
export const isFilledIn = <Records>({ value }: Put<Records>): boolean =>
  typeof value === "object" && value !== null && "queueNumber" in value && value.queueNumber === null

/** Nothing is in hand: everything is read. */
export const emptyHand = <Records>(hand: Hand<Records>): View<Records> => ({
  find: () => undefined,
  learn: (account, read) => hand.learn(account, read)
})

export const nameIn = <Records>(account: AccountId, key: Key<Records>): string =>
  `${account}/${String(key.kind)}/${key.id}`
