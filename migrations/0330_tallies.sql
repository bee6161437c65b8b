-- What a quarter of the year came to, over everybody who lets a goal be counted: how far goals have come, and how many
-- were begun, reached or let go. Never a person.

-- Since when its owner lets a goal be counted; null: it is counted nowhere.
alter table attainments add column counted_at bigint;
create index attainments_counted on attainments (owner_id) where counted_at is not null;

-- Worked out once when a quarter is over, and never again. Nothing finer lies here than is shown: no number that stands for
-- fewer than seven people, none that could be worked out from the others, and points in whole numbers.
create table tallies (
    -- The first day of the quarter, YYYY-MM-DD.
    begins_on text primary key,
    counted_at bigint not null,
    people bigint,
    -- How many of them are clearly further than where they began, about there, and clearly less far.
    further bigint,
    alike bigint,
    less bigint,
    -- Points of T on average, and what that might well be.
    mean bigint,
    mean_from bigint,
    mean_to bigint,
    -- Below these lie a quarter, a half and three quarters of the people.
    lower bigint,
    middle bigint,
    upper bigint,
    -- Goals.
    begun bigint,
    reached bigint,
    let_go bigint
);

-- The last rating of a goal that was agreed: within its pair, so that a pair of many goals costs no more than one of few.
create index goal_ratings_agreed on goal_ratings (goal_id, relationship_id, agreed_at);
