insert into blocks (person_id, blocked_id, made_at) values ({id 0190b6f0-0000-7000-8000-000000000001}, {id 0190b6f0-0000-7000-8000-000000000002}, 1);
insert into concern_contacts (person_id, named_by_id, named_at) values ({id 0190b6f0-0000-7000-8000-000000000001}, {id 0190b6f0-0000-7000-8000-000000000002}, 1);
insert into concerns (id, reporter_id, about_id, relationship_id, key_id, words, wish, stopped, state, raised_at, answer_by, acknowledged_at, handler_id, nonce)
    values ({id 0190b6f0-0000-7000-8000-0000000000f6}, {id 0190b6f0-0000-7000-8000-000000000002}, {id 0190b6f0-0000-7000-8000-000000000001}, {id 0190b6f0-0000-7000-8000-000000000061}, {id 0190b6f0-0000-7000-8000-000000000051}, {bytes a1}, 'stop', true, 'acknowledged', 1, 5, 2, {id 0190b6f0-0000-7000-8000-000000000001}, 'n1');
insert into concern_evidence (id, concern_id, position, by_id, at, source, words)
    values ({id 0190b6f0-0000-7000-8000-0000000000f7}, {id 0190b6f0-0000-7000-8000-0000000000f6}, 0, {id 0190b6f0-0000-7000-8000-000000000001}, 1, 'message', {bytes a2});
insert into concern_answers (id, concern_id, by_id, at, to_reporter, to_other)
    values ({id 0190b6f0-0000-7000-8000-0000000000f8}, {id 0190b6f0-0000-7000-8000-0000000000f6}, {id 0190b6f0-0000-7000-8000-000000000001}, 3, {bytes a3}, {bytes a4});
insert into concern_openings (concern_id, person_id, opened_at) values ({id 0190b6f0-0000-7000-8000-0000000000f6}, {id 0190b6f0-0000-7000-8000-000000000001}, 2);
