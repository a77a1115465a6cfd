import { Effect, Layer } from "effect"
import { Actor, EmailKey, Id, Instant, PhoneKey, Record, RecordRef, type User } from "leadline"
import * as Memory from "leadline/memory"
import { CrmStore, type CrmStoreShape, type NewLead, type Viewer } from "leadline/ports"
import { type Caller, createPool, OwnCrm, type RecordToSave, saveRecord, saveUser } from "leadline/use-cases"

export const account = Id.AccountId.make("acme")
export const everything: Viewer = { _tag: "All" }
export const asUser = (name: string): Viewer => ({ _tag: "User", userId: userId(name) })

/** An import: may administer the CRM. */
export const importer: Caller = { account, actor: Actor.service("import"), surface: "api" }

/** A fresh account in memory, where fibers meet before every operation, as they would at a database. */
export const layer = () => Layer.provideMerge(OwnCrm.layer, Memory.layer({ yieldsBeforeEach: true }))

export const run = <A, E>(effect: Effect.Effect<A, E, Layer.Success<ReturnType<typeof layer>>>): Promise<A> =>
  Effect.runPromise(Effect.provide(effect, layer()))

export const userId = (name: string) => Id.UserId.make(name)
export const recordId = (id: string) => RecordRef.RecordId.make(id)
export const chatId = (id: string) => Id.ChatId.make(id)
export const poolId = (id: string) => Id.PoolId.make(id)
export const agent = (id: string) => Actor.agent(Id.AgentId.make(id))
export const leadRef = (id: string) => ({ kind: "lead" as const, id: recordId(id) })
export const personRef = (id: string) => ({ kind: "person" as const, id: recordId(id) })
export const companyRef = (id: string) => ({ kind: "company" as const, id: recordId(id) })
export const dealRef = (id: string) => ({ kind: "deal" as const, id: recordId(id) })

export const emailKey = (typed: string): EmailKey.EmailKey => {
  const key = EmailKey.make(typed)
  if (key === null) throw new Error(`no key: ${typed}`)
  return key
}

export const user = (name: string, more: Partial<User.User> = {}): User.User => ({
  id: userId(name),
  name: `${name} (user)`,
  email: `${name}@acme.example`,
  isActive: true,
  reportsTo: null,
  isAccountOwner: false,
  isCrmAdministrator: false,
  teams: [],
  groups: [],
  visibility: "all",
  ...more
})

const common = (id: string, emails: ReadonlyArray<string>) => ({
  id: recordId(id),
  ownerId: userId("owner"),
  emails,
  phones: [] as ReadonlyArray<string>,
  custom: {},
  updatedAt: Instant.fromMillis(1000)
})

export const lead = (id: string, emails: ReadonlyArray<string>, more: object = {}) =>
  ({
    _tag: "Lead",
    ...common(id, emails),
    firstName: null,
    lastName: id,
    organisation: null,
    status: "New",
    source: null,
    addedFrom: { _tag: "Import" },
    ...more
  }) satisfies RecordToSave

export const person = (id: string, emails: ReadonlyArray<string>, more: object = {}) =>
  ({
    _tag: "Person",
    ...common(id, emails),
    firstName: null,
    lastName: id,
    companyId: null,
    ...more
  }) satisfies RecordToSave

export const company = (id: string, emails: ReadonlyArray<string>, more: object = {}) =>
  ({ _tag: "Company", ...common(id, emails), name: id, ...more }) satisfies RecordToSave

export const deal = (id: string, more: object = {}) =>
  ({
    _tag: "Deal",
    ...common(id, []),
    name: id,
    primaryContact: null,
    associatedContacts: [],
    companyId: null,
    value: null,
    currency: null,
    ...more
  }) satisfies RecordToSave

/** What `newLead` is told; the rest is as usual: the agent `a1`, who sees all, and the owner `owner`. */
export type Asked = Partial<NewLead> & { readonly chat?: string }

