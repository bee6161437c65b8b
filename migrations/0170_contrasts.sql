-- Contrast picks that somebody set aside for a goal, and why: for the owner of the goal alone.

create table contrasts_set_aside (
    goal_id {id} not null references goals (id),
    -- Who was suggested. Null when no contrast at all is wanted for this goal.
    person_id {id} references people (id),
    -- too_far, known, not_for_me or none_at_all
    why text not null,
    at bigint not null
);
create unique index contrasts_set_aside_once on contrasts_set_aside (goal_id, person_id);
create index contrasts_set_aside_of_person on contrasts_set_aside (person_id);
