-- When people who work together meet: the times that were proposed, the one that was booked, what they prepare, write
-- and decide there, and the sessions that repeat.

create table session_series (
    id {id} primary key,
    relationship_id {id} not null references relationships (id),
    by_id {id} not null references people (id),
    -- chemistry, regular, review, closing or peer
    purpose text not null,
    -- weekly, fortnightly or monthly
    cadence text not null,
    minutes bigint not null,
    -- The clock on the wall and its zone, which all sessions keep when clocks change: of the one whose place is `anchor`.
    wall text not null,
    zone text not null,
    anchor bigint not null,
    -- The place of the next session to be made, and when that one begins.
    next_place bigint not null,
    next_at bigint not null,
    ended_at bigint
);
create index session_series_of_relationship on session_series (relationship_id, ended_at);
create index session_series_to_make on session_series (next_at) where ended_at is null;
create index session_series_by on session_series (by_id);

create table sessions (
    id {id} primary key,
    relationship_id {id} not null references relationships (id),
    series_id {id} references session_series (id),
    -- Which one of its series it is, counted from 0.
    place bigint,
    purpose text not null,
    -- proposed, booked, held, missed or cancelled
    state text not null,
    -- How often it is to repeat: once, weekly, fortnightly or monthly.
    cadence text not null,
    minutes bigint not null,
    proposed_by_id {id} not null references people (id),
    -- Null until a time was booked. The instant, and the clock on the wall of the zone in which it was chosen.
    starts_at bigint,
    ends_at bigint,
    wall text,
    zone text not null,
    -- The last of the times that were proposed: then the proposal lapses.
    lapses_at bigint not null,
    -- Where they meet on screen; sealed under the relationship's key.
    video {bytes},
    -- Why it was cancelled: someone, lapsed, clash or over.
    reason text,
    -- The word that came with a move or a cancellation; sealed.
    words {bytes},
    -- How often it was moved or cancelled, for calendars.
    sequence bigint not null,
    -- The start for which people were asked to prepare, and the one of which they were reminded: when the session is moved,
    -- both are due again.
    prepared_for bigint,
    announced_for bigint,
    made_at bigint not null,
    ended_at bigint,
    ended_by_id {id} references people (id),
    unique (series_id, place)
);
create index sessions_of_relationship on sessions (relationship_id, state, starts_at);
create index sessions_by_start on sessions (state, starts_at, announced_for, prepared_for);
create index sessions_to_lapse on sessions (lapses_at) where state = 'proposed';
create index sessions_proposed_by on sessions (proposed_by_id);
create index sessions_ended_by on sessions (ended_by_id);

create table session_times (
    id {id} primary key,
    session_id {id} not null references sessions (id),
    starts_at bigint not null,
    wall text not null
);
create index session_times_of_session on session_times (session_id, starts_at);

-- Whose time a session takes. State and time stand here once more, so that someone's time is one look at an index.
create table attendances (
    session_id {id} not null references sessions (id),
    person_id {id} not null references people (id),
    state text not null,
    starts_at bigint,
    ends_at bigint,
    primary key (session_id, person_id)
);
create index attendances_of_person on attendances (person_id, state, starts_at);

create table agenda_items (
    id {id} primary key,
    session_id {id} not null references sessions (id),
    -- Null: filled in from what was there before.
    by_id {id} references people (id),
    position bigint not null,
    -- written, next_step, action, carried or prompt
    source text not null,
    -- What it was made from, so that it is filled in once.
    origin text not null,
    words {bytes} not null,
    -- open, discussed, deferred, carried (over to a later session) or removed
    state text not null,
    made_at bigint not null,
    unique (session_id, origin)
);
create index agenda_items_of_session on agenda_items (session_id, position);
create index agenda_items_by on agenda_items (by_id);

-- What someone thinks of before a session, each for themselves, shared or not.
create table preparations (
    session_id {id} not null references sessions (id),
    person_id {id} not null references people (id),
    prompt bigint not null,
    words {bytes} not null,
    shared boolean not null,
    changed_at bigint not null,
    primary key (session_id, person_id, prompt)
);
create index preparations_of_person on preparations (person_id);

create table session_notes (
    session_id {id} primary key references sessions (id),
    version bigint not null,
    words {bytes} not null,
    changed_by_id {id} not null references people (id),
    -- When the log was last told that they change: not at every key that is pressed.
    logged_at bigint not null
);
create index session_notes_by on session_notes (changed_by_id);

-- One's own notes on a session, which nobody else sees.
create table private_notes (
    session_id {id} not null references sessions (id),
    person_id {id} not null references people (id),
    version bigint not null,
    words {bytes} not null,
    primary key (session_id, person_id)
);
create index private_notes_of_person on private_notes (person_id);

create table session_decisions (
    id {id} primary key,
    session_id {id} not null references sessions (id),
    by_id {id} not null references people (id),
    words {bytes} not null,
    made_at bigint not null
);
create index session_decisions_of_session on session_decisions (session_id, made_at);
create index session_decisions_by on session_decisions (by_id);

-- One line for the other after a session.
create table session_feedback (
    session_id {id} not null references sessions (id),
    by_id {id} not null references people (id),
    words {bytes} not null,
    made_at bigint not null,
    primary key (session_id, by_id)
);
create index session_feedback_by on session_feedback (by_id);