/** A lead to create, of the default account settings but for its only configured owner. */
export const newLead = ({ chat = "chat-1", ...more }: Asked = {}): NewLead => {
  const email = more.email ?? "ann@example.com"
  const phone = more.phone ?? null
  return {
    chatId: chatId(chat),
    evidence: { email: emailKey(email), phone: phone === null ? null : PhoneKey.make(phone, null) },
    firstName: "Ann",
    lastName: "Lee",
    email,
    phone,
    status: "New",
    source: "Chat",
    owner: owned({ _tag: "User", userId: userId("owner") }),
    creator: agent("a1"),
    creatorUser: null,
    viewer: everything,
    note: null,
    defaultRegion: null,
    ...more
  }
}

type ByPolicy = Extract<NewLead["owner"], { readonly _tag: "ByPolicy" }>

/** The configured owners of new leads (F1). */
export const owned = (...configured: ByPolicy["configured"]): ByPolicy => ({
  _tag: "ByPolicy",
  anyOwnerAllowed: false,
  configured,
  access: "allAgents",
  picked: null
})

export const dealtBy = (pool: string) => owned({ _tag: "Pool", poolId: poolId(pool) })

export const saveUsers = (...users: ReadonlyArray<User.User>) =>
  Effect.forEach(users, (one) => saveUser(importer, one), { discard: true })

export const saveRecords = (...records: ReadonlyArray<RecordToSave>) =>
  Effect.forEach(records, (record) => saveRecord(importer, record), { discard: true })

/** A pool of leads with new users as its members. */
export const poolOf = Effect.fnUntraced(function* (id: string, ...members: ReadonlyArray<string>) {
  yield* saveUsers(...members.map((name) => user(name)))
  yield* createPool(importer, { id: poolId(id), name: id, recordKind: "lead", members: members.map(userId) })
})

/** What happened, in order. */
export const happened = Effect.gen(function* () {
  const store = yield* CrmStore
  return (yield* store.log(account, 0, 10_000)).entries.map(({ event }) => event)
})

export const payloads = Effect.map(happened, (events) => events.map(({ payload }) => payload))

/** The notices that are due. */
export const notices = Effect.map(payloads, (all) =>
  all.flatMap((payload) => (payload._tag === "NoticeDue" ? [payload.notice] : []))
)

/** The live leads. */
export const leads = Effect.gen(function* () {
  const store = yield* CrmStore
  const refs = yield* store.list(account, "lead", null, 10_000)
  const reads = yield* store.get(
    account,
    refs.map(({ id }) => ({ kind: "lead" as const, id }))
  )
  return reads.flatMap(({ value }) => (value !== null && Record.isLive(value) ? [value] : []))
})

/** The same store, and what it was asked, by name. */
export const counting = (store: CrmStoreShape) => {
  const asked: Array<string> = []
  const members = Object.entries(store).map(([name, member]) => [
    name,
    typeof member === "function"
      ? (...given: ReadonlyArray<unknown>) => {
          asked.push(name)
          return (member as (...given: ReadonlyArray<unknown>) => unknown)(...given)
        }
      : member
  ])
  return { asked, store: Object.fromEntries(members) as CrmStoreShape }
}

/** The same store, but that others write something after the first read of a kind and before what follows it. */
export const overtakenAfter = Effect.fnUntraced(function* <E, R>(
  read: "users" | "leadFacts",
  meanwhile: Effect.Effect<unknown, E, R>
) {
  const store = yield* CrmStore
  const needs = yield* Effect.context<R>()
  let isFirst = true
  const others = Effect.suspend(() => {
    const writing = isFirst ? Effect.orDie(Effect.provide(meanwhile, needs)) : Effect.void
    isFirst = false
    return writing
  })
  return CrmStore.of({
    ...store,
    users: (of) => (read === "users" ? Effect.tap(store.users(of), () => others) : store.users(of)),
    leadFacts: (of, query) =>
      read === "leadFacts" ? Effect.tap(store.leadFacts(of, query), () => others) : store.leadFacts(of, query)
  })
})
