import { type Activity, Actor, Record, type RecordRef } from "leadline"
import type { ActivitiesQuery, CrmRecords, KeyQuery, Put } from "leadline/ports"
import type { Place } from "./World.ts"

/**
 * What a CRM finds records by, beside their keys:
 *
 * | list | what stands in it | rank |
 * |---|---|---|
 * | `live/KIND` | live records | 0 |
 * | `answers/email/KEY`, `answers/phone/KEY` | live records that answer to a key (A5, A7) | 0 |
 * | `holds/email/KEY`, `holds/phone/KEY` | all that hold one, whatever became of them (J4) | 0 |
 * | `people/COMPANY` | the live people of a company (H2) | 0 |
 * | `history/KIND/ID/TYPE/ACTOR` | a record's activities; TYPE and ACTOR may be empty: of any | when |
 *
 * Ids hold no slash; keys and actors may, and come last.
 */
export const places = (put: Put<CrmRecords>): ReadonlyArray<Place> => {
  const { kind } = put.key
  if (kind === "activity") return ofActivity(put.value as Activity.Activity)
  return kind === "lead" || kind === "person" || kind === "company" || kind === "deal"
    ? ofRecord(put.value as Record.CrmRecord).map((list) => [list, 0])
    : []
}

const ofRecord = (record: Record.CrmRecord): ReadonlyArray<string> => {
  const keys = record._tag === "Deal" ? [] : keyNames(record.keys)
  const held = keys.map((key) => `holds/${key}`)
  if (!Record.isLive(record)) return held
  const company = record._tag === "Person" ? record.companyId : null
  return [
    `live/${Record.refOf(record).kind}`,
    ...held,
    ...keys.map((key) => `answers/${key}`),
    ...(company === null ? [] : [peopleList(company)])
  ]
}

const ofActivity = (activity: Activity.Activity): ReadonlyArray<Place> =>
  ["", activity._tag].flatMap((type) =>
    ["", Actor.toKey(activity.by)].map((by): Place => [historyList(activity.record, type, by), activity.at])
  )

const historyList = ({ id, kind }: RecordRef.RecordRef, type: string, by: string): string =>
  `history/${kind}/${id}/${type}/${by}`

export const peopleList = (companyId: string): string => `people/${companyId}`

/** Keys by name, emails first, each once. */
export const keyNames = ({ emails, phones }: KeyQuery): ReadonlyArray<string> => [
  ...new Set([...emails.map((key) => `email/${key}`), ...phones.map((key) => `phone/${key}`)])
]

/** The lists that together hold what a page of activities may show. */
export const historyLists = ({ byAny, records, types }: ActivitiesQuery): ReadonlyArray<string> => [
  ...new Set(
    records.flatMap((ref) => (types ?? [""]).flatMap((type) => (byAny ?? [""]).map((by) => historyList(ref, type, by))))
  )
]
