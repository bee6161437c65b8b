-- Words that people here use for what they can do and that the shipped graph does not know.

create table own_skills (
    id {id} primary key,
    -- What profiles and goals store, as they store the id of a shipped skill.
    slug text not null unique,
    name text not null,
    -- The id of a field of the graph; empty while nobody said.
    field text not null,
    made_at bigint not null,
    -- A coordinator looked at it and kept it.
    accepted_at bigint,
    -- A coordinator found that it means another skill: that skill's id. The word stays as another word for it.
    merged_into text,
    merged_at bigint
);
create index own_skills_by_state on own_skills (merged_at, accepted_at, made_at);
