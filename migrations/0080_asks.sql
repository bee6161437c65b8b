-- Someone asks someone for help, and gets an answer or an end, always.

create table asks (
    id {id} primary key,
    asker_id {id} not null references people (id),
    asked_id {id} not null references people (id),
    -- mentoring, coaching or peer
    help text not null,
    -- answer, conversation or regular, with the minutes of the conversation or of a month, and the months
    extent text not null,
    minutes bigint not null,
    months bigint not null,
    goal_id {id},
    -- Tells whether two asks have the same goal, and nothing else: a keyed hash of it.
    goal_mark {bytes} not null,
    key_id {id} not null references keys (id),
    -- The five fields of the letter, sealed under the key.
    goal {bytes} not null,
    why_you {bytes} not null,
    so_far {bytes} not null,
    the_ask {bytes} not null,
    will_bring {bytes} not null,
    -- waiting, accepted, declined, redirected, withdrawn, lapsed or superseded
    state text not null,
    -- Whose turn it is: asked or asker.
    turn text not null,
    -- What the asker is asked while it is her turn: asked_back, smaller_offered or redirect_offered.
    pending text,
    offered_extent text,
    offered_minutes bigint,
    redirect_to_id {id} references people (id),
    -- Why it ended, when the state alone does not say.
    reason text,
    sent_at bigint not null,
    first_answered_at bigint,
    turn_began_at bigint not null,
    -- The clock that both sides see.
    answer_by bigint not null,
    remind_at bigint not null,
    reminded_at bigint,
    -- Whatever happens, it is over by then; carried from ask to ask along a chain.
    end_by bigint not null,
    ended_at bigint,
    asked_back_times bigint not null,
    cascaded_from {id} references asks (id),
    -- The question it grew from.
    grown_from {id},
    relationship_id {id} references relationships (id),
    -- One for each form that was opened, so that pressing twice sends once.
    nonce text not null,
    unique (asker_id, nonce)
);
create index asks_of_asker on asks (asker_id, state, sent_at);
create index asks_of_asked on asks (asked_id, state, sent_at);
create index asks_by_clock on asks (state, answer_by);
create index asks_by_reminder on asks (state, remind_at);
create index asks_by_sending on asks (sent_at);
create index asks_after on asks (cascaded_from);

-- Whom the asker allows us to ask next, in her order.
create table ask_nexts (
    ask_id {id} not null references asks (id),
    person_id {id} not null references people (id),
    position bigint not null,
    primary key (ask_id, person_id)
);
create index ask_nexts_of_person on ask_nexts (person_id);

-- What was written after the letter.
create table ask_lines (
    id {id} primary key,
    ask_id {id} not null references asks (id),
    by_id {id} not null references people (id),
    at bigint not null,
    -- question, answer, offer, redirect, decline, note or before
    kind text not null,
    -- Sealed under the ask's key.
    words {bytes} not null
);
create index ask_lines_of_ask on ask_lines (ask_id, at, id);
create index ask_lines_of_person on ask_lines (by_id);
