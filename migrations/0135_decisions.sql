-- What someone decided: the options, what mattered, what was chosen and why; and on a later day, whether it was right.

create table decisions (
    id {id} primary key,
    owner_id {id} not null references people (id),
    relationship_id {id} not null references relationships (id),
    -- me or pair
    audience text not null,
    -- The relationship's key, or one of its own for what is its owner's alone.
    key_id {id} not null references keys (id),
    -- Question, options, criteria, choice and reasons, sealed under the key as one.
    words {bytes} not null,
    decided_at bigint not null,
    -- A day, YYYY-MM-DD, in the owner's zone; review_at is its morning.
    review_on text,
    review_at bigint,
    -- When its owner was told that the day has come.
    recalled_at bigint,
    reviewed_at bigint,
    -- right, partly or otherwise
    verdict text,
    learned {bytes},
    nonce text not null,
    unique (owner_id, nonce)
);
create index decisions_of_relationship on decisions (relationship_id, decided_at);
create index decisions_of_owner on decisions (owner_id, review_at);
create index decisions_by_review on decisions (review_at);
