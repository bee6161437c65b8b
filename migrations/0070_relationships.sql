-- What two people agreed, what comes next, what they wrote on the way, and what may be said of it afterwards.

create table relationship_terms (
    relationship_id {id} primary key references relationships (id),
    -- answer, conversation or regular
    extent text not null,
    -- Of the one conversation, or a month.
    minutes bigint not null,
    months bigint not null,
    -- What comes next, in the words of whoever learns; sealed under the relationship's key.
    next_step {bytes},
    next_step_at bigint
);

-- What they wrote to each other before and at the edges of it: the request it grew from, the closing words.
create table passages (
    id {id} primary key,
    relationship_id {id} not null references relationships (id),
    position bigint not null,
    by_id {id} not null references people (id),
    at bigint not null,
    heading text not null,
    -- Sealed under the relationship's key.
    words {bytes} not null
);
create index passages_of_relationship on passages (relationship_id, position);

-- What someone says publicly of someone who guided them: theirs to publish and theirs to take back.
create table testimonials (
    id {id} primary key,
    relationship_id {id} not null references relationships (id),
    author_id {id} not null references people (id),
    about_id {id} not null references people (id),
    words text not null,
    published_at bigint not null,
    taken_back_at bigint,
    unique (relationship_id, author_id, about_id)
);
create index testimonials_about on testimonials (about_id, taken_back_at, published_at);
create index testimonials_of_author on testimonials (author_id);
