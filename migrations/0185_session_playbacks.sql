-- “What I heard” of a session, in two lines, and whether it was right; sealed under the relationship's key.

create table session_playbacks (
    session_id {id} not null references sessions (id),
    by_id {id} not null references people (id),
    relationship_id {id} not null references relationships (id),
    at bigint not null,
    words {bytes} not null,
    -- waiting, confirmed or corrected
    state text not null,
    correction {bytes},
    answered_by_id {id} references people (id),
    answered_at bigint,
    primary key (session_id, by_id)
);
create index session_playbacks_of_relationship on session_playbacks (relationship_id, state);
create index session_playbacks_by on session_playbacks (by_id);
create index session_playbacks_answered_by on session_playbacks (answered_by_id) where answered_by_id is not null;
