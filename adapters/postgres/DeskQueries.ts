import type { Id } from "leadline"
import type { ClosedChatsQuery } from "leadline/ports"
import * as DeskPlaces from "./DeskPlaces.ts"
import * as Pages from "./Pages.ts"
import { textsIn, wall } from "./PostgresRecordStore.ts"
import { texts } from "./Statements.ts"

export const closedChatsParameters = (account: Id.AccountId, query: ClosedChatsQuery): ReadonlyArray<unknown> => [
  ...Pages.parameters(account, DeskPlaces.feedLists(query), query),
  texts([...new Set(query.chatIds)])
]

/** The statements of the chat side. All read through an index whose prefix is the account. */
export const queries = (quoted: string) => {
  const chat = "r.version::float8 as version, r.value, r.number::float8 as number"
  const byId = (kind: string, id: string) =>
    `cross join lateral (
      select * from ${quoted}.record where account = w.account and kind = '${kind}' and id = ${id} offset 0
    ) r`
  return {
    waiting: `select ${chat} from ${wall} cross join lateral (
        select * from ${quoted}.record where account = w.account and queued is not null order by queued, id limit $2
      ) r order by r.queued, r.id`,

    // a chat with an escape is given whole: it may be one that PostgreSQL refuses to look into (NUL, half a pair)
    roster: `select a.id, a.value as agent, d.version::float8 as desk_version, d.value as desk, p.value as presence, s.served
      from ${wall}
      cross join lateral (
        select id, value from ${quoted}.record where account = w.account and kind = 'desk.agent' offset 0
      ) a
      left join lateral (
        select version, value from ${quoted}.record
        where account = w.account and kind = 'desk.desk' and id = a.id offset 0
      ) d on true
      left join lateral (
        select value from ${quoted}.record where account = w.account and kind = 'desk.presence' and id = a.id offset 0
      ) p on true
      left join lateral (
        select json_agg(slot.of_it order by n) filter (where slot.of_it is not null) as served
        from json_array_elements_text(d.value -> 'value' -> 'serving') with ordinality as of(chat, n)
        cross join lateral (
          select value from ${quoted}.record where account = w.account and kind = 'desk.chat' and id = of.chat offset 0
        ) c
        cross join lateral (
          select case when strpos(c.value::text, '\\u') > 0 then json_build_object('chat', c.value) else (
            select json_build_object('joinedAt', of_agent -> 'joinedAt', 'lastPublicAt', c.value -> 'value' -> 'lastPublicAt')
            from json_array_elements(c.value -> 'value' -> 'serving') of_agent where of_agent ->> 'agentId' = a.id
          ) end as of_it
        ) slot
      ) s on true
      order by a.id`,

    closedChats: `with page as (
        ${Pages.page(quoted)}
      )
      select ${chat}, ${textsIn(quoted, "'desk'", "r.texts")} as texts
      from ${wall}
      cross join lateral (
        select id from page union select unnest($7::text[])
      ) found
      ${byId("desk.chat", "found.id")}`,

    transcript: `select e.value, ${textsIn(quoted, "'desk'", "e.texts")} as texts
      from ${wall} cross join lateral (
        select value, texts from ${quoted}.event
        where account = w.account and stream = $2 and message > $3 order by message limit $4
      ) e`,

    personChats: `select ${chat} from ${wall}
      cross join lateral (
        select distinct f.id from unnest($2::text[]) of(list)
        cross join lateral (
          select id from ${quoted}.place
          where account = w.account and list = of.list and rank = 0 and id > $3 order by id limit $4
        ) f
        order by f.id limit $4
      ) found
      ${byId("desk.chat", "found.id")}
      order by found.id`,

    parked: `select ${chat} from ${wall}
      cross join lateral (
        select id, rank from ${quoted}.place where account = w.account and list = $2 order by rank, id limit $3
      ) found
      ${byId("desk.parked", "found.id")}
      order by found.rank, found.id`
  }
}
