-- Worksheets: what somebody asks of themselves or of a partner on one page, and what was answered.

create table worksheets (
    id {id} primary key,
    owner_id {id} not null references people (id),
    -- A key of its own.
    key_id {id} not null references keys (id),
    -- Title, introduction and questions, sealed as one.
    words {bytes} not null,
    -- Counted up with each change, so that two changes at once are noticed.
    version bigint not null,
    made_at bigint not null,
    -- Not offered any more.
    put_away_at bigint,
    -- Of the form it was made by: the same twice is one.
    nonce text not null,
    unique (owner_id, nonce)
);

create table worksheet_assignments (
    id {id} primary key,
    -- What it was made from; that may have been forgotten since.
    worksheet_id {id} not null,
    giver_id {id} not null references people (id),
    -- Who fills it in.
    filler_id {id} not null references people (id),
    -- Where both are; null where one gave it to oneself.
    relationship_id {id} references relationships (id),
    -- The relationship's key, or one of its own.
    key_id {id} not null references keys (id),
    -- The worksheet as it was when it was given, sealed under the key, as everything that follows in words.
    paper {bytes} not null,
    answers {bytes},
    notes {bytes},
    -- given, handed_in, read, set_aside or withdrawn
    state text not null,
    given_at bigint not null,
    -- YYYY-MM-DD
    due_on text,
    -- Given anew after so many days, once it is handed in.
    again_days bigint,
    -- When its filler is reminded next.
    asks_at bigint,
    handed_in_at bigint,
    read_at bigint,
    version bigint not null,
    nonce text not null,
    unique (giver_id, nonce)
);
create index worksheet_assignments_of_filler on worksheet_assignments (filler_id, id);
create index worksheet_assignments_waiting on worksheet_assignments (filler_id, due_on) where state = 'given';
create index worksheet_assignments_of_giver on worksheet_assignments (giver_id, id);
create index worksheet_assignments_of_relationship on worksheet_assignments (relationship_id, id) where relationship_id is not null;
create index worksheet_assignments_by_clock on worksheet_assignments (asks_at) where asks_at is not null;
