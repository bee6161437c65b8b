-- What people write for themselves after something happened, and what of it they let a partner read.

-- The key of what somebody writes for themselves.
create table journals (
    person_id {id} primary key references people (id),
    key_id {id} not null references keys (id)
);

create table reflections (
    id {id} primary key,
    person_id {id} not null references people (id),
    -- free, or the questions that guided it: cycle, rule, three_steps or surprise
    model text not null,
    -- The answers to the questions, in their order, sealed under the writer's own key as one.
    words {bytes} not null,
    written_at bigint not null,
    changed_at bigint,
    -- When it comes back next and asks “still true?”; null when it does not any more.
    return_at bigint,
    -- Since when it is back and waits for an answer.
    back_at bigint,
    nonce text not null,
    unique (person_id, nonce)
);
create index reflections_of_person on reflections (person_id, id);
create index reflections_by_return on reflections (return_at) where return_at is not null;
create index reflections_that_are_back on reflections (person_id, back_at) where back_at is not null;

-- What their writer said when they came back.
create table reflection_answers (
    id {id} primary key,
    reflection_id {id} not null references reflections (id),
    at bigint not null,
    -- still, changed or no_longer
    verdict text not null,
    -- What changed, sealed under the writer's own key.
    words {bytes}
);
create index reflection_answers_of_reflection on reflection_answers (reflection_id, id);

-- The lines of a reflection that its writer lets those in a relationship read: a copy of each, sealed under their key.
create table shared_lines (
    reflection_id {id} not null references reflections (id),
    relationship_id {id} not null references relationships (id),
    -- Which line of the reflection, counted from nought.
    number bigint not null,
    person_id {id} not null references people (id),
    words {bytes} not null,
    shared_at bigint not null,
    primary key (reflection_id, relationship_id, number)
);
create index shared_lines_of_relationship on shared_lines (relationship_id, shared_at);
create index shared_lines_of_person on shared_lines (person_id);
