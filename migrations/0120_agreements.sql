-- How people work together, in writing: each drafts alone, they settle the differences, they sign; kept in versions.

create table agreements (
    id {id} primary key,
    relationship_id {id} not null references relationships (id),
    version bigint not null,
    -- drafting, settling, signing, signed, superseded or withdrawn
    state text not null,
    begun_by {id} not null references people (id),
    begun_at bigint not null,
    -- By when whoever it waits for is reminded, once; null while nobody is waited for.
    due_at bigint,
    -- What is signed, sealed under the relationship's key, and its SHA-256 as hexadecimal.
    words {bytes},
    hash text,
    signed_at bigint,
    -- When it was superseded or withdrawn.
    ended_at bigint,
    -- When the next look back is offered, and since when one is.
    review_at bigint,
    review_asked_at bigint,
    -- The clauses that act. Null until it is signed, and where there is none.
    cadence_days bigint,
    reply_hours bigint,
    session_minutes bigint,
    -- Words separated by commas.
    channels text,
    recording text,
    sponsor_report text,
    retention_days bigint,
    review_days bigint,
    unique (relationship_id, version)
);
create index agreements_of_relationship on agreements (relationship_id, state);
create index agreements_begun_by on agreements (begun_by);
create index agreements_due on agreements (due_at) where due_at is not null;
create index agreements_to_review on agreements (review_at) where review_at is not null;

-- What each would write, unseen by the others until everybody has written theirs. Sealed under the relationship's key.
create table agreement_drafts (
    agreement_id {id} not null references agreements (id),
    person_id {id} not null references people (id),
    words {bytes} not null,
    at bigint not null,
    primary key (agreement_id, person_id)
);
create index agreement_drafts_of_person on agreement_drafts (person_id);

-- One wording for each point, and who agrees with it.
create table agreement_points (
    agreement_id {id} not null references agreements (id),
    element text not null,
    -- Sealed under the relationship's key.
    words {bytes} not null,
    by_id {id} not null references people (id),
    changed_at bigint not null,
    primary key (agreement_id, element)
);
create index agreement_points_by on agreement_points (by_id);
create table agreement_consents (
    agreement_id {id} not null references agreements (id),
    element text not null,
    person_id {id} not null references people (id),
    at bigint not null,
    primary key (agreement_id, element, person_id)
);
create index agreement_consents_of_person on agreement_consents (person_id);

create table agreement_signatures (
    agreement_id {id} not null references agreements (id),
    person_id {id} not null references people (id),
    role text not null,
    -- Of the text that they saw when they signed.
    hash text not null,
    signed_at bigint not null,
    primary key (agreement_id, person_id)
);
create index agreement_signatures_of_person on agreement_signatures (person_id);

-- Who agrees to being recorded just now; a session is recorded only while everybody in it does.
create table recording_consents (
    relationship_id {id} not null references relationships (id),
    person_id {id} not null references people (id),
    given_at bigint not null,
    primary key (relationship_id, person_id)
);
create index recording_consents_of_person on recording_consents (person_id);

-- What was written is destroyed then, with its key. Both are told before.
create table retentions (
    relationship_id {id} primary key references relationships (id),
    destroy_at bigint not null,
    told_at bigint,
    destroyed_at bigint
);
create index retentions_due on retentions (destroy_at) where destroyed_at is null;

-- What a sponsor may read, line by line, once the client has approved the line.
create table report_lines (
    id {id} primary key,
    relationship_id {id} not null references relationships (id),
    by_id {id} not null references people (id),
    -- date, goal or line
    kind text not null,
    -- Sealed under the relationship's key.
    words {bytes} not null,
    written_at bigint not null,
    approved_at bigint,
    left_out_at bigint
);
create index report_lines_of_relationship on report_lines (relationship_id, written_at);
create index report_lines_by on report_lines (by_id);
