-- Letters we send, links in them that permit one deed, letters we received, and what people want to get.

create table letters (
    id {id} primary key,
    -- Null when it goes to someone who has not joined.
    person_id {id} references people (id),
    to_address text not null,
    -- What kind of letter it is, for the outbox; never what it says.
    kind text not null,
    -- Subject, words and links, sealed under the instance key; wiped once sent.
    body {bytes},
    -- The same at every try, so that a receiver who already has it can drop the double.
    message_id text not null unique,
    -- Whether its link may be shown to the administrator while no mail is configured.
    showable boolean not null default false,
    made_at bigint not null,
    -- After this it is no use to anybody, such as a sign-in link that has expired.
    good_until bigint not null,
    next_try_at bigint not null,
    claimed_until bigint,
    attempts bigint not null default 0,
    -- Tries that ended after the letter was handed over and before the answer: it may have arrived.
    doubts bigint not null default 0,
    sent_at bigint,
    given_up_at bigint,
    -- The last conversation with the mail server, without the letter itself.
    transcript text not null default ''
);
create index letters_waiting on letters (sent_at, given_up_at, next_try_at);
create index letters_of_person on letters (person_id);
create index letters_by_age on letters (made_at);

-- A single-use link in a letter, good for one deed.
create table letter_links (
    token_hash {bytes} primary key,
    person_id {id} not null references people (id),
    deed text not null,
    subject {id} not null,
    made_at bigint not null,
    expires_at bigint not null,
    used_at bigint,
    -- What came of it, sealed under the instance key.
    outcome {bytes}
);
create index letter_links_of_person on letter_links (person_id);
create index letter_links_by_age on letter_links (expires_at);

-- Letters that came in, so that the same letter twice is taken once.
create table received_letters (
    hash {bytes} primary key,
    taken_at bigint not null
);
create index received_letters_by_age on received_letters (taken_at);

-- What people do not want by mail, by kind; everything else follows the rhythm of their account.
create table mail_refusals (
    person_id {id} not null references people (id),
    kind text not null,
    refused_at bigint not null,
    primary key (person_id, kind)
);
