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

-- Files that went with a message, drawn anew or as they came, and sealed like the words.
create table message_files (
    id {id} primary key,
    relationship_id {id} not null references relationships (id),
    message_id {id} not null references messages (id),
    position bigint not null,
    -- picture, pdf, text, docx, xlsx, pptx, odt, ods or odp: what the bytes are
    kind text not null,
    size bigint not null,
    -- Of a picture, in pixels; else nought.
    width bigint not null,
    height bigint not null,
    bytes {bytes} not null,
    unique (message_id, position)
);
create index message_files_of_relationship on message_files (relationship_id, size);

-- “What I heard”, in two lines on what somebody else wrote, and whether it was right.
create table playbacks (
    id {id} primary key,
    relationship_id {id} not null references relationships (id),
    message_id {id} not null references messages (id),
    by_id {id} not null references people (id),
    at bigint not null,
    words {bytes} not null,
    -- waiting, confirmed or corrected
    state text not null,
    answered_at bigint,
    correction {bytes},
    unique (message_id, by_id)
);
create index playbacks_of_relationship on playbacks (relationship_id, state);

-- The key of what somebody keeps for themselves.
create table notebooks (
    person_id {id} primary key references people (id),
    key_id {id} not null references keys (id)
);

-- Questions kept for the next session: their owner's alone until they are shared.
create table notebook_questions (
    id {id} primary key,
    person_id {id} not null references people (id),
    relationship_id {id} not null references relationships (id),
    -- Sealed under the owner's own key; once shared, under the relationship's.
    words {bytes} not null,
    kept_at bigint not null,
    shared_at bigint,
    -- When its owner said that the answer helped.
    helped_at bigint
);
create index notebook_questions_of_person on notebook_questions (person_id, relationship_id, id);
