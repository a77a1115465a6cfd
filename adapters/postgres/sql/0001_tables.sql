-- The tables of Leadline. Every table is keyed by account first, so that each can be partitioned or sharded by it.
--
-- Names compare by byte (collation "C"): ids are names, not words of a language.
-- Instants are milliseconds since 1970-01-01T00:00Z. JSON is kept as it was written (json, not jsonb): it may hold what
-- jsonb refuses, and nothing searches inside.

-- One row. Versions and positions are `base + transaction id * 4096 + place in the transaction`: no counter that
-- commits would wait for. `base` is raised when the data came to another cluster, whose transaction ids may be lower.
create table :schema.era (
  is_only boolean primary key default true check (is_only),
  base    bigint  not null,
  cluster text    not null
);

insert into :schema.era (base, cluster) select 0, system_identifier from pg_control_system();

-- The versioned records of all kinds: `desk.chat`, `crm.lead`, `settings.layout`.
create table :schema.record (
  account text collate "C" not null,
  kind    text collate "C" not null,
  id      text collate "C" not null,
  version bigint           not null,
  value   json             not null,
  texts   json,             -- references of the personal texts that the value refers to
  due     bigint,           -- when something must happen if nothing else does
  number  bigint,           -- the queue number that the commit gave; null: the value has its own, or none
  queued  bigint,           -- the queue number of a chat that waits
  places  json,             -- its rows in `place`, as [[list, rank], …]
  primary key (account, kind, id)
) with (fillfactor = 80);   -- a message changes no indexed column: its new version stays on the page

create index record_due on :schema.record (account, kind, due, id) where due is not null;
create index record_queue on :schema.record (account, queued, id) where queued is not null;

-- Accounts that took in chats with queue numbers above those that commits would give: they go on from here.
create table :schema.queue (
  account text collate "C" primary key,
  floor   bigint not null
);

-- Where records stand in lists: feeds by email, a person's chats, leads by phone, the history of a deal.
create table :schema.place (
  account text collate "C" not null,
  list    text collate "C" not null,
  rank    bigint           not null,
  id      text collate "C" not null,
  kind    text collate "C" not null,
  primary key (account, list, rank, id, kind)
);

-- The logs of the worlds: `desk`, `crm`, `settings`.
create table :schema.event (
  account  text collate "C" not null,
  log      text collate "C" not null,
  position bigint           not null,
  stream   text collate "C" not null,
  message  integer,          -- of an event that is a message: its number in the chat
  value    json             not null,
  texts    json,             -- references of the personal texts that the event refers to
  primary key (account, log, position)
);

create index event_transcript on :schema.event (account, stream, message) where message is not null;

-- Personal texts, apart from everything else so that they can be erased.
create table :schema.text (
  account    text collate "C" not null,
  log        text collate "C" not null,
  ref        text collate "C" not null,
  subject    text collate "C" not null,  -- whom it is about: `visitor/ID`, `lead/ID`, …
  salt       text             not null,
  value      text             not null,
  is_escaped boolean          not null,  -- the value is a JSON string, because it holds what PostgreSQL's text cannot
  primary key (account, log, ref)
);

create index text_subject on :schema.text (account, log, subject, ref);

-- The second wall between accounts: a role that does not own the tables sees one account only, the one that the statement
-- names in `leadline.account`. Owners pass it, hosts should not be owners.
alter table :schema.queue enable row level security;
alter table :schema.record enable row level security;
alter table :schema.place enable row level security;
alter table :schema.event enable row level security;
alter table :schema.text enable row level security;

create policy account on :schema.queue using (account = current_setting('leadline.account', true));
create policy account on :schema.record using (account = current_setting('leadline.account', true));
create policy account on :schema.place using (account = current_setting('leadline.account', true));
create policy account on :schema.event using (account = current_setting('leadline.account', true));
create policy account on :schema.text using (account = current_setting('leadline.account', true));

-- Positions from here on are not final yet: a transaction that is still under way may take one below others that are
-- visible. Readers of a log stop here, and so miss nothing.
create function :schema.horizon() returns bigint
language sql stable
as $$ select base + pg_snapshot_xmin(pg_current_snapshot())::text::bigint * 4096 from :schema.era $$;
