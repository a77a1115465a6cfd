import { Effect } from "effect"
import type { AccountId, NoticeId, UserId } from "../../domain/account/Id.ts"
import * as NoticeRecipient from "../../domain/assignment/NoticeRecipient.ts"
import type { Notice } from "../../domain/record/Notice.ts"
import type * as CrmRequest from "../../domain/request/CrmRequest.ts"
import { Crm } from "../../ports/Crm.ts"
import { directoryOf } from "../crm/CrmCommand.ts"
import type { DeskTransaction } from "../execution/DeskCommand.ts"

type Wanted<Tag> = Extract<CrmRequest.Wanted, { readonly _tag: Tag }>

/** Who is told of a new lead (F6): whom the CRM told, or whom the library will tell. */
export const toldOfLead = Effect.fnUntraced(function* (
  account: AccountId,
  wanted: Wanted<"Lead">,
  owner: UserId,
  native: NoticeRecipient.NoticeRecipient
) {
  const crm = yield* Crm
  if (crm.capabilities.notices === "native") return native
  const people = { owner, creator: wanted.creatorUser }
  if (wanted.note === null) return NoticeRecipient.forNewLead(people)
  return NoticeRecipient.forLeadWithNote({ ...people, directory: directoryOf(yield* crm.users(account)) })
})

/** Who is told of a note (G1, G3). A new lead's note: who is told of the lead. */
export const toldOfNote = Effect.fnUntraced(function* (
  account: AccountId,
  wanted: Wanted<"Note">,
  native: NoticeRecipient.NoticeRecipient
) {
  const crm = yield* Crm
  if (crm.capabilities.notices === "native") return native
  if (wanted.ofNewLead !== null) return wanted.ofNewLead
  const gone = () => Effect.succeed(null)
  const record = yield* Effect.catchTags(crm.read(account, { _tag: "All" }, wanted.record), {
    RecordNotFound: gone,
    RecordHidden: gone
  })
  if (record === null) return { told: null, why: "nobodyActive" } satisfies NoticeRecipient.NoticeRecipient
  const directory = directoryOf(yield* crm.users(account))
  return NoticeRecipient.forNote({ owner: record.ownerId, author: wanted.authorUser, directory })
})

/** The notice that the desk's bridge delivers, under one id on every try (G4); none where nobody is told. */
export const noticeDue = (transaction: DeskTransaction, to: UserId | null, notice: Omit<Notice, "id" | "to">) =>
  to === null ? [] : [{ _tag: "NoticeDue" as const, notice: { id: transaction.ids.next() as NoticeId, to, ...notice } }]
