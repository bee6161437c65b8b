-- What leads to and from people's own calendars: the feed of their sessions, calendars of theirs elsewhere with the times
-- they are busy there, how often an invitation changed, and what calendars answered to it.

create table calendar_feeds (
    person_id {id} primary key references people (id),
    -- Of the secret in the feed's address, which nobody can look up again.
    token_hash {bytes} not null,
    made_at bigint not null,
    unique (token_hash)
);

create table outside_calendars (
    id {id} primary key,
    person_id {id} not null references people (id),
    -- Whoever knows the address can read the calendar, so it is sealed under the instance key; so are the busy times,
    -- which are kept as stretches without a word of what they are for.
    address {bytes} not null,
    busy {bytes} not null,
    -- What was wrong when it was last read, as a sentence; empty when nothing was.
    trouble text not null,
    failures bigint not null,
    made_at bigint not null,
    read_at bigint,
    next_at bigint not null
);
create index outside_calendars_of_person on outside_calendars (person_id);
create index outside_calendars_to_read on outside_calendars (next_at);

-- How often what stands in calendars under this id changed: a session that stands alone, or a series.
create table calendar_events (
    id {id} primary key,
    sequence bigint not null
);

-- What someone's calendar answered: for the start of which they were told. When the session is moved, it says nothing more.
create table calendar_answers (
    session_id {id} not null references sessions (id),
    person_id {id} not null references people (id),
    starts_at bigint not null,
    -- accepted, declined or tentative; null with a proposal alone
    answer text,
    -- Another time that they propose.
    proposed_at bigint,
    -- What they wrote with it; sealed under the relationship's key.
    words {bytes},
    answered_at bigint not null,
    primary key (session_id, person_id)
);
create index calendar_answers_of_person on calendar_answers (person_id);
