import { erased, isText } from "../account/Content.ts"
import type { Instant } from "../account/Instant.ts"
import type { Activity } from "./Activity.ts"
import type { CrmRecord } from "./Record.ts"
import type { RecordRef } from "./RecordRef.ts"

const none = { emails: [], phones: [] }

/** Where a record was merged or converted into (A5), also when it is erased by now. */
export const survivorOf = ({ lifecycle }: CrmRecord): RecordRef | null => {
  switch (lifecycle._tag) {
    case "Merged":
      return lifecycle.into
    case "Converted":
      return lifecycle.to
    case "Erased":
      return lifecycle.survivor
    default:
      return null
  }
}

/**
 * What is left of a record whose person was erased (J4): its id, owner, times, origin, and links to other records. It
 * matches nothing and has no feed (A5). A shell's shell is itself.
 */
export const shellOf = (record: CrmRecord, at: Instant): CrmRecord => {
  if (record.lifecycle._tag === "Erased") return record
  const bare = {
    emails: [],
    phones: [],
    keys: none,
    aliases: none,
    custom: {},
    lifecycle: { _tag: "Erased", survivor: survivorOf(record) },
    updatedAt: at
  } as const
  switch (record._tag) {
    case "Lead":
      return { ...record, ...bare, firstName: null, lastName: null, organisation: null }
    case "Person":
      return { ...record, ...bare, firstName: null, lastName: null }
    case "Company":
    case "Deal":
      return { ...record, ...bare, name: "" }
  }
}

/** An entry of its history without its texts; `null`: it has none, or none any more. */
export const withoutTexts = (activity: Activity): Activity | null => {
  switch (activity._tag) {
    case "Note":
    case "Call":
    case "Task":
      return isText(activity.text) ? { ...activity, text: erased } : null
    case "PhoneChanged":
      return isText(activity.to) || isText(activity.from)
        ? { ...activity, from: activity.from === null ? null : erased, to: erased }
        : null
    case "AddedFromChat":
      return null
  }
}
