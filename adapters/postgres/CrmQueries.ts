import * as Pages from "./Pages.ts"
import { wall } from "./PostgresRecordStore.ts"

/** The statements of a CRM of our own. All read through an index whose prefix is the account. */
export const queries = (quoted: string) => {
  const columns = "r.kind, r.id, r.version::float8 as version, r.value, r.number::float8 as number"
  const record = (kind: string, id: string) =>
    `cross join lateral (
      select * from ${quoted}.record where account = w.account and kind = ${kind} and id = ${id} offset 0
    ) r`
  const found = (lists: string) => `cross join lateral (
      select distinct p.kind, p.id from unnest(${lists}::text[]) of(list)
      cross join lateral (
        select kind, id from ${quoted}.place where account = w.account and list = of.list offset 0
      ) p
    ) found
    ${record("found.kind", "found.id")}`
  return {
    inLists: `select ${columns} from ${wall} ${found("$2")}`,

    ofKind: `select ${columns} from ${wall} cross join lateral (
        select * from ${quoted}.record where account = w.account and kind = $2 order by id
      ) r order by r.id`,

    activities: `with page as (
        ${Pages.page(quoted)}
      )
      select ${columns} from ${wall}
      cross join lateral (select * from page) found
      ${record("found.kind", "found.id")}
      order by found.rank desc, found.id desc`,

    list: `select f.id from ${wall} cross join lateral (
        select id from ${quoted}.place
        where account = w.account and list = $2 and rank = 0 and id > $3 order by id limit $4
      ) f order by f.id`,

    leadFacts: `select k.n::int4 as n, false as is_user, ${columns} from ${wall}
      cross join unnest($2::text[], $3::text[]) with ordinality as k(kind, id, n)
      ${record("k.kind", "k.id")}
      union all
      select null, false, ${columns} from ${wall} ${found("$4")}
      union all
      select null, true, ${columns} from ${wall} cross join lateral (
        select * from ${quoted}.record where account = w.account and kind = 'crm.user' offset 0
      ) r`
  }
}
