import { Effect, Layer } from "effect"
import type { HttpClient } from "effect/http"
import { HttpApiClient } from "effect/http-api"
import type { Id } from "leadline"
import { Api } from "leadline/http"
import { Conflict, Crm, type CrmShape, StoreError } from "leadline/ports"
import type { Undone } from "./Failures.ts"
import * as Remote from "./Remote.ts"

/** What members of `Crm` refuse: comes back as the same fact. */
const aboutRecords = ["RecordNotFound", "RecordHidden"] as const
const aboutWrites = [
  ...([
    ...aboutRecords,
    "AlreadyCreated",
    "AlreadyMatched",
    "MatchHidden",
    "OwnerNotAllowed",
    "OwnerRequired"
  ] as const),
  ...(["NoActiveUser", "IdempotencyKeyReused", "BadIdempotencyKey"] as const)
] as const

/** What a request ended with, where a refusal is as good an end as an answer. */
type Ended<A, E> = { readonly answer: A } | { readonly refusal: E }

const ended = <Tag extends string, A, E extends Undone>(tags: ReadonlyArray<Tag>, request: Effect.Effect<A, E>) => {
  type Refusal = Extract<E, { readonly _tag: Tag }>
  const isRefusal = (error: E): error is Refusal => (tags as ReadonlyArray<string>).includes(error._tag)
  return request.pipe(
    Effect.map((answer): Ended<A, Refusal> => ({ answer })),
    Effect.catchIf(isRefusal, (refusal) => Effect.succeed<Ended<A, Refusal>>({ refusal }))
  )
}

const opened = <A, E, E2>(effect: Effect.Effect<Ended<A, E>, E2>): Effect.Effect<A, E | E2> =>
  Effect.flatMap(
    effect,
    (end): Effect.Effect<A, E> => ("answer" in end ? Effect.succeed(end.answer) : Effect.fail(end.refusal))
  )

/**
 * A remote server's CRM, ours or somebody else's, as the port. Reads are repeated where that helps; a write is asked once:
 * no answer does not mean that it was not done, its key tells. Passes the laws that its capabilities claim.
 */
export const layer = (remote: Remote.RemoteStores): Layer.Layer<Crm, StoreError, HttpClient.HttpClient> =>
  Layer.effect(
    Crm,
    Effect.gen(function* () {
      const requests = yield* HttpApiClient.group(Api, { group: "crm", httpClient: yield* Remote.at(remote) })
      const asked = Remote.read(remote, "Crm")
      const told = Remote.written(remote, "Crm")
      const read = <A, E extends Undone>(name: keyof CrmShape, account: Id.AccountId, request: Effect.Effect<A, E>) =>
        opened(asked(name, account, ended(aboutRecords, request)))
      const once = <Tag extends string, A, E extends Undone>(
        ...[tags, name, account, request]: [ReadonlyArray<Tag>, keyof CrmShape, Id.AccountId, Effect.Effect<A, E>]
      ) =>
        opened(told(name, account, ended(tags, request))).pipe(
          Effect.catchIf(
            (error): error is Conflict => error instanceof Conflict,
            (cause) =>
              Effect.fail(new StoreError({ reason: "contention", isRetryable: true, operation: `Crm.${name}`, cause }))
          )
        )
      const write = <A, E extends Undone>(name: keyof CrmShape, account: Id.AccountId, request: Effect.Effect<A, E>) =>
        once(aboutWrites, name, account, request)
      return Crm.of({
        capabilities: yield* read("capabilities", remote.account, requests.capabilities()),
        match: (account, viewer, evidence) => read("match", account, requests.match({ payload: { viewer, evidence } })),
        read: (account, viewer, record) => read("read", account, requests.read({ payload: { viewer, record } })),
        createLead: (account, lead, idempotencyKey) =>
          write("createLead", account, requests.createLead({ payload: { lead, idempotencyKey } })),
        addNote: (account, note, idempotencyKey) =>
          write("addNote", account, requests.addNote({ payload: { note, idempotencyKey } })),
        changePhone: (account, change, idempotencyKey) =>
          write("changePhone", account, requests.changePhone({ payload: { change, idempotencyKey } })),
        findWritten: (account, by, idempotencyKey) =>
          Effect.map(
            read("findWritten", account, requests.findWritten({ payload: { by, idempotencyKey } })),
            ({ written }) => written
          ),
        putChatCopy: (account, payload) =>
          once(aboutRecords, "putChatCopy", account, requests.putChatCopy({ payload })),
        chatCopies: (account, record, chatIds) =>
          Effect.map(
            read("chatCopies", account, requests.chatCopies({ payload: { record, chatIds } })),
            (found) => found.chatIds
          ),
        erase: (account, batch, idempotencyKey) =>
          write("erase", account, requests.erase({ payload: { batch, idempotencyKey } })),
        feedScope: (account, viewer, record) =>
          read("feedScope", account, requests.feedScope({ payload: { viewer, record } })),
        activities: (account, viewer, query) =>
          read("activities", account, requests.activities({ payload: { viewer, query } })),
        user: (account, userId) =>
          Effect.map(read("user", account, requests.user({ payload: { userId } })), ({ user }) => user),
        users: (account) => Effect.map(read("users", account, requests.users()), ({ users }) => users),
        pools: (account) => Effect.map(read("pools", account, requests.pools()), ({ pools }) => pools),
        fields: (account) => Effect.map(read("fields", account, requests.fields()), ({ fields }) => fields)
      })
    })
  ).pipe(Layer.provide(Remote.authorized(remote)))
