insert into calendar_feeds (person_id, token_hash, made_at) values ({id 0190b6f0-0000-7000-8000-000000000001}, {bytes 61}, 0);
insert into outside_calendars (id, person_id, address, busy, trouble, failures, made_at, next_at) values ({id 0190b6f0-0000-7000-8000-000000001451}, {id 0190b6f0-0000-7000-8000-000000000001}, {bytes 61}, {bytes 62}, '', 0, 0, 1);
insert into calendar_events (id, sequence) values ({id 0190b6f0-0000-7000-8000-000000001401}, 1);
insert into calendar_answers (session_id, person_id, starts_at, answer, words, answered_at) values ({id 0190b6f0-0000-7000-8000-000000001402}, {id 0190b6f0-0000-7000-8000-000000000001}, 1, 'accepted', {bytes 61}, 0);
