-- What someone has taken on, and how it went. Theirs alone unless they chose that their partner sees it.

create table action_items (
    id {id} primary key,
    owner_id {id} not null references people (id),
    -- Null: for themselves, with nobody.
    relationship_id {id} references relationships (id),
    -- The relationship's key, or one of its own.
    key_id {id} not null references keys (id),
    -- Sealed under the key, and so is the if-then plan.
    words {bytes} not null,
    plan_if {bytes},
    plan_then {bytes},
    -- A goal of its owner; it may have been forgotten since.
    goal_id {id},
    -- taken_on, kept or dropped
    state text not null,
    -- silent, weekly or partner
    intensity text not null,
    -- A day, YYYY-MM-DD, in the owner's zone as it was then; due_at is the end of that day.
    due_on text not null,
    zone text not null,
    due_at bigint not null,
    -- How often it was carried over to a later day.
    carried bigint not null,
    taken_on_at bigint not null,
    ended_at bigint,
    -- When its owner was last asked how it goes; null once that was answered.
    asked_at bigint,
    -- When its owner was offered a way on, for this day.
    recovered_at bigint,
    -- What time does next with it, check_in or recover, and when; null when nothing.
    next text,
    next_at bigint,
    nonce text not null,
    unique (owner_id, nonce)
);
create index action_items_of_owner on action_items (owner_id, state, due_at);
create index action_items_of_relationship on action_items (relationship_id, state, due_at);
create index action_items_by_clock on action_items (next_at);

-- How it went, as its owner said it.
create table check_ins (
    id {id} primary key,
    action_item_id {id} not null references action_items (id),
    at bigint not null,
    -- kept, not_yet, moved or dropped
    answer text not null,
    -- Sealed under the key of the action item.
    words {bytes},
    -- Whether the partner sees it: what its owner had chosen when they said it.
    shown boolean not null
);
create index check_ins_of_action_item on check_ins (action_item_id, at);
