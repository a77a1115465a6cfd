import { Effect, Stream } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import type { Content, Id, Instant } from "leadline"
import {
  type Commit,
  type CommonRecords,
  type CrmRecords,
  CrmStore,
  type CrmStoreShape,
  DeskStore,
  type DeskStoreShape,
  type Key,
  type RecordStore,
  SettingsStore,
  type StoreError
} from "leadline/ports"
import { Api } from "../api/Api.ts"
import { CallerIdentity } from "../api/Authorization.ts"
import { having } from "./AsCaller.ts"

/** decision: shorter than what proxies wait for on a silent connection (60 s is common). */
const HEARTBEAT = "15 seconds"

const line = new TextEncoder().encode(": changed\n\n")

/** A store's work for the account of the host's token (J2). */
export const forHost =
  <Shape, R>(store: Effect.Effect<Shape, StoreError, R>) =>
  <A, E, R2>(run: (store: Shape, account: Id.AccountId) => Effect.Effect<A, E, R2>) =>
    Effect.flatMap(CallerIdentity, ({ account }) => Effect.flatMap(store, (found) => run(found, account)))

type Declared = { readonly capabilities: { readonly isDurable: boolean; readonly erase: boolean } }

/** What every store does. */
const common = <Records extends CommonRecords, Payload, R>(
  store: Effect.Effect<RecordStore<Records, Payload> & Declared, StoreError, R>
) => {
  const run = forHost(store)
  return {
    capabilities: () => run(({ capabilities: { erase, isDurable } }) => Effect.succeed({ erase, isDurable })),
    get: ({ payload }: { readonly payload: { readonly keys: ReadonlyArray<Key<Records>> } }) =>
      run((found, account) => Effect.map(found.get(account, payload.keys), (reads) => ({ reads }))),
    getWithTexts: ({ payload }: { readonly payload: { readonly keys: ReadonlyArray<Key<Records>> } }) =>
      run((found, account) => found.getWithTexts(account, payload.keys)),
    commit: ({ payload }: { readonly payload: Commit<Records, Payload> }) =>
      run((found, account) => found.commit(account, payload)),
    log: ({ payload }: { readonly payload: { readonly after: number; readonly limit: number } }) =>
      run((found, account) => found.log(account, payload.after, payload.limit)),
    due: ({
      payload: { kind, limit, now }
    }: {
      readonly payload: { readonly kind: string; readonly now: Instant.Instant; readonly limit: number }
    }) =>
      run((found, account) =>
        Effect.map(found.due(account, kind as Extract<keyof Records, string>, now, limit), (due) => ({ due }))
      ),
    contents: ({ payload }: { readonly payload: { readonly refs: ReadonlyArray<Content.ContentRef> } }) =>
      run((found, account) => Effect.map(found.contents(account, payload.refs), (texts) => ({ texts }))),
    contentCount: ({ payload }: { readonly payload: { readonly subject: Content.Subject } }) =>
      run((found, account) => Effect.map(found.contentCount(account, payload.subject), (count) => ({ count }))),
    erase: ({ payload }: { readonly payload: { readonly subject: Content.Subject; readonly limit: number } }) =>
      run((found, account) => found.erase(account, payload.subject, payload.limit)),
    changes: () =>
      run((found, account) =>
        Effect.succeed(
          found.changes(account).pipe(
            Stream.merge(Stream.tick(HEARTBEAT)),
            Stream.map(() => line),
            Stream.orDie
          )
        )
      )
  }
}

const onDesk = forHost<DeskStoreShape, DeskStore>(DeskStore)

/** The handlers of `DeskStoreApi`. */
export const deskStore = HttpApiBuilder.group(Api, "deskStore", (handlers) =>
  handlers.handleAll({
    ...common(DeskStore),
    waiting: ({ payload }) =>
      onDesk((store, account) => Effect.map(store.waiting(account, payload.limit), (chats) => ({ chats }))),
    roster: () => onDesk((store, account) => Effect.map(store.roster(account), (roster) => ({ roster }))),
    closedChats: ({ payload }) => onDesk((store, account) => store.closedChats(account, payload)),
    transcript: ({ payload: { after, chatId, limit } }) =>
      onDesk((store, account) => Effect.map(store.transcript(account, chatId, after, limit), (lines) => ({ lines }))),
    personChats: ({ payload }) =>
      onDesk((store, account) => Effect.map(store.personChats(account, payload), (chats) => ({ chats }))),
    givenUp: ({ payload: { bridge, limit } }) =>
      onDesk((store, account) => Effect.map(store.givenUp(account, bridge, limit), (items) => ({ items }))),
    parked: ({ payload: { bridge, limit } }) =>
      onDesk((store, account) => Effect.map(store.parked(account, bridge, limit), (items) => ({ items })))
  })
)

/** A host whose CRM is foreign has no store for it: `unsupported`. */
const ofCrm: Effect.Effect<CrmStoreShape, StoreError> = having(CrmStore, Effect.service(CrmStore))
const onCrm = forHost(ofCrm)

/** The handlers of `CrmStoreApi`. */
export const crmStore = HttpApiBuilder.group(Api, "crmStore", (handlers) =>
  handlers.handleAll({
    ...common<CrmRecords, Parameters<CrmStoreShape["commit"]>[1]["events"][number]["payload"], never>(ofCrm),
    byKeys: ({ payload }) =>
      onCrm((store, account) => Effect.map(store.byKeys(account, payload), (records) => ({ records }))),
    holding: ({ payload }) =>
      onCrm((store, account) => Effect.map(store.holding(account, payload), (records) => ({ records }))),
    leadFacts: ({ payload }) => onCrm((store, account) => store.leadFacts(account, payload)),
    users: () => onCrm((store, account) => Effect.map(store.users(account), (users) => ({ users }))),
    pools: () => onCrm((store, account) => Effect.map(store.pools(account), (pools) => ({ pools }))),
    peopleOf: ({ payload }) =>
      onCrm((store, account) => Effect.map(store.peopleOf(account, payload.companyIds), (people) => ({ people }))),
    activities: ({ payload }) =>
      onCrm((store, account) => Effect.map(store.activities(account, payload), (activities) => ({ activities }))),
    list: ({ payload: { after, kind, limit } }) =>
      onCrm((store, account) => Effect.map(store.list(account, kind, after, limit), (records) => ({ records })))
  })
)

/** The handlers of `SettingsStoreApi`. */
export const settingsStore = HttpApiBuilder.group(Api, "settingsStore", (handlers) =>
  handlers.handleAll(common(SettingsStore))
)
