-- What somebody has reached, with what shows it, and the note of whoever was beside them.

-- One for each person who has reached something, or wishes it quiet.
create table win_walls (
    person_id {id} primary key references people (id),
    -- What stands on it is sealed under it.
    key_id {id} not null references keys (id),
    -- Since when nobody is told of it; null: they are.
    quiet_since bigint
);

create table wins (
    id {id} primary key,
    owner_id {id} not null references people (id),
    -- milestone, rating or own
    source text not null,
    -- The milestone, the first of the scales that were rated, or the win itself.
    source_id {id} not null,
    -- The plan or the goal it comes from, for the way back to it.
    from_id {id},
    -- What was reached and what shows it, sealed as one; null once it was taken down.
    words {bytes},
    won_at bigint not null,
    -- Where it was reached with somebody, and who of them is asked for a note.
    relationship_id {id} references relationships (id),
    asked_id {id} references people (id),
    -- Their note, sealed under the key of the relationship.
    note_key_id {id} references keys (id),
    note {bytes},
    note_at bigint,
    -- With whom its owner shares it; null: with nobody.
    shared_with_id {id} references relationships (id),
    taken_down_at bigint,
    -- The form it was written in: the same twice is one.
    nonce text not null,
    unique (owner_id, nonce),
    unique (owner_id, source, source_id)
);
create index wins_of_owner on wins (owner_id, won_at);
create index wins_of_asked on wins (asked_id);
create index wins_of_relationship on wins (relationship_id) where relationship_id is not null;
create index wins_shared_with on wins (shared_with_id) where shared_with_id is not null;
