-- Reviews: how several people who are not named see somebody. See docs/decisions/reviews.md.

create table reviews (
    id {id} primary key,
    person_id {id} not null references people (id),
    -- A key of its own, so that one can be deleted for good.
    key_id {id} not null references keys (id),
    -- What is asked, and how its owner sees it, sealed as one.
    words {bytes} not null,
    made_at bigint not null,
    -- Chosen at the start and never moved.
    closes_at bigint not null,
    closed_at bigint,
    -- What may be shown, sealed; null while it is open, and for good where too few answered.
    results {bytes},
    -- Since when its owner lets it count beside their own view.
    released_at bigint,
    nonce text not null,
    unique (person_id, nonce)
);
create index reviews_of_person on reviews (person_id, id);
create index reviews_by_close on reviews (closes_at) where closed_at is null;

-- While it is open: who may still answer, and what was answered, as two sealed values of a size that says nothing. Both are
-- written anew whenever anybody uses their link, whatever they did; the answers lie in an order of their own. There is no
-- row for a rater, none for an answer, and no time of either. Deleted, with its key, on the day it closes.
create table review_boxes (
    review_id {id} primary key references reviews (id),
    key_id {id} not null references keys (id),
    invited {bytes} not null,
    answers {bytes} not null
);

-- That somebody began one, so that nobody is asked about them too often; outlives the review itself.
create table review_starts (
    id {id} primary key,
    person_id {id} not null references people (id),
    at bigint not null
);
create index review_starts_of_person on review_starts (person_id, at);
create index review_starts_by_age on review_starts (at);
