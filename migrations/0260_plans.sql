-- Plans of goals: milestones with a day, activities under them, and what came of each.

create table plans (
    id {id} primary key,
    -- The goal; it may have been forgotten since.
    goal_id {id} not null,
    owner_id {id} not null references people (id),
    -- What its owner writes alone is sealed under a key of its own.
    key_id {id} not null references keys (id),
    -- The pair it is shared with, and nobody else; null: its owner's alone.
    relationship_id {id} references relationships (id),
    -- The day it begins, as in 2026-11-23.
    first_on text not null,
    -- Hours a week that its owner gives it.
    hours bigint not null,
    made_at bigint not null,
    -- When it was put away, or its goal reached or let go.
    ended_at bigint,
    -- The form it was made by: the same twice is one.
    nonce text not null,
    unique (owner_id, nonce)
);
create unique index plans_open_of_goal on plans (goal_id) where ended_at is null;
create index plans_of_relationship on plans (relationship_id) where relationship_id is not null;

-- A milestone, or an activity: each a row with a version of its own, so that two who write at once lose nothing.
create table plan_items (
    id {id} primary key,
    plan_id {id} not null references plans (id),
    -- The milestone it serves; null for a milestone, and for what was only suggested.
    milestone_id {id},
    -- milestone, read, practise, project, shadow, talk, review or teach
    kind text not null,
    -- suggested, not_now, open, done or taken_out
    state text not null,
    -- By which day, as in 2026-11-23.
    on_day text,
    -- Who does it.
    doer_id {id} not null references people (id),
    -- Who suggested it to the owner; null when nobody did.
    suggested_by_id {id} references people (id),
    -- Where its words were written last; null: by the owner alone.
    relationship_id {id} references relationships (id),
    -- The key its words are sealed under: the relationship's where they were written in one, else the plan's.
    key_id {id} not null references keys (id),
    last_by_id {id} not null references people (id),
    version bigint not null,
    -- What is to be done, a note and a link, sealed as one.
    words {bytes} not null,
    -- What came of it, or what shows that it is reached, sealed as one.
    outcome {bytes},
    made_at bigint not null,
    changed_at bigint not null,
    closed_at bigint,
    made_by_id {id} not null references people (id),
    nonce text not null,
    unique (made_by_id, nonce)
);
create index plan_items_of_plan on plan_items (plan_id);
create index plan_items_of_doer on plan_items (doer_id, on_day);
create index plan_items_suggested_by on plan_items (suggested_by_id) where suggested_by_id is not null;
create index plan_items_last_by on plan_items (last_by_id);
