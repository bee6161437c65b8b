-- The experience board: what people offer others to try for real, and who has a place in it.

create table experience_offers (
    id {id} primary key,
    offerer_id {id} not null references people (id),
    -- In the name of the place; the offerer looks after it.
    for_place boolean not null,
    -- read, practise, project, shadow, talk, review or teach
    kind text not null,
    -- What every member reads; empty since its offerer was forgotten.
    title text not null,
    words text not null,
    -- When, and how long it takes, in words.
    takes text not null,
    -- ISO 3166-1; empty where it can be done from anywhere.
    country text not null,
    town text not null,
    places bigint not null,
    -- Places that were given and not given back: raised in the statement that compares it with them.
    taken bigint not null,
    -- Until which day it stands, YYYY-MM-DD, on its offerer's clock; closes_at is the end of that day.
    until_on text not null,
    closes_at bigint not null,
    offered_at bigint not null,
    ended_at bigint,
    nonce text not null,
    unique (offerer_id, nonce)
);
create index experience_offers_open on experience_offers (id) where ended_at is null;
create index experience_offers_of_offerer on experience_offers (offerer_id, id);

create table experience_skills (
    offer_id {id} not null references experience_offers (id),
    skill text not null,
    position bigint not null,
    primary key (offer_id, skill)
);
create index experience_skills_by_skill on experience_skills (skill, offer_id);

create table experience_seats (
    id {id} primary key,
    offer_id {id} not null references experience_offers (id),
    learner_id {id} not null references people (id),
    -- A key of its own: all words below are sealed under it.
    key_id {id} not null references keys (id),
    why {bytes} not null,
    -- asked, given, declined, withdrawn, taken_back, lapsed or done
    state text not null,
    asked_at bigint not null,
    remind_at bigint not null,
    reminded_at bigint,
    answer_by bigint not null,
    answered_at bigint,
    -- What the offerer wrote with the answer.
    answer {bytes},
    -- The activity of a plan that it became; it may have been taken out since.
    item_id {id},
    -- What came of it, and since when the offerer may read that.
    note {bytes},
    shared_at bigint,
    ended_at bigint,
    nonce text not null,
    unique (learner_id, nonce)
);
create unique index experience_seats_live on experience_seats (offer_id, learner_id) where state in ('asked', 'given');
create index experience_seats_of_learner on experience_seats (learner_id, id);
create index experience_seats_of_offer on experience_seats (offer_id, id);
create index experience_seats_of_item on experience_seats (item_id) where item_id is not null;
create index experience_seats_by_clock on experience_seats (answer_by) where state = 'asked';
create index experience_seats_to_remind on experience_seats (remind_at) where state = 'asked' and reminded_at is null;
