-- How far a goal has come: described levels or key results, ratings that two agree, and how sure its owner is of it.

create table attainments (
    -- The goal; it may have been forgotten since.
    goal_id {id} primary key,
    owner_id {id} not null references people (id),
    -- What describes it is sealed under a key of its own, whoever reads it.
    key_id {id} not null references keys (id),
    -- The pair it is shared with, and nobody else ever; null: its owner's alone.
    relationship_id {id} references relationships (id),
    -- scales or results; null while there are neither
    form text,
    -- Which laying down of scales or results counts; 0 before the first.
    version bigint not null,
    -- Days from one rating to the next; null: nobody is asked.
    pace_days bigint,
    asks_at bigint,
    -- Since when a rating is asked for; null once it was given.
    asked_at bigint,
    made_at bigint not null,
    -- When the goal was reached or let go.
    ended_at bigint
);
create index attainments_of_owner on attainments (owner_id);
create index attainments_of_relationship on attainments (relationship_id);
create index attainments_by_clock on attainments (asks_at);

create table goal_scales (
    id {id} primary key,
    goal_id {id} not null references attainments (goal_id),
    version bigint not null,
    position bigint not null,
    weight bigint not null,
    -- The level at the beginning, -2 to 2.
    baseline bigint not null,
    -- What it is about and its five levels, sealed as one.
    words {bytes} not null,
    made_at bigint not null
);
create index goal_scales_of_goal on goal_scales (goal_id, version);

create table goal_ratings (
    id {id} primary key,
    goal_id {id} not null references attainments (goal_id),
    -- Where it was made; null: by the owner alone.
    relationship_id {id} references relationships (id),
    -- The session it was made at, if at one.
    session_id {id},
    -- What the two write beside it is sealed under the key of the relationship, else under that of the attainment.
    key_id {id} not null references keys (id),
    by_id {id} not null references people (id),
    at bigint not null,
    note {bytes},
    answered_by_id {id} references people (id),
    answered_at bigint,
    answer_note {bytes},
    -- proposed or answered: whose levels both agree with; null while they do not.
    agreed text,
    agreed_at bigint
);
create index goal_ratings_of_goal on goal_ratings (goal_id, at);
create index goal_ratings_of_relationship on goal_ratings (relationship_id, agreed_at);
create index goal_ratings_by on goal_ratings (by_id);
create index goal_ratings_answered_by on goal_ratings (answered_by_id);

create table goal_rating_levels (
    rating_id {id} not null references goal_ratings (id),
    scale_id {id} not null references goal_scales (id),
    -- -2 to 2, as each of the two says it
    proposed bigint not null,
    answered bigint,
    primary key (rating_id, scale_id)
);
create index goal_rating_levels_of_scale on goal_rating_levels (scale_id);

-- How sure its owner is to get there, 0 to 10.
create table goal_confidences (
    id {id} primary key,
    goal_id {id} not null references attainments (goal_id),
    -- With whom it was shared when it was said.
    relationship_id {id} references relationships (id),
    at bigint not null,
    level bigint not null,
    note {bytes}
);
create index goal_confidences_of_goal on goal_confidences (goal_id, at);

create table goal_results (
    id {id} primary key,
    goal_id {id} not null references attainments (goal_id),
    version bigint not null,
    position bigint not null,
    -- What is counted, from where to where, sealed as one.
    words {bytes} not null,
    made_at bigint not null
);
create index goal_results_of_goal on goal_results (goal_id, version);

-- Where the key results stand, all of them at once.
create table goal_progress (
    id {id} primary key,
    goal_id {id} not null references attainments (goal_id),
    version bigint not null,
    relationship_id {id} references relationships (id),
    at bigint not null,
    -- The numbers in the order of the results, and a note, sealed as one.
    words {bytes} not null
);
create index goal_progress_of_goal on goal_progress (goal_id, at);
