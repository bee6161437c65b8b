-- What people who work together write to each other. Everything they write is sealed under their relationship's key.

-- One row a conversation: where it stands, so that nothing is ever counted.
create table conversations (
    relationship_id {id} primary key references relationships (id),
    -- The number of the newest message. Messages of a conversation are numbered from one.
    newest bigint not null,
    newest_by_id {id} not null references people (id),
    newest_at bigint not null,
    -- When whoever has not answered is reminded, once; null when nothing is waited for or it was said.
    remind_at bigint
);
create index conversations_by_reminder on conversations (remind_at) where remind_at is not null;

create table messages (
    id {id} primary key,
    relationship_id {id} not null references relationships (id),
    number bigint not null,
    by_id {id} not null references people (id),
    at bigint not null,
    -- Sealed; null once taken back.
    words {bytes},
    edited_at bigint,
    taken_back_at bigint,
    unique (relationship_id, number)
);

-- How far each of them has read.
create table message_positions (
    relationship_id {id} not null references relationships (id),
    person_id {id} not null references people (id),
    -- The number of the newest message that this person has seen.
    seen bigint not null,
    -- The number of the message with which the last notice to them begins.
    told_from bigint not null,
    primary key (relationship_id, person_id)
);
create index message_positions_of_person on message_positions (person_id);
