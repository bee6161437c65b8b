-- What matters most to somebody, for themselves alone: how near two people come counts when both let it, and a value that
-- both hold is named when both let it.

create table value_cards (
    person_id {id} primary key references people (id),
    -- Names of values, one a line.
    chosen text not null,
    counts boolean not null,
    named boolean not null
);
