-- The skills record of a person: how far they are with a skill, what shows it, and who has seen it too.

-- The key of somebody's record.
create table skill_records (
    person_id {id} primary key references people (id),
    key_id {id} not null references keys (id)
);

create table recorded_skills (
    id {id} primary key,
    person_id {id} not null references people (id),
    -- Which skill, sealed under the owner's key.
    words {bytes} not null,
    made_at bigint not null,
    -- Since when its owner shows it on their profile.
    shown_at bigint
);
create index recorded_skills_of_person on recorded_skills (person_id, id);
create index recorded_skills_shown on recorded_skills (person_id, shown_at) where shown_at is not null;

-- Each level that was said, by whom and when.
create table skill_levels (
    id {id} primary key,
    recorded_id {id} not null references recorded_skills (id),
    -- In the order in which they were said, from 1.
    number bigint not null,
    -- The owner, or the partner whose view the owner has made their own.
    by_id {id} not null references people (id),
    at bigint not null,
    -- The level and the evidence, sealed under the owner's key as one.
    words {bytes} not null,
    nonce text not null,
    unique (recorded_id, nonce),
    unique (recorded_id, number)
);
create index skill_levels_by on skill_levels (by_id);

-- That a partner is asked whether they see a level so too.
create table skill_confirmations (
    id {id} primary key,
    person_id {id} not null references people (id),
    recorded_id {id} not null references recorded_skills (id),
    level_id {id} not null references skill_levels (id),
    relationship_id {id} not null references relationships (id),
    partner_id {id} not null references people (id),
    -- The relationship's key.
    key_id {id} not null references keys (id),
    -- asked, confirmed, otherwise or passed
    state text not null,
    asked_at bigint not null,
    -- What the partner reads, and nothing else of the record: sealed under the relationship's key.
    words {bytes} not null,
    answered_at bigint,
    -- The level that the partner sees, and why, sealed under the relationship's key as one.
    answer {bytes},
    -- What the owner let stand, where the partner sees it otherwise: taken or kept.
    settled text,
    settled_at bigint,
    unique (level_id, partner_id)
);
create index skill_confirmations_of_skill on skill_confirmations (recorded_id, id);
create index skill_confirmations_of_person on skill_confirmations (person_id, id);
create index skill_confirmations_of_partner on skill_confirmations (partner_id, id);
create index skill_confirmations_of_relationship on skill_confirmations (relationship_id);

-- Where somebody wants to get to: a name, and the skills and levels it asks, sealed under the owner's key.
create table skill_aims (
    id {id} primary key,
    person_id {id} not null references people (id),
    words {bytes} not null,
    made_at bigint not null,
    changed_at bigint not null
);
create index skill_aims_of_person on skill_aims (person_id, id);
