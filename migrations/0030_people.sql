-- What people show of themselves, beyond the ground: their photo, and where an import knows them from.

-- In the database, so that every node and every backup has them. Made by us from what was sent: a square, without
-- anything a camera wrote into it.
create table photos (
    name text primary key,
    person_id {id} not null references people (id),
    bytes {bytes} not null,
    made_at bigint not null
);
create index photos_of_person on photos (person_id);

-- How another system names a person, so that the same list imported again changes people instead of doubling them.
create table imported_as (
    source_id text primary key,
    person_id {id} not null references people (id),
    imported_at bigint not null
);
create index imported_as_of_person on imported_as (person_id);
