-- Somebody joins a circle that has begun: whom a member suggests, which members have said yes, and from when on who joined
-- later reads.

-- From when on they read; null from the beginning. What was written before was written without them, and so was what was
-- written while they stood aside.
alter table parties add column reads_from bigint;
alter table parties add column away_from bigint;
alter table parties add column away_until bigint;

-- Who suggested them; null for whom the circle was proposed to at first.
alter table circle_places add column suggested_by_id {id} references people (id);
-- When time does something with the place: the others have had time to say no, or whoever is asked has not answered.
alter table circle_places add column clock_at bigint;
-- What they do not read, kept while they stand aside.
alter table circle_places add column reads_from bigint;
alter table circle_places add column away_from bigint;
create index circle_places_by_clock on circle_places (clock_at) where clock_at is not null;
create index circle_places_suggested_by on circle_places (suggested_by_id) where suggested_by_id is not null;

-- Who has said yes to somebody who is suggested. A no is not kept: it ends the suggestion, and nobody is told whose it was.
create table circle_yeses (
    place_id {id} not null references circle_places (id),
    person_id {id} not null references people (id),
    at bigint not null,
    primary key (place_id, person_id)
);
create index circle_yeses_of_person on circle_yeses (person_id);

-- A concern keeps somebody out of their circle while it is open.
create index concerns_in_relationship on concerns (relationship_id) where relationship_id is not null;
