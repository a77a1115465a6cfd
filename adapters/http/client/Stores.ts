import { Effect, Layer, Schedule, Stream } from "effect"
import type { HttpClient } from "effect/http"
import { HttpApiClient } from "effect/http-api"
import type { Content, Id, Instant } from "leadline"
import { Api } from "leadline/http"
import {
  type Commit,
  type Committed,
  type CommonRecords,
  CrmStore,
  DeskStore,
  type Due,
  type Key,
  type LeadFacts,
  type LogPage,
  type Read,
  type Reads,
  type RecordStore,
  SettingsStore,
  StoreError
} from "leadline/ports"
import type { Undone } from "./Failures.ts"
import * as Remote from "./Remote.ts"

type Answer<A> = Effect.Effect<A, Undone>
type Request<Payload, A> = (request: { readonly payload: Payload }) => Answer<A>
type Keys<Records> = { readonly keys: ReadonlyArray<Key<Records>> }
type Subject = { readonly subject: Content.Subject }
type Declared = { readonly isDurable: boolean; readonly erase: boolean }

/** What the client asks of every store: the server's side of `RecordStore`. */
interface Requests<Records extends CommonRecords, Payload> {
  readonly capabilities: () => Answer<Declared>
  readonly get: Request<Keys<Records>, { readonly reads: ReadonlyArray<Read<Records>> }>
  readonly getWithTexts: Request<
    Keys<Records>,
    { readonly reads: ReadonlyArray<Read<Records>>; readonly texts: Content.Texts }
  >
  readonly commit: Request<Commit<Records, Payload>, Committed>
  readonly log: Request<{ readonly after: number; readonly limit: number }, LogPage<Payload>>
  readonly due: Request<
    { readonly kind: string; readonly now: Instant.Instant; readonly limit: number },
    { readonly due: ReadonlyArray<Due<Records>> }
  >
  readonly contents: Request<{ readonly refs: ReadonlyArray<Content.ContentRef> }, { readonly texts: Content.Texts }>
  readonly contentCount: Request<Subject, { readonly count: number }>
  readonly erase: Request<Subject & { readonly limit: number }, { readonly erased: number; readonly isDone: boolean }>
  readonly changes: () => Answer<Stream.Stream<Uint8Array, unknown>>
}

/** decision: a server that restarts is back within seconds; nothing depends on a wake-up arriving. */
const reconnecting = Schedule.jittered(Schedule.spaced("500 millis"))

/** Connecting again would not help; a stream that broke off is connected again. */
const isOver = (error: unknown): boolean => error instanceof StoreError && !error.isRetryable

/** A remote store: each member one request. */
const recordStore = <Records extends CommonRecords, Payload>(
  remote: Remote.RemoteStores,
  port: string,
  requests: Requests<Records, Payload>
): RecordStore<Records, Payload> => {
  const read = Remote.read(remote, port)
  const written = Remote.written(remote, port)
  return {
    get: <const Wanted extends ReadonlyArray<Key<Records>>>(account: Id.AccountId, keys: Wanted) =>
      Effect.map(
        read("get", account, requests.get({ payload: { keys } })),
        ({ reads }) => reads as unknown as Reads<Records, Wanted>
      ),
    getWithTexts: <const Wanted extends ReadonlyArray<Key<Records>>>(account: Id.AccountId, keys: Wanted) =>
      Effect.map(read("getWithTexts", account, requests.getWithTexts({ payload: { keys } })), ({ reads, texts }) => ({
        reads: reads as unknown as Reads<Records, Wanted>,
        texts
      })),
    commit: (account, payload) => written("commit", account, requests.commit({ payload })),
    log: (account, after, limit) => read("log", account, requests.log({ payload: { after, limit } })),
    due: <const Kind extends keyof Records>(account: Id.AccountId, kind: Kind, now: Instant.Instant, limit: number) =>
      Effect.map(
        read("due", account, requests.due({ payload: { kind: String(kind), now, limit } })),
        ({ due }) => due as unknown as ReadonlyArray<Due<Records, Kind>>
      ),
    changes: (account) =>
      // each connection begins with a wake-up: what happened in between is in the log
      Stream.unwrap(read("changes", account, requests.changes())).pipe(
        Stream.map(() => undefined),
        Stream.catchIf(
          isOver,
          (error) => Stream.fail(error as StoreError),
          () => Stream.empty
        ),
        Stream.repeat(reconnecting)
      ),
    contents: (account, refs) =>
      Effect.map(read("contents", account, requests.contents({ payload: { refs } })), ({ texts }) => texts),
    contentCount: (account, subject) =>
      Effect.map(read("contentCount", account, requests.contentCount({ payload: { subject } })), ({ count }) => count),
    erase: (account, subject, limit) => read("erase", account, requests.erase({ payload: { subject, limit } }))
  }
}

