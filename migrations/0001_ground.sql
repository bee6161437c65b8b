-- What everything stands on: the place, the people, how they sign in, the log, and the keys of what they write.

create table settings (
    name text primary key,
    value text not null
);

create table people (
    id {id} primary key,
    name text not null,
    -- The name without case and accents, for search and sorting.
    folded text not null,
    office text not null default 'member',
    joined_at bigint not null,
    closed_at bigint,
    forgotten_at bigint
);
create index people_by_name on people (folded, id);

-- How someone signs in and is reached. Someone who takes part by letters alone has one too.
create table accounts (
    person_id {id} primary key references people (id),
    email text,
    email_folded text unique,
    verified_at bigint,
    password_hash text,
    -- at_once, daily or never
    mail_rhythm text not null default 'at_once',
    digest_due_at bigint
);

create table logins (
    id {id} primary key,
    person_id {id} not null references people (id),
    token_hash {bytes} not null unique,
    device text not null,
    made_at bigint not null,
    seen_at bigint not null,
    idle_at bigint not null,
    expires_at bigint not null,
    ended_at bigint
);
create index logins_of_person on logins (person_id, ended_at);

-- What someone shows. Every person has one row, however empty.
create table profiles (
    person_id {id} primary key references people (id),
    pronouns text not null default '',
    headline text not null default '',
    story text not null default '',
    country text not null default '',
    zone text not null default 'UTC',
    photo text,
    -- Sliders from 0 (the first word) to 100 (the second); null when they did not say.
    directive_facilitative bigint,
    support_challenge bigint,
    structured_emergent bigint,
    -- Words separated by line ends.
    methods text not null default '',
    how_i_work text not null default '',
    supervision text not null default '',
    -- Null: no fee. Otherwise what it is, in their words, such as “60 EUR a session, first one free”.
    fee text,
    minutes_a_week bigint not null default 0,
    -- How many people they can guide at once.
    capacity bigint not null default 0,
    not_now_until bigint,
    public_slug text unique,
    public_indexed boolean not null default false,
    changed_at bigint not null
);

create table profile_roles (
    person_id {id} not null references people (id),
    -- mentor, coach, peer or question
    role text not null,
    primary key (person_id, role)
);
create table profile_languages (
    person_id {id} not null references people (id),
    language text not null,
    position bigint not null,
    primary key (person_id, language)
);
create table profile_skills (
    person_id {id} not null references people (id),
    -- offered or wanted
    side text not null,
    skill text not null,
    -- 1 to 5
    level bigint not null,
    position bigint not null,
    primary key (person_id, side, skill)
);
create index profile_skills_by_skill on profile_skills (skill, side);

-- “Moved from teaching into data.”
create table experiences (
    id {id} primary key,
    person_id {id} not null references people (id),
    position bigint not null,
    moved_from text not null,
    moved_into text not null,
    year bigint,
    words text not null
);
create index experiences_of_person on experiences (person_id, position);

create table credentials (
    id {id} primary key,
    person_id {id} not null references people (id),
    position bigint not null,
    title text not null,
    issuer text not null,
    link text,
    -- Days as text, YYYY-MM-DD.
    issued_on text,
    expires_on text
);
create index credentials_of_person on credentials (person_id, position);

-- Weekly hours by the clock on their wall.
create table hours (
    person_id {id} not null references people (id),
    -- 1 is Monday
    weekday bigint not null,
    from_minute bigint not null,
    to_minute bigint not null,
    primary key (person_id, weekday, from_minute)
);

-- One append-only log: audit trail, live pages, followers.
create table happenings (
    position {serial},
    at bigint not null,
    kind text not null,
    subject {id} not null,
    by_person {id} references people (id),
    people text not null
);

-- One thing to tell one person. The words are found when it is read or mailed.
create table notices (
    id {id} primary key,
    person_id {id} not null references people (id),
    kind text not null,
    subject {id} not null,
    made_at bigint not null,
    read_at bigint,
    -- Null until it went into a letter, or was found to need none.
    lettered_at bigint
);
create index notices_of_person on notices (person_id, made_at);
create index notices_unread on notices (person_id, read_at);
create index notices_to_letter on notices (lettered_at, made_at);

-- The key of a conversation, wrapped by the instance key; null once destroyed.
create table keys (
    id {id} primary key,
    wrapped {bytes},
    made_at bigint not null,
    destroyed_at bigint
);

-- Two or more people who work together. What is between them is sealed under the key.
create table relationships (
    id {id} primary key,
    -- mentoring, coaching, peer, circle or flash
    kind text not null,
    state text not null,
    key_id {id} not null references keys (id),
    -- The ask or the question it grew from.
    grown_from {id},
    began_at bigint not null,
    ended_at bigint,
    changed_at bigint not null
);
create table parties (
    relationship_id {id} not null references relationships (id),
    person_id {id} not null references people (id),
    -- mentor, mentee, coach, client, peer
    role text not null,
    -- Whether this party gives their time as mentor, coach or peer: it fills one of their places.
    guides boolean not null,
    -- Set when the relationship ends, so that counting full places is one look at an index.
    freed_at bigint,
    primary key (relationship_id, person_id)
);
create index parties_of_person on parties (person_id, guides, freed_at);

-- How long people took to answer what was asked of them, for the usual time they show.
create table reply_times (
    id {id} primary key,
    person_id {id} not null references people (id),
    asked_at bigint not null,
    -- Null when it lapsed unanswered.
    answered_at bigint
);
create index reply_times_of_person on reply_times (person_id, asked_at);
