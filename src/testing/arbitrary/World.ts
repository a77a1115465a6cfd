/**
 * A whole account: users in reporting trees, agents, pools, records, layouts, settings and chats that name each other. What
 * names somebody names somebody who is there; emails and phones are of few people, so that chats match records.
 *
 * Plain data, one draw, no step that depends on another: a failing world shrinks part by part, down to one user and nothing
 * else. To put one into a store, commit its parts, or save them by the use cases.
 *
 * @example
 * ```ts
 * import fc from "fast-check"
 * import { TopmostManager } from "leadline"
 * import { WorldArbitrary } from "leadline/testing"
 * import { Result } from "effect"
 *
 * // who has an active user has an owner for every lead (F5)
 * fc.assert(
 *   fc.property(WorldArbitrary.world(), ({ directory }) => {
 *     const isAnybodyActive = [...directory.values()].some(({ isActive }) => isActive)
 *     return Result.isSuccess(TopmostManager.find(directory)) === isAnybodyActive
 *   })
 * )
 * ```
 *
 * @module
 */
import fc from "fast-check"
import { type AccountId, ChatId, PoolId, UserId, VisitorId } from "../../domain/account/Id.ts"
import type { Agent } from "../../domain/agent/Agent.ts"
import type { Layout, Registry } from "../../domain/panel/Layout.ts"
import type { DistributionPool } from "../../domain/record/DistributionPool.ts"
import type { Company, CrmRecord, Deal, Lead, Person } from "../../domain/record/Record.ts"
import { type MatchableKind, RecordId } from "../../domain/record/RecordRef.ts"
import type { Directory } from "../../domain/record/User.ts"
import type { Settings } from "../../domain/settings/Settings.ts"
import * as ChatCommands from "../ChatCommands.ts"
import * as Account from "./Account.ts"
import * as AgentArbitrary from "./Agent.ts"
import * as Chat from "./ChatLog.ts"
import * as Panel from "./Panel.ts"
import * as Record from "./Record.ts"
import * as SettingsArbitrary from "./Settings.ts"

/** An account and all that is in it. */
export interface World {
  readonly account: AccountId
  readonly settings: Settings
  /** The users by id: `user-1` owns the account. No circles (F5). */
  readonly directory: Directory
  /** Some of them with a CRM licence: then a user of the directory, each at most once. */
  readonly agents: ReadonlyArray<Agent>
  /** Of users of the directory (F2). */
  readonly pools: ReadonlyArray<DistributionPool>
  /** Standard and custom fields; the layouts are valid for them (I2). */
  readonly registry: Registry
  readonly layouts: Readonly<{ [Kind in MatchableKind]: Layout }>
  /** Live ones, each of another id, owned by users of the directory; links lead to records that are there. */
  readonly records: ReadonlyArray<CrmRecord>
  /** Each of another visitor, served by agents of this world. */
  readonly chats: ReadonlyArray<Chat.ChatLog>
}

/** How large a world may get. Each is a most; there is always one user. */
export interface WorldOptions {
  readonly users?: number
  readonly agents?: number
  readonly pools?: number
  /** Of each kind. */
  readonly records?: number
  readonly chats?: number
  /** Commands of a chat. */
  readonly commands?: number
}

/** decision: enough that everything meets, few enough that a world takes a few milliseconds. */
const SIZES: Required<WorldOptions> = { users: 5, agents: 3, pools: 2, records: 2, chats: 2, commands: 12 }

/** Places in a list of any length, taken modulo that length. */
const place = fc.nat({ max: 11 })
const list = <A>(arbitrary: fc.Arbitrary<A>, maxLength: number) =>
  fc.array(fc.tuple(arbitrary, place, fc.option(place, { nil: null })), { maxLength })

