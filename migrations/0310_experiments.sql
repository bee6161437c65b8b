-- What somebody tries out in small: what they expect, what they do, and what they learned.

create table experiments (
    id {id} primary key,
    owner_id {id} not null references people (id),
    -- What it is for; it may have been forgotten since.
    goal_id {id},
    -- With whom it is shared; null for its owner alone.
    relationship_id {id} references relationships (id),
    -- A key of its own.
    key_id {id} not null references keys (id),
    -- What is expected, what is tried and by what one will see it, sealed as one.
    words {bytes} not null,
    began_at bigint not null,
    -- A day, YYYY-MM-DD, in the owner's zone; look_at is its morning, null once it was looked at.
    look_on text not null,
    look_at bigint,
    -- When its owner was told that the day has come.
    recalled_at bigint,
    ended_at bigint,
    -- as_expected, otherwise, unclear or not_tried
    outcome text,
    -- What happened and what was learned, sealed as one.
    learnt {bytes},
    nonce text not null,
    unique (owner_id, nonce)
);
create index experiments_of_owner on experiments (owner_id, id);
create index experiments_back on experiments (owner_id, recalled_at) where ended_at is null and recalled_at is not null;
create index experiments_of_relationship on experiments (relationship_id, id) where relationship_id is not null;
create index experiments_by_clock on experiments (look_at) where look_at is not null;
