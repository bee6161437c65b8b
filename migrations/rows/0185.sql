insert into session_playbacks (session_id, by_id, relationship_id, at, words, state, correction, answered_by_id, answered_at)
    values ({id 0190b6f0-0000-7000-8000-000000001402}, {id 0190b6f0-0000-7000-8000-000000000001}, {id 0190b6f0-0000-7000-8000-000000000061}, 1, {bytes 63}, 'waiting', null, null, null);
