import { Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { ActivityFilter, type RecordRef } from "leadline"
import { CrmStore } from "leadline/ports"
import * as UseCases from "leadline/use-cases"
import { Api } from "../api/Api.ts"
import type { KindMismatch, OneByOnly } from "../api/Problem.ts"
import { asCaller, having } from "./AsCaller.ts"

/** The handlers of `PanelApi`. */
export const panel = HttpApiBuilder.group(Api, "panel", (handlers) =>
  handlers.handleAll({
    read: ({ params }) => asCaller((caller) => UseCases.readPanel(caller, params)),
    createLead: ({ params, payload }) => asCaller((caller) => UseCases.createLead(caller, { ...params, ...payload })),
    notifySales: ({ params, payload }) => asCaller((caller) => UseCases.notifySales(caller, { ...params, ...payload })),
    changePhone: ({ params, payload }) => asCaller((caller) => UseCases.changePhone(caller, { ...params, ...payload })),
    openCard: ({ params }) => asCaller((caller) => UseCases.openCard(caller, { record: params }))
  })
)

const kinds = { Lead: "lead", Person: "person", Company: "company", Deal: "deal" } as const

/** A record is saved where its path says. */
const ofKind = <Body extends { readonly _tag: keyof typeof kinds }>(body: Body, path: RecordRef.RecordRef["kind"]) =>
  kinds[body._tag] === path
    ? Effect.succeed(body)
    : Effect.fail<KindMismatch>({ _tag: "KindMismatch", path, body: kinds[body._tag] })

/** The handlers of `RecordsApi`. */
export const records = HttpApiBuilder.group(Api, "records", (handlers) =>
  handlers.handleAll({
    read: ({ params }) => asCaller((caller) => UseCases.readRecord(caller, { record: params })),
    save: ({ params: { id, kind }, payload }) =>
      asCaller((caller) =>
        Effect.flatMap(ofKind(payload, kind), (body) => having(CrmStore, UseCases.saveRecord(caller, { ...body, id })))
      ),
    delete: ({ params }) => asCaller((caller) => having(CrmStore, UseCases.deleteRecord(caller, { record: params }))),
    merge: ({ params: { id: survivor, kind }, payload }) =>
      asCaller((caller) => having(CrmStore, UseCases.mergeRecords(caller, { kind, survivor, ...payload }))),
    convert: ({ params, payload }) =>
      asCaller((caller) => having(CrmStore, UseCases.convertLead(caller, { ...params, ...payload }))),
    deal: ({ params, payload }) =>
      asCaller((caller) => having(CrmStore, UseCases.dealLead(caller, { ...params, ...payload }))),
    owner: ({ params }) => asCaller((caller) => UseCases.explainOwner(caller, params)),
    ownerOfChat: ({ params }) => asCaller((caller) => UseCases.explainOwner(caller, params)),
    logActivity: ({ params, payload }) =>
      asCaller((caller) => having(CrmStore, UseCases.logActivity(caller, { record: params, ...payload }))),
    resync: ({ params }) => asCaller((caller) => UseCases.resyncFeed(caller, { record: params }))
  })
)

/** The handlers of `DirectoryApi`. */
export const directory = HttpApiBuilder.group(Api, "directory", (handlers) =>
  handlers.handleAll({
    users: () => asCaller(UseCases.readUsers),
    saveUser: ({ params, payload }) =>
      asCaller((caller) => having(CrmStore, UseCases.saveUser(caller, { ...payload, id: params.userId }))),
    fields: () => asCaller(UseCases.readFields),
    saveFields: ({ payload }) => asCaller((caller) => having(CrmStore, UseCases.saveFields(caller, payload))),
    pools: () => asCaller(UseCases.readPools),
    createPool: ({ payload }) => asCaller((caller) => having(CrmStore, UseCases.createPool(caller, payload))),
    setPoolMembers: ({ params, payload }) =>
      asCaller((caller) => having(CrmStore, UseCases.setPoolMembers(caller, { ...params, ...payload }))),
    deletePool: ({ params }) => asCaller((caller) => having(CrmStore, UseCases.deletePool(caller, params)))
  })
)

interface By {
  readonly agent?: Extract<ActivityFilter.By, { readonly _tag: "Agent" }>["agentId"]
  readonly user?: Extract<ActivityFilter.By, { readonly _tag: "User" }>["userId"]
  readonly team?: Extract<ActivityFilter.By, { readonly _tag: "Team" }>["teamId"]
  readonly group?: Extract<ActivityFilter.By, { readonly _tag: "Group" }>["groupId"]
}

/** Whose entries; of several none is meant. */
const byOf = ({ agent, group, team, user }: By): Effect.Effect<ActivityFilter.By | null, OneByOnly> => {
  const named: ReadonlyArray<ActivityFilter.By> = [
    ...(agent === undefined ? [] : [{ _tag: "Agent", agentId: agent } as const]),
    ...(user === undefined ? [] : [{ _tag: "User", userId: user } as const]),
    ...(team === undefined ? [] : [{ _tag: "Team", teamId: team } as const]),
    ...(group === undefined ? [] : [{ _tag: "Group", groupId: group } as const])
  ]
  const [first = null, ...others] = named
  return others.length === 0
    ? Effect.succeed(first)
    : Effect.fail({ _tag: "OneByOnly", given: named.map(({ _tag }) => _tag.toLowerCase()) })
}

/** The handlers of `FeedApi`. */
export const feed = HttpApiBuilder.group(Api, "feed", (handlers) =>
  handlers.handleAll({
    read: ({ params, query: { cursor, pageSize, profile, ...asked } }) =>
      asCaller((caller) =>
        Effect.gen(function* () {
          const { from = null, includeMissed = false, includeOfflineMessages = false, types = null, ...who } = asked
          const by = yield* byOf(who)
          return yield* UseCases.readFeed(caller, {
            record: params,
            filter: {
              ...ActivityFilter.all,
              types,
              by,
              from,
              until: asked.until ?? null,
              includeMissed,
              includeOfflineMessages
            },
            ...(cursor === undefined ? {} : { cursor }),
            ...(pageSize === undefined ? {} : { pageSize }),
            ...(profile === undefined ? {} : { profile })
          })
        })
      ),
    transcript: ({ params: { chatId, id, kind }, query }) =>
      asCaller((caller) => UseCases.openTranscript(caller, { record: { kind, id }, chatId, ...query }))
  })
)