/** Any account. Shrinks to one user, default settings and layouts, nothing else. */
export const world = (options: WorldOptions = {}): fc.Arbitrary<World> => {
  const most = { ...SIZES, ...options }
  const steps = ChatCommands.steps({ text: Chat.typed, maxLength: most.commands })
  return fc
    .record({
      account: Account.accountId,
      settings: SettingsArbitrary.settings,
      users: Record.users({ maxLength: Math.max(1, most.users) }),
      agents: AgentArbitrary.agents({ maxLength: most.agents }),
      pools: fc.array(fc.tuple(Record.distributionPool, fc.array(place, { maxLength: 4 })), { maxLength: most.pools }),
      panel: Panel.layouts(Panel.registry),
      leads: list(Record.liveLead, most.records),
      persons: list(Record.livePerson, most.records),
      companies: list(Record.liveCompany, most.records),
      deals: list(Record.liveDeal, most.records),
      chats: fc.array(steps, { maxLength: most.chats })
    })
    .map(assembled)
}

type Listed<A> = ReadonlyArray<readonly [A, number, number | null]>

interface Drawn {
  readonly account: AccountId
  readonly settings: Settings
  readonly users: ReadonlyArray<Directory extends ReadonlyMap<UserId, infer U> ? U : never>
  readonly agents: ReadonlyArray<Agent>
  readonly pools: ReadonlyArray<readonly [DistributionPool, ReadonlyArray<number>]>
  readonly panel: Pick<World, "registry" | "layouts">
  readonly leads: Listed<Lead>
  readonly persons: Listed<Person>
  readonly companies: Listed<Company>
  readonly deals: Listed<Deal>
  readonly chats: ReadonlyArray<ReadonlyArray<ChatCommands.Step>>
}

/** Makes the parts name each other. */
const assembled = (drawn: Drawn): World => {
  const { account, agents, panel, settings, users } = drawn
  const directory = new Map(users.map((user) => [user.id, user]))
  const agentIds = agents.map(({ id }) => id)
  const pools = drawn.pools.map(([pool, members], at) => ({
    ...pool,
    id: PoolId.make(`pool-${at + 1}`),
    members: [...new Set(members.map((place) => userAt(users, place)))]
  }))
  return {
    ...{ account, directory, pools, ...panel },
    agents: agents.map((agent) => ({
      ...agent,
      userId: agent.userId !== null && directory.has(agent.userId) ? agent.userId : null
    })),
    settings: { ...settings, leadOwners: settings.leadOwners.map((_, at) => ownerAt(users, pools, at)) },
    records: recordsOf(drawn),
    chats: drawn.chats.flatMap((steps, at) => {
      const names = { chatId: ChatId.make(`chat-${at + 1}`), visitorId: VisitorId.make(`visitor-${at + 1}`), agentIds }
      return Chat.logOf(steps, names) ?? []
    })
  }
}

const userAt = (users: Drawn["users"], place: number): UserId =>
  users[place % Math.max(1, users.length)]?.id ?? UserId.make("user-1")

/** Pools and users by turns, as far as there are pools. */
const ownerAt = (users: Drawn["users"], pools: World["pools"], at: number): Settings["leadOwners"][number] => {
  const pool = pools[at]
  return pool === undefined ? { _tag: "User", userId: userAt(users, at) } : { _tag: "Pool", poolId: pool.id }
}

const recordsOf = ({ companies, deals, leads, persons, users }: Drawn): ReadonlyArray<CrmRecord> => {
  const placed = <A extends CrmRecord>(listed: Listed<A>, kind: string) =>
    listed.map(([record, owner, link], at) => ({
      record: { ...record, id: RecordId.make(`${kind}-${at + 1}`), ownerId: userAt(users, owner) },
      link
    }))
  const linked = (link: number | null, kind: string, among: ReadonlyArray<unknown>): RecordId | null =>
    link === null || among.length === 0 ? null : RecordId.make(`${kind}-${(link % among.length) + 1}`)
  return [
    ...placed(leads, "lead").map(({ record }) => ({ ...record, addedFrom: { _tag: "Manual" as const } })),
    ...placed(persons, "person").map(({ link, record }) => ({
      ...record,
      companyId: linked(link, "company", companies)
    })),
    ...placed(companies, "company").map(({ record }) => record),
    ...placed(deals, "deal").map(({ link, record }) => {
      const person = linked(link, "person", persons)
      return {
        ...record,
        primaryContact: person === null ? null : { kind: "person" as const, id: person },
        associatedContacts: [],
        companyId: linked(link, "company", companies)
      }
    })
  ]
}
