import type { Id, Instant } from "leadline"
import type { OlderThan } from "leadline/ports"
import { wall } from "./PostgresRecordStore.ts"
import { texts } from "./Statements.ts"

/** What a page of several lists is asked for. */
export interface PageQuery {
  readonly after: OlderThan | null
  readonly from: Instant.Instant | null
  readonly until: Instant.Instant | null
  readonly limit: number
}

/** Above and below all instants. Ids are not empty, so that nothing at the upper one comes before it. */
const [EARLIEST, LATEST] = [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER]

/**
 * The parameters $1 to $6 of {@link page}. The page begins after `after`, or where `until` ends it if that is earlier: an
 * instant's entries all come after the place (instant, empty id).
 */
export const parameters = (
  account: Id.AccountId,
  lists: ReadonlyArray<string>,
  { after, from, limit, until }: PageQuery
): ReadonlyArray<unknown> => {
  const end = { at: until ?? LATEST, id: "" }
  const start = after !== null && after.at < end.at ? after : end
  return [account, texts(lists), String(start.at), start.id, String(from ?? EARLIEST), String(limit)]
}

/**
 * The newest entries of several lists, merged, each once, at most `limit`: rows of (rank, id, kind).
 *
 * First the newest entry of each list: only lists that begin with one of the `limit` newest can have entries on the page.
 * Then at most `limit` of each of those, and one top-N. Index rows read: lists × (limit + 1) at most, and of many lists
 * with entries of their own, lists + limit × limit.
 */
export const page = (quoted: string): string => `
  select distinct e.rank, e.id, e.kind
  from ${wall}
  cross join lateral (
    select heads.list from (
      select of.list, dense_rank() over (order by head.rank desc, head.id desc) as nth from unnest($2::text[]) of(list)
      cross join lateral (
        select rank, id from ${quoted}.place
        where account = w.account and list = of.list and (rank, id) < ($3, $4) and rank >= $5
        order by rank desc, id desc limit 1
      ) head
    ) heads
    where heads.nth <= $6
  ) newest
  cross join lateral (
    select rank, id, kind from ${quoted}.place
    where account = w.account and list = newest.list and (rank, id) < ($3, $4) and rank >= $5
    order by rank desc, id desc limit $6
  ) e
  order by e.rank desc, e.id desc limit $6`
