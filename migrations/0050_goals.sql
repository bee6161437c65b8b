-- What someone wants to learn, for themselves alone. What they wrote is sealed under a key of the goal; what the search
-- needs to know of it (skills, levels, kinds of help, a day) is not.

create table goals (
    id {id} primary key,
    person_id {id} not null references people (id),
    -- draft, set, reached or let_go
    state text not null,
    -- The version that counts.
    version bigint not null,
    -- The question a draft waits at.
    step text not null,
    key_id {id} not null references keys (id),
    made_at bigint not null,
    changed_at bigint not null,
    ended_at bigint
);
create index goals_of_person on goals (person_id, state, changed_at);

create table goal_versions (
    goal_id {id} not null references goals (id),
    version bigint not null,
    at bigint not null,
    -- The question whose answer made this version; empty for the first.
    changed text not null,
    outcome {bytes} not null,
    why_now {bytes} not null,
    success {bytes} not null,
    -- A day, YYYY-MM-DD.
    by_on text,
    -- Kinds of help, separated by spaces.
    help text not null,
    primary key (goal_id, version)
);

create table goal_skills (
    goal_id {id} not null references goals (id),
    version bigint not null,
    skill text not null,
    -- 1 to 5, today and hoped for
    present bigint not null,
    target bigint not null,
    position bigint not null,
    primary key (goal_id, version, skill)
);
create index goal_skills_by_skill on goal_skills (skill);
