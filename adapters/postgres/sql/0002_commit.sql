-- The one write. Commits of one account travel together; each holds or fails alone. They name no record in common, other
-- than ones that none of them writes.
--
-- Parallel arrays: k_… the records that are expected, put or removed, in the order of commits; t_… personal texts;
-- e_… events. `…_commit` says whose row it is. `k_act` is `expect`, `put` or `remove`; `k_number` the queue number
-- of a chat that has one, -1 where it takes one now; `k_waits` whether it stands in the queue.
--
-- Gives the number of the transaction, from which callers count versions and positions: the n-th of `k_…` has version
-- `tx + n`, the n-th of `e_…` is at position `tx + n`. And `lost`, [[commit, kind, id], …]: what was not as expected.
--
-- No deadlocks: names of absent records first, then rows, each in their order.
--
-- A plan may be as old as its connection, made when the tables were empty. So each record is looked up by its key, one by
-- one: in a lateral query that cannot be pulled up (`for update`, `offset 0`), or in a statement of its own. As a join,
-- such a plan reads all records of the account.
create function :schema.commit(
  in_account text,
  k_commit integer[], k_kind text[], k_id text[], k_version bigint[], k_act text[], k_value text[], k_texts text[],
  k_due bigint[], k_number bigint[], k_waits boolean[], k_places text[],
  t_commit integer[], t_log text, t_ref text[], t_subject text[], t_salt text[], t_value text[], t_escaped boolean[],
  e_commit integer[], e_stream text[], e_message integer[], e_value text[], e_texts text[]
)
returns table (tx double precision, lost json)
language plpgsql
-- plans are made once, when tables may be small: every name is looked up in an index all the same
set jit = off
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
declare
  this   bigint;
  losers integer[];
  moves  boolean;
  queue  bigint;
  old    record;
begin
  perform set_config('leadline.account', in_account, true);
  -- before anything else is numbered: what begins later has a higher number
  select base + pg_current_xact_id()::text::bigint * 4096 into this from :schema.era;

  -- who expects that a record is not there, and who would make it, meet here
  if 0 = any (k_version) then
    perform case when act = 'expect' then pg_advisory_xact_lock_shared(name) else pg_advisory_xact_lock(name) end
    from (
      select act, hashtextextended(in_account || '/' || kind || '/' || id, 7236) as name
      from unnest(k_version, k_act, k_kind, k_id) as k(version, act, kind, id)
      where version = 0
      order by name, act = 'expect'
    ) absent;
  end if;

  select
    json_agg(json_build_array(k.commit, k.kind, k.id) order by k.n) filter (where k.version <> coalesce(r.version, 0)),
    array_agg(distinct k.commit) filter (where k.version <> coalesce(r.version, 0)),
    bool_or(k.act <> 'expect' and k.places is distinct from r.places)
  into lost, losers, moves
  from (
    select * from unnest(k_commit, k_kind, k_id, k_version, k_act, k_places)
      with ordinality as each(commit, kind, id, version, act, places, n)
    order by kind, id
  ) k
  left join lateral (
    select version, places::text from :schema.record
    where account = in_account and kind = k.kind and id = k.id
    for no key update
  ) r on true;

  losers := coalesce(losers, '{}');

  if moves then
    for old in
      select k.kind, k.id, o ->> 0 as list, (o ->> 1)::bigint as rank
      from unnest(k_commit, k_kind, k_id, k_act, k_places) as k(commit, kind, id, act, places)
      cross join lateral (
        select places from :schema.record where account = in_account and kind = k.kind and id = k.id offset 0
      ) r
      cross join lateral json_array_elements(r.places) o
      where k.act <> 'expect' and not k.commit = any (losers) and k.places is distinct from r.places::text
    loop
      delete from :schema.place
      where account = in_account and list = old.list and rank = old.rank and id = old.id and kind = old.kind;
    end loop;

    insert into :schema.place (account, list, rank, id, kind)
    select in_account, new ->> 0, (new ->> 1)::bigint, k.id, k.kind
    from unnest(k_commit, k_kind, k_id, k_act, k_places) as k(commit, kind, id, act, places)
    cross join lateral json_array_elements(k.places::json) new
    where k.act = 'put' and not k.commit = any (losers)
    on conflict do nothing;
  end if;

  queue := this;
  if -1 = any (k_number) then
    update :schema.queue set floor = floor + 4096
    where account = in_account and floor >= this returning floor - 4096 into queue;
    queue := coalesce(queue, this);
  end if;
  if this < any (k_number) then
    insert into :schema.queue as q (account, floor)
    select in_account, max(number) from unnest(k_number) as k(number)
    on conflict (account) do update set floor = greatest(q.floor, excluded.floor);
  end if;

  insert into :schema.record as r (account, kind, id, version, value, texts, due, number, queued, places)
  select in_account, kind, id, this + n, value::json, texts::json, due,
    case when number = -1 then queue + n end,
    case when waits then case when number = -1 then queue + n else number end end,
    places::json
  from unnest(k_commit, k_kind, k_id, k_act, k_value, k_texts, k_due, k_number, k_waits, k_places)
    with ordinality as k(commit, kind, id, act, value, texts, due, number, waits, places, n)
  where act = 'put' and not commit = any (losers)
  on conflict (account, kind, id) do update set
    version = excluded.version, value = excluded.value, texts = excluded.texts, due = excluded.due,
    number = excluded.number, queued = excluded.queued, places = excluded.places;

  if 'remove' = any (k_act) then
    for n in 1 .. cardinality(k_act) loop
      if k_act[n] = 'remove' and not k_commit[n] = any (losers) then
        delete from :schema.record where account = in_account and kind = k_kind[n] and id = k_id[n];
      end if;
    end loop;
  end if;

  if cardinality(t_commit) > 0 then
    insert into :schema.text (account, log, ref, subject, salt, value, is_escaped)
    select in_account, t_log, ref, subject, salt, value, is_escaped
    from unnest(t_commit, t_ref, t_subject, t_salt, t_value, t_escaped)
      as t(commit, ref, subject, salt, value, is_escaped)
    where not commit = any (losers);
  end if;

  if cardinality(e_commit) > 0 then
    insert into :schema.event (account, log, position, stream, message, value, texts)
    select in_account, t_log, this + n, stream, message, value::json, texts::json
    from unnest(e_commit, e_stream, e_message, e_value, e_texts)
      with ordinality as e(commit, stream, message, value, texts, n)
    where not commit = any (losers);
  end if;

  tx := this;
  return next;
