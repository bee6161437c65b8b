-- Feedback: what somebody asks or is told about one piece of what they do, and what came of it.

create table feedback (
    id {id} primary key,
    -- Who receives it.
    about_id {id} not null references people (id),
    -- Who gives it; null for somebody without an account here.
    by_id {id} references people (id),
    -- Where both are; null for somebody without an account here.
    relationship_id {id} references relationships (id),
    -- goal, action, decision or session, and which; it may have been forgotten since.
    pin_kind text not null,
    pin_id {id} not null,
    -- The relationship's key, or one of its own.
    key_id {id} not null references keys (id),
    -- Sealed under the key, as everything that follows in words: what the pin is called.
    pin_words {bytes} not null,
    question {bytes},
    -- The name of somebody without an account, and their address until it is forgotten.
    giver_name {bytes},
    giver_address {bytes},
    -- The hash of the link that they answer by.
    token_hash {bytes} unique,
    -- asked, given, trying, parked, declined, done, passed, lapsed or withdrawn
    state text not null,
    made_at bigint not null,
    -- By when an answer is hoped for.
    due_at bigint,
    given_at bigint,
    -- Situation, behaviour, effect and what next, as one.
    words {bytes},
    thanked_at bigint,
    received_at bigint,
    -- What whoever received it heard, and what they say to it, as one.
    reply {bytes},
    action_item_id {id},
    outcome {bytes},
    outcome_at bigint,
    -- When time does something with it; null when nothing.
    next_at bigint,
    -- When the address is forgotten at the latest.
    forget_at bigint,
    -- Who sent the form, and its nonce: the same twice is one.
    made_by_id {id} not null references people (id),
    nonce text not null,
    unique (made_by_id, nonce)
);
create index feedback_of_receiver on feedback (about_id, id);
create index feedback_of_giver on feedback (by_id, id) where by_id is not null;
create index feedback_of_relationship on feedback (relationship_id, id) where relationship_id is not null;
create index feedback_by_clock on feedback (next_at) where next_at is not null;
create index feedback_by_forgetting on feedback (forget_at) where forget_at is not null;
create index feedback_by_action on feedback (action_item_id) where action_item_id is not null;

-- That somebody outside was written to, so that nobody is written to too often. The mark is a keyed hash of the address,
-- from which it cannot be read back.
create table feedback_letters (
    id {id} primary key,
    mark {bytes} not null,
    about_id {id} not null references people (id),
    at bigint not null
);
create index feedback_letters_by_mark on feedback_letters (mark, at);
create index feedback_letters_of_person on feedback_letters (about_id, at);
create index feedback_letters_by_age on feedback_letters (at);

-- Addresses outside that want no such letter any more, as marks.
create table feedback_refusals (
    mark {bytes} primary key,
    at bigint not null
);
