insert into pulses (id, relationship_id, after_sessions, asked_at, open_until) values ({id 0190b6f0-0000-7000-8000-000000000251}, {id 0190b6f0-0000-7000-8000-000000000061}, 2, 1, 2);
insert into pulse_answers (pulse_id, person_id, answered_at, words) values ({id 0190b6f0-0000-7000-8000-000000000251}, {id 0190b6f0-0000-7000-8000-000000000001}, 1, {bytes 00ff});
insert into pulse_quarters (begins_on, counted_at, people) values ('2026-07-01', 3, null);