end
$$;

-- Deletes personal texts of a subject, at most `in_limit`, and says whether those were the last.
create function :schema.erase(in_account text, in_log text, in_subject text, in_limit bigint)
returns table (erased bigint, is_done boolean)
language plpgsql
as $$
declare
  found text[];
begin
  perform set_config('leadline.account', in_account, true);
  found := array(
    select ref from :schema.text
    where account = in_account and log = in_log and subject = in_subject
    order by ref limit in_limit + 1
  );
  is_done := cardinality(found) <= in_limit;
  delete from :schema.text
  where account = in_account and log = in_log and ref = any (found[1:in_limit]);
  get diagnostics erased = row_count;
  return next;
end
$$;

-- The short way for what happens all day, a message: it takes for granted that nobody came in between. Where somebody did,
-- or a record moves between lists, it ends with LL001 and without effect, and the commit goes the long way, which says who
-- lost against whom.
--
-- h_… what is only expected, p_… what is put over what is there, a_… answers to remember, t_… texts, e_… events; `…_n` the
-- place among the keys of the commits. Each group comes in the order of names, and what is only expected comes first by
-- name: both ways lock in that order, and never wait for each other in a circle.
--
-- One simple statement per row: for the few rows of a message that takes half the time of one statement over arrays.
create function :schema.commit_shortly(
  in_account text, in_log text,
  h_kind text[], h_id text[], h_version bigint[],
  p_n bigint[], p_kind text[], p_id text[], p_version bigint[], p_value text[], p_texts text[], p_due bigint[],
  p_queued bigint[], p_places text[],
  a_n bigint[], a_kind text[], a_id text[], a_value text[], a_due bigint[],
  t_ref text[], t_subject text[], t_salt text[], t_value text[], t_escaped boolean[],
  e_stream text[], e_message integer[], e_value text[], e_texts text[]
)
returns double precision
language plpgsql
-- as above
set jit = off
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
declare
  this bigint;
begin
  perform set_config('leadline.account', in_account, true);
  select base + pg_current_xact_id()::text::bigint * 4096 into this from :schema.era;

  for i in 1 .. cardinality(h_kind) loop
    perform from :schema.record
    where account = in_account and kind = h_kind[i] and id = h_id[i] and version = h_version[i] for share;
    if not found then raise exception 'not as expected' using errcode = 'LL001'; end if;
  end loop;

  for i in 1 .. cardinality(p_kind) loop
    update :schema.record set
      version = this + p_n[i], value = p_value[i]::json, texts = p_texts[i]::json, due = p_due[i], number = null,
      queued = p_queued[i]
    where account = in_account and kind = p_kind[i] and id = p_id[i] and version = p_version[i]
      and places::text is not distinct from p_places[i];
    if not found then raise exception 'not as expected' using errcode = 'LL001'; end if;
  end loop;

  for i in 1 .. cardinality(a_kind) loop
    perform pg_advisory_xact_lock(hashtextextended(in_account || '/' || a_kind[i] || '/' || a_id[i], 7236));
    insert into :schema.record (account, kind, id, version, value, due)
    values (in_account, a_kind[i], a_id[i], this + a_n[i], a_value[i]::json, a_due[i])
    on conflict do nothing;
    if not found then raise exception 'not as expected' using errcode = 'LL001'; end if;
  end loop;

  for i in 1 .. cardinality(t_ref) loop
    insert into :schema.text (account, log, ref, subject, salt, value, is_escaped)
    values (in_account, in_log, t_ref[i], t_subject[i], t_salt[i], t_value[i], t_escaped[i]);
  end loop;

  for i in 1 .. cardinality(e_stream) loop
    insert into :schema.event (account, log, position, stream, message, value, texts)
    values (in_account, in_log, this + i, e_stream[i], e_message[i], e_value[i]::json, e_texts[i]::json);
  end loop;

  return this;
end
$$;
