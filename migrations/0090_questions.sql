-- One question, one answer, by an agreed time. Nobody's silence ends it: it goes on to someone else.

create table questions (
    id {id} primary key,
    asker_id {id} not null references people (id),
    asked_id {id} not null references people (id),
    -- What it is about, by which the next person is found.
    skill text,
    key_id {id} not null references keys (id),
    -- Sealed under the key.
    words {bytes} not null,
    answer {bytes},
    -- waiting, answered, passed_on, lapsed or withdrawn
    state text not null,
    -- Whether someone else may be asked when this person does not answer.
    may_pass boolean not null,
    sent_at bigint not null,
    days bigint not null,
    answer_by bigint not null,
    remind_at bigint not null,
    reminded_at bigint,
    ended_at bigint,
    helped_at bigint,
    passed_from {id} references questions (id),
    -- How many were asked before.
    passes bigint not null,
    -- The relationship whose stuck button was pressed.
    stuck_in {id} references relationships (id),
    -- The ask that grew from it, or that it answers.
    ask_id {id} references asks (id),
    nonce text not null,
    unique (asker_id, nonce)
);
create index questions_of_asker on questions (asker_id, state, sent_at);
create index questions_of_asked on questions (asked_id, state, sent_at);
create index questions_by_clock on questions (state, answer_by);
create index questions_by_reminder on questions (state, remind_at);
create index questions_after on questions (passed_from);
