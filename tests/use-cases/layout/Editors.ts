import { Effect } from "effect"
import { Id } from "leadline"
import { SettingsStore } from "leadline/ports"
import { type Caller, editLayout, readLayout, saveFields } from "leadline/use-cases"
import { account, importer, saveUsers, user, userId } from "../crm/World.ts"
import { agentAt, agentOf, hire, userAt } from "../panel/Chats.ts"

export const fieldId = (id: string) => Id.FieldId.make(id)
export const ofPersons = { recordKind: "person" as const }
export const standard = ["name", "email", "phone", "company", "owner"]

export const custom = (id: string, more: object = {}) => ({
  id: fieldId(id),
  label: id,
  type: "text" as const,
  choices: [],
  recordKinds: ["person" as const],
  isCustom: true,
  isDeleted: false,
  ...more
})

/** The CRM administrators `u1` and `u2`, of whom `u2` is the agent `a2`; the user `plain` and the agent `a1` are none. */
export const cast = Effect.gen(function* () {
  yield* saveUsers(
    user("u1", { isCrmAdministrator: true }),
    user("u2", { isCrmAdministrator: true }),
    user("plain"),
    user("owner")
  )
  yield* hire(
    agentOf("a1", { isChatAdministrator: true }),
    agentOf("a2", { userId: userId("u2") }),
    agentOf("a3", { userId: userId("plain") })
  )
  yield* saveFields(importer, {
    fields: [custom("size"), custom("tier"), custom("onLeads", { recordKinds: ["lead"] })]
  })
})

export const [one, two] = [userAt("u1"), agentAt("a2")]
export const add = (caller: Caller, id: string, index?: number) =>
  editLayout(caller, {
    ...ofPersons,
    edit: { _tag: "Add", fieldId: fieldId(id), ...(index === undefined ? {} : { index }) }
  })
export const remove = (caller: Caller, id: string) =>
  editLayout(caller, { ...ofPersons, edit: { _tag: "Remove", fieldId: fieldId(id) } })
export const move = (caller: Caller, id: string, index: number) =>
  editLayout(caller, { ...ofPersons, edit: { _tag: "Move", fieldId: fieldId(id), index } })

export const published = Effect.map(readLayout(agentAt("a1"), ofPersons), ({ layout }) => layout)
export const happened = Effect.gen(function* () {
  const { entries } = yield* (yield* SettingsStore).log(account, 0, 1_000)
  return entries.map(({ event }) => event)
})