/** The chat side's store of a remote server. */
export const deskStore = (remote: Remote.RemoteStores): Layer.Layer<DeskStore, StoreError, HttpClient.HttpClient> =>
  Layer.effect(
    DeskStore,
    Effect.gen(function* () {
      const requests = yield* HttpApiClient.group(Api, { group: "deskStore", httpClient: yield* Remote.at(remote) })
      const read = Remote.read(remote, "DeskStore")
      return DeskStore.of({
        ...recordStore(remote, "DeskStore", requests),
        capabilities: yield* read("capabilities", remote.account, requests.capabilities()),
        waiting: (account, limit) =>
          Effect.map(read("waiting", account, requests.waiting({ payload: { limit } })), ({ chats }) => chats),
        roster: (account) => Effect.map(read("roster", account, requests.roster()), ({ roster }) => roster as never),
        closedChats: (account, payload) => read("closedChats", account, requests.closedChats({ payload })),
        transcript: (account, chatId, after, limit) =>
          Effect.map(
            read("transcript", account, requests.transcript({ payload: { chatId, after, limit } })),
            ({ lines }) => lines
          ),
        personChats: (account, payload) =>
          Effect.map(read("personChats", account, requests.personChats({ payload })), ({ chats }) => chats),
        givenUp: (account, bridge, limit) =>
          Effect.map(read("givenUp", account, requests.givenUp({ payload: { bridge, limit } })), ({ items }) => items),
        parked: (account, bridge, limit) =>
          Effect.map(read("parked", account, requests.parked({ payload: { bridge, limit } })), ({ items }) => items)
      })
    })
  ).pipe(Layer.provide(Remote.authorized(remote)))

/** The store of a remote server's own CRM; with it `OwnCrm.layer` makes the `Crm`. Fails where that CRM is foreign. */
export const crmStore = (remote: Remote.RemoteStores): Layer.Layer<CrmStore, StoreError, HttpClient.HttpClient> =>
  Layer.effect(
    CrmStore,
    Effect.gen(function* () {
      const requests = yield* HttpApiClient.group(Api, { group: "crmStore", httpClient: yield* Remote.at(remote) })
      const read = Remote.read(remote, "CrmStore")
      return CrmStore.of({
        ...recordStore(remote, "CrmStore", requests),
        capabilities: yield* read("capabilities", remote.account, requests.capabilities()),
        byKeys: (account, payload) =>
          Effect.map(read("byKeys", account, requests.byKeys({ payload })), ({ records }) => records),
        holding: (account, payload) =>
          Effect.map(read("holding", account, requests.holding({ payload })), ({ records }) => records),
        leadFacts: (account, payload) =>
          Effect.map(read("leadFacts", account, requests.leadFacts({ payload })), (facts) => facts as LeadFacts),
        users: (account) => Effect.map(read("users", account, requests.users()), ({ users }) => users),
        pools: (account) => Effect.map(read("pools", account, requests.pools()), ({ pools }) => pools),
        peopleOf: (account, companyIds) =>
          Effect.map(read("peopleOf", account, requests.peopleOf({ payload: { companyIds } })), ({ people }) => people),
        activities: (account, payload) =>
          Effect.map(read("activities", account, requests.activities({ payload })), ({ activities }) => activities),
        list: (account, kind, after, limit) =>
          Effect.map(
            read("list", account, requests.list({ payload: { kind, after, limit } })),
            ({ records }) => records
          )
      })
    })
  ).pipe(Layer.provide(Remote.authorized(remote)))

/** The settings' store of a remote server. */
export const settingsStore = (
  remote: Remote.RemoteStores
): Layer.Layer<SettingsStore, StoreError, HttpClient.HttpClient> =>
  Layer.effect(
    SettingsStore,
    Effect.gen(function* () {
      const requests = yield* HttpApiClient.group(Api, { group: "settingsStore", httpClient: yield* Remote.at(remote) })
      const read = Remote.read(remote, "SettingsStore")
      return SettingsStore.of({
        ...recordStore(remote, "SettingsStore", requests),
        capabilities: yield* read("capabilities", remote.account, requests.capabilities())
      })
    })
  ).pipe(Layer.provide(Remote.authorized(remote)))

/**
 * All stores of a remote server: a process without a database plugs them in where others plug in one. One request per
 * member; many at once share connections. `inTurn` is left out: the server's own writers take turns.
 */
export const layer = (remote: Remote.RemoteStores) =>
  Layer.mergeAll(deskStore(remote), crmStore(remote), settingsStore(remote))
