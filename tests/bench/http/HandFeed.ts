import { handPool } from "../Postgres.ts"

/**
 * A page of a lead's feed by hand: the lead and its emails, then its chats by keyset with the agents' names, and its
 * activities beside them, merged.
 */
export const open = async () => {
  const pool = await handPool(16, "custom")
  const page = async (id: string) => {
    const lead = await pool.query({
      name: "lead",
      text: "select name, emails from hand_feed.lead where id = $1",
      values: [id]
    })
    const found = lead.rows[0]
    const [chats, activities, agents] = await Promise.all([
      pool.query({
        name: "chats",
        text: `select id, started_at, name, beginning, value from hand_feed.chat
          where email = $1 and (started_at, id) < ($2, $3) order by started_at desc, id desc limit 51`,
        values: [found.emails[0], Number.MAX_SAFE_INTEGER, ""]
      }),
      pool.query({
        name: "activities",
        text: `select id, at, value from hand_feed.activity where lead = $1 and (at, id) < ($2, $3) order by at desc, id desc limit 51`,
        values: [id, Number.MAX_SAFE_INTEGER, ""]
      }),
      pool.query({ name: "agents", text: "select id, name from hand_feed.agent" })
    ])
    const names = new Map(agents.rows.map((agent) => [agent.id, agent.name]))
    const entries = [
      ...chats.rows.map(({ beginning, id: chat, name, started_at, value }) => ({
        _tag: "Chat",
        id: chat,
        at: Number(started_at),
        endedAt: value.state.at,
        outcome: value.answered === null ? "missed" : "served",
        servedBy: value.servedBy,
        agentNames: value.servedBy.map((agent: string) => names.get(agent) ?? ""),
        recordName: found.name,
        visitorName: name,
        beginning: beginning.slice(0, 280),
        rating: null,
        comment: null,
        tags: value.tags,
        chatUrl: null
      })),
      ...activities.rows.map(({ at, id: activity, value }) => ({
        _tag: "Activity",
        id: activity,
        at: Number(at),
        activity: value
      }))
    ].sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1))
    const shown = entries.slice(0, 50)
    const end = shown.at(-1)
    const next = entries.length > 50 && end !== undefined ? btoa(JSON.stringify({ at: end.at, id: end.id })) : null
    return { entries: shown, next, completeness: { _tag: "Complete" } }
  }
  return { page }
}

/** What a lead's page needs beside the chats. */
export const make = async (email: string): Promise<void> => {
  const pool = await handPool(1)
  await pool.query(
    "create table if not exists hand_feed.lead (id text primary key, name text not null, emails text[] not null)"
  )
  await pool.query("create table if not exists hand_feed.agent (id text primary key, name text not null)")
  await pool.query(
    "create table if not exists hand_feed.activity (id text primary key, lead text not null, at bigint not null, value jsonb not null)"
  )
  await pool.query("create index if not exists activity_lead on hand_feed.activity (lead, at desc, id desc)")
  await pool.query("insert into hand_feed.lead values ('owner', 'Zoë Berg', $1) on conflict do nothing", [[email]])
  await pool.query("insert into hand_feed.agent values ('agent-0', 'Agent 0') on conflict do nothing")
  await pool.end()
}
