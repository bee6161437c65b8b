-- Circles: a few people who learn from each other. What one is called and about, whom it was proposed to, what they said.

-- What its people call it, sealed under its key; where it is no more than the people in it, nothing.
alter table relationships add column called {bytes};

create table circles (
    relationship_id {id} primary key references relationships (id),
    proposed_by_id {id} not null references people (id),
    -- Sealed under the relationship's key, as its name is.
    about {bytes} not null,
    proposed_at bigint not null,
    -- When it is given up unless three are in it; null once that is settled.
    lapses_at bigint,
    nonce text not null,
    unique (proposed_by_id, nonce)
);
create index circles_to_lapse on circles (lapses_at) where lapses_at is not null;

-- Everybody whom it was proposed to, and whoever proposed it.
create table circle_places (
    id {id} primary key,
    relationship_id {id} not null references relationships (id),
    person_id {id} not null references people (id),
    -- asked, taken, declined, lapsed or left
    state text not null,
    asked_at bigint not null,
    answered_at bigint,
    unique (relationship_id, person_id)
);
create index circle_places_of_person on circle_places (person_id, state);
