-- What a bridge will try again stands in a list of its own, as what it gave up does (G4): records written before have no
-- place in it yet.
insert into :schema.place (account, list, rank, id, kind)
select account, 'parked/' || (value->'value'->>'bridge'), (value->'value'->>'position')::bigint, id, kind
from :schema.record
where kind = 'desk.parked' and value->'value'->>'nextTryAt' is not null
on conflict do nothing;
