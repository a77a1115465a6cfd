import { Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { Crm } from "leadline/ports"
import { Api } from "../api/Api.ts"
import { forHost } from "./Stores.ts"

const onCrm = forHost(Effect.service(Crm))

/** The handlers of `CrmApi`. */
export const crm = HttpApiBuilder.group(Api, "crm", (handlers) =>
  handlers.handleAll({
    capabilities: () => onCrm(({ capabilities }) => Effect.succeed(capabilities)),
    match: ({ payload: { evidence, viewer } }) => onCrm((crm, account) => crm.match(account, viewer, evidence)),
    read: ({ payload: { record, viewer } }) => onCrm((crm, account) => crm.read(account, viewer, record)),
    createLead: ({ payload: { idempotencyKey, lead } }) =>
      onCrm((crm, account) => crm.createLead(account, lead, idempotencyKey)),
    addNote: ({ payload: { idempotencyKey, note } }) =>
      onCrm((crm, account) => crm.addNote(account, note, idempotencyKey)),
    changePhone: ({ payload: { change, idempotencyKey } }) =>
      onCrm((crm, account) => crm.changePhone(account, change, idempotencyKey)),
    findWritten: ({ payload: { by, idempotencyKey } }) =>
      onCrm((crm, account) => Effect.map(crm.findWritten(account, by, idempotencyKey), (written) => ({ written }))),
    putChatCopy: ({ payload }) => onCrm((crm, account) => crm.putChatCopy(account, payload)),
    chatCopies: ({ payload: { chatIds, record } }) =>
      onCrm((crm, account) => Effect.map(crm.chatCopies(account, record, chatIds), (chatIds) => ({ chatIds }))),
    erase: ({ payload: { batch, idempotencyKey } }) =>
      onCrm((crm, account) => crm.erase(account, batch, idempotencyKey)),
    feedScope: ({ payload: { record, viewer } }) => onCrm((crm, account) => crm.feedScope(account, viewer, record)),
    activities: ({ payload: { query, viewer } }) => onCrm((crm, account) => crm.activities(account, viewer, query)),
    user: ({ payload: { userId } }) =>
      onCrm((crm, account) => Effect.map(crm.user(account, userId), (user) => ({ user }))),
    users: () => onCrm((crm, account) => Effect.map(crm.users(account), (users) => ({ users }))),
    pools: () => onCrm((crm, account) => Effect.map(crm.pools(account), (pools) => ({ pools }))),
    fields: () => onCrm((crm, account) => Effect.map(crm.fields(account), (fields) => ({ fields })))
  })
)
