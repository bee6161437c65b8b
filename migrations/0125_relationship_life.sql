-- The life of a relationship between its beginning and its end.

alter table relationships add column cadence_days bigint not null default 28;
alter table relationships add column last_contact_at bigint;
-- When silence will have lasted twice the cadence, and since when the two are asked about it.
alter table relationships add column drift_at bigint;
alter table relationships add column drift_asked_at bigint;
-- Their first conversation.
alter table relationships add column met_at bigint;
alter table relationships add column paused_until bigint;
-- When the winding up is over.
alter table relationships add column closes_at bigint;
-- The state to which it thaws.
alter table relationships add column frozen_from text;
update relationships set last_contact_at = changed_at;
create index relationships_drifting on relationships (drift_at) where drift_at is not null;
create index relationships_paused on relationships (paused_until) where paused_until is not null;
create index relationships_closing on relationships (closes_at) where closes_at is not null;

-- When someone answered the question about a long silence; that they did is all that is kept.
alter table parties add column drift_answered_at bigint;

-- Whether each of them wants to go on after the first conversation, and what they can give.
create table fit_votes (
    relationship_id {id} not null references relationships (id),
    person_id {id} not null references people (id),
    -- yes, not_sure or no
    fit text not null,
    minutes_a_month bigint not null,
    at bigint not null,
    primary key (relationship_id, person_id)
);
create index fit_votes_of_person on fit_votes (person_id);

-- What somebody wrote for themselves about a decision, under a key of its own: nobody else reads it unless it is shared.
create table private_reasons (
    relationship_id {id} not null references relationships (id),
    person_id {id} not null references people (id),
    -- fit or dissolve
    about text not null,
    key_id {id} not null references keys (id),
    words {bytes} not null,
    at bigint not null,
    shared_at bigint,
    primary key (relationship_id, person_id, about)
);
create index private_reasons_of_person on private_reasons (person_id);

-- Answers to the closing questions, sealed under the relationship's key.
create table closings (
    relationship_id {id} not null references relationships (id),
    person_id {id} not null references people (id),
    changed {bytes} not null,
    takes {bytes} not null,
    hands_over {bytes} not null,
    at bigint not null,
    primary key (relationship_id, person_id)
);
create index closings_of_person on closings (person_id);

-- Who pays or stands behind it and sees only what the agreement lets them; never one of the parties.
create table sponsors (
    relationship_id {id} primary key references relationships (id),
    person_id {id} not null references people (id),
    invited_by {id} not null references people (id),
    invited_at bigint not null
);
create index sponsors_of_person on sponsors (person_id);
create index sponsors_invited_by on sponsors (invited_by);

-- Changes of kind: proposed by one, agreed by the others. What was before stays where it is.
create table kind_changes (
    id {id} primary key,
    relationship_id {id} not null references relationships (id),
    from_kind text not null,
    to_kind text not null,
    by_id {id} not null references people (id),
    -- Who gives their time afterwards; null where all do.
    guide_id {id} references people (id),
    proposed_at bigint not null,
    agreed_at bigint,
    declined_at bigint
);
create index kind_changes_of_relationship on kind_changes (relationship_id, proposed_at);
create index kind_changes_by on kind_changes (by_id);
create index kind_changes_guide on kind_changes (guide_id) where guide_id is not null;
