-- Links that sign someone in, let them finish joining, or confirm an address: good once, for a short time.
create table links (
    id {id} primary key,
    -- sign_in, join or address
    purpose text not null,
    -- Only the hash, so that a copy of the database signs nobody in.
    token_hash {bytes} not null unique,
    -- A keyed hash of the address it went to: enough to count letters by, and no address to read.
    sent_to {bytes} not null,
    -- Null when the address has no place here; such a link is never in a letter.
    person_id {id} references people (id),
    -- What the link brings along, sealed: the name and address of someone who joins, the new address of someone who moves.
    carried {bytes} not null,
    -- Where it leads afterwards.
    goes_to text not null,
    -- Only in a demo, whose links are printed to be tried again and again.
    reusable boolean not null,
    made_at bigint not null,
    expires_at bigint not null,
    used_at bigint
);
create index links_by_address on links (sent_to, made_at);
create index links_of_person on links (person_id);
create index links_by_expiry on links (expires_at);
-- Links that an administrator hands on, for joining.
create table invitations (
    id {id} primary key,
    token_hash {bytes} not null unique,
    -- Sealed, so that the desk can show it again.
    token {bytes} not null,
    note text not null,
    made_by {id} not null references people (id),
    made_at bigint not null,
    expires_at bigint not null,
    -- How many may still join with it.
    places bigint not null,
    ended_at bigint
);
create index invitations_of_person on invitations (made_by, made_at);
-- Wrong tries, counted by what was tried and from which network together: nobody can use up someone else's tries.
create table tries (
    against {bytes} primary key,
    wrong bigint not null,
    since bigint not null
);
create index tries_by_age on tries (since);
create table passkeys (
    id {id} primary key,
    person_id {id} not null references people (id),
    credential {bytes} not null unique,
    -- The public key and its counter, as JSON.
    held text not null,
    name text not null,
    made_at bigint not null,
    used_at bigint
);
create index passkeys_of_person on passkeys (person_id, made_at);
-- The half-way state of adding a passkey or of signing in with one: five minutes, good once, never in the browser's hands.
create table ceremonies (
    id {id} primary key,
    token_hash {bytes} not null unique,
    -- Who adds a passkey; null for signing in.
    person_id {id} references people (id),
    held {bytes} not null,
    expires_at bigint not null
);
create index ceremonies_of_person on ceremonies (person_id);
create index ceremonies_by_expiry on ceremonies (expires_at);
