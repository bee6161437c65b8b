-- How it goes between people who work together, asked of each of them in private.

create table pulses (
    id {id} primary key,
    relationship_id {id} not null references relationships (id),
    -- The session that was held just before, by its number: 2, 6, 10 and so on.
    after_sessions bigint not null,
    asked_at bigint not null,
    -- Until then it can be answered.
    open_until bigint not null,
    unique (relationship_id, after_sessions)
);

create table pulse_answers (
    pulse_id {id} not null references pulses (id),
    person_id {id} not null references people (id),
    answered_at bigint not null,
    -- Four levels, and one thing to change, sealed under the key of the relationship as one.
    words {bytes} not null,
    primary key (pulse_id, person_id)
);
create index pulse_answers_of_person on pulse_answers (person_id, answered_at);
create index pulse_answers_by_time on pulse_answers (answered_at);

-- What all answers of a quarter came to, worked out once when it is over. Below seven people only that there were too few.
create table pulse_quarters (
    -- The first day of the quarter, YYYY-MM-DD.
    begins_on text primary key,
    counted_at bigint not null,
    people bigint,
    -- Sums of the levels, 1 to 5, over these people.
    goal bigint,
    task bigint,
    bond bigint,
    voice bigint
);
