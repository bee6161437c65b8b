-- When something is not right: who looks after concerns, what was raised, and who keeps whom away.

-- Whom someone keeps away. Nobody else learns of it.
create table blocks (
    person_id {id} not null references people (id),
    blocked_id {id} not null references people (id),
    made_at bigint not null,
    primary key (person_id, blocked_id)
);
create index blocks_of_blocked on blocks (blocked_id);

-- Those whom the administrators have named to look after concerns; while there is nobody, the administrators do.
create table concern_contacts (
    person_id {id} primary key references people (id),
    named_by_id {id} not null references people (id),
    named_at bigint not null
);
create index concern_contacts_by_namer on concern_contacts (named_by_id);

create table concerns (
    id {id} primary key,
    reporter_id {id} not null references people (id),
    about_id {id} not null references people (id),
    relationship_id {id} references relationships (id),
    -- Of the concern alone: neither the pair's key nor anybody else's.
    key_id {id} not null references keys (id),
    words {bytes} not null,
    -- talk or stop
    wish text not null,
    -- Whether contact was stopped because of it, and still is.
    stopped boolean not null,
    -- raised, acknowledged, decided, appealed or closed
    state text not null,
    raised_at bigint not null,
    -- When the next thing is to have happened; null once it is closed.
    answer_by bigint,
    -- When those who look after it were reminded for this clock.
    reminded_at bigint,
    acknowledged_at bigint,
    handler_id {id} references people (id),
    decided_at bigint,
    decider_id {id} references people (id),
    appealed_at bigint,
    appellant_id {id} references people (id),
    appeal {bytes},
    closed_at bigint,
    nonce text not null,
    unique (reporter_id, nonce)
);
create index concerns_by_clock on concerns (state, answer_by);
create index concerns_of_reporter on concerns (reporter_id, raised_at);
create index concerns_about on concerns (about_id, decided_at);
create index concerns_of_handler on concerns (handler_id) where handler_id is not null;

-- What the reporter attached: copies, under the concern's key.
create table concern_evidence (
    id {id} primary key,
    concern_id {id} not null references concerns (id),
    position bigint not null,
    by_id {id} not null references people (id),
    at bigint not null,
    -- What it is a copy of, such as “message”.
    source text not null,
    words {bytes} not null
);
create index concern_evidence_of on concern_evidence (concern_id, position);
create index concern_evidence_by on concern_evidence (by_id);

-- What was decided, in words to each side.
create table concern_answers (
    id {id} primary key,
    concern_id {id} not null references concerns (id),
    by_id {id} not null references people (id),
    at bigint not null,
    to_reporter {bytes} not null,
    -- Null when the other side is told nothing.
    to_other {bytes}
);
create index concern_answers_of on concern_answers (concern_id, at);
create index concern_answers_by on concern_answers (by_id);

-- Who of those who look after concerns opened one, and when last.
create table concern_openings (
    concern_id {id} not null references concerns (id),
    person_id {id} not null references people (id),
    opened_at bigint not null,
    primary key (concern_id, person_id)
);
create index concern_openings_of_person on concern_openings (person_id);
