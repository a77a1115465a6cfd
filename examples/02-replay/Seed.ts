import { Effect } from "effect"
import { Actor, Id, Instant, RecordRef, type Settings } from "leadline"
import {
  type Caller,
  changeSettings,
  createPool,
  type RecordToSave,
  saveAgent,
  saveRecord,
  saveUser,
  setStatus
} from "leadline/use-cases"
import type { CrmFile } from "./CrmFile.ts"
import { account } from "./Replay.ts"

const caller: Caller = { account, actor: Actor.service("replay"), surface: "api" }

type FileId = string | number
const userId = (id: FileId) => Id.UserId.make(String(id))
const poolId = (id: FileId) => Id.PoolId.make(String(id))
const recordId = (id: FileId) => RecordRef.RecordId.make(String(id))
const given = (text: string | null | undefined) => (text == null || text.trim() === "" ? [] : [text])

/** All records of the file were last changed at one instant. */
const updatedAt = Instant.fromMillis(0)

/** Puts the file's CRM and agents into the account; every agent is online. */
export const seed = Effect.fnUntraced(function* (file: CrmFile) {
  for (const user of file.users) yield* saveUser(caller, { ...userOf(user), reportsTo: null })
  for (const user of file.users) yield* saveUser(caller, userOf(user))
  for (const { id, members, name, resource_type } of file.pools) {
    yield* createPool(caller, { id: poolId(id), name, recordKind: resource_type, members: members.map(userId) })
  }
  yield* changeSettings(caller, settingsOf(file.settings))
  for (const record of recordsOf(file)) yield* saveRecord(caller, { ...record, updatedAt })
  for (const { crm_user_id, display_name, email, enabled, id } of file.agents) {
    const agentId = Id.AgentId.make(String(id))
    const isEnabled = enabled !== 0 && enabled !== false
    yield* saveAgent(caller, {
      id: agentId,
      displayName: display_name,
      email,
      userId: crm_user_id == null ? null : userId(crm_user_id),
      isEnabled,
      isChatAdministrator: false,
      departments: [],
      chatLimit: null
    })
    if (isEnabled) yield* setStatus(caller, { agentId, status: "online" })
  }
})

const userOf = (user: CrmFile["users"][number]) => ({
  id: userId(user.id),
  name: user.name,
  email: user.email,
  isActive: user.status === "active",
  reportsTo: user.reports_to == null ? null : userId(user.reports_to),
  isAccountOwner: false,
  isCrmAdministrator: false,
  teams: [],
  groups: [],
  visibility: "all" as const
})

const settingsOf = ({ leadOwners, ...settings }: CrmFile["settings"]): Partial<Settings.Settings> => ({
  ...settings,
  ...(leadOwners === undefined
    ? {}
    : {
        leadOwners: leadOwners.map((owner) =>
          "pool" in owner
            ? { _tag: "Pool" as const, poolId: poolId(owner.pool) }
            : { _tag: "User" as const, userId: userId(owner.user) }
        )
      })
})

const recordsOf = ({ contacts, deals, leads }: CrmFile): ReadonlyArray<RecordToSave> => {
  const companies = new Set(contacts.filter(({ is_organization }) => is_organization).map(({ id }) => String(id)))
  const contactRef = (id: FileId) => ({
    kind: companies.has(String(id)) ? ("company" as const) : ("person" as const),
    id: recordId(id)
  })
  return [
    ...contacts.map((contact): RecordToSave => {
      const common = { ...commonOf(contact), emails: given(contact.email), phones: given(contact.phone) }
      return contact.is_organization
        ? { _tag: "Company", ...common, name: contact.name ?? "" }
        : {
            _tag: "Person",
            ...common,
            firstName: contact.first_name ?? null,
            lastName: contact.last_name ?? null,
            companyId: contact.contact_id == null ? null : recordId(contact.contact_id)
          }
    }),
    ...leads.map(
      (lead): RecordToSave => ({
        _tag: "Lead",
        ...commonOf(lead),
        emails: given(lead.email),
        phones: given(lead.phone),
        firstName: lead.first_name ?? null,
        lastName: lead.last_name ?? null,
        organisation: lead.organization_name ?? null,
        status: lead.status ?? "New",
        source: null,
        addedFrom: { _tag: "Import" }
      })
    ),
    ...deals.map(
      (deal): RecordToSave => ({
        _tag: "Deal",
        ...commonOf(deal),
        emails: [],
        phones: [],
        name: deal.name,
        primaryContact: deal.contact_id == null ? null : contactRef(deal.contact_id),
        associatedContacts: (deal.associated_contacts ?? []).map(contactRef),
        companyId: deal.organization_id == null ? null : recordId(deal.organization_id),
        value: deal.value == null ? null : String(deal.value),
        currency: deal.currency ?? null
      })
    )
  ]
}

const commonOf = ({ id, owner_id }: { readonly id: FileId; readonly owner_id: FileId }) => ({
  id: recordId(id),
  ownerId: userId(owner_id),
  custom: {}
})
