insert into questions (id, asker_id, asked_id, key_id, words, state, may_pass, sent_at, days, answer_by, remind_at, passes, nonce)
    values ({id 0190b6f0-0000-7000-8000-0000000000d1}, {id 0190b6f0-0000-7000-8000-000000000002}, {id 0190b6f0-0000-7000-8000-000000000001}, {id 0190b6f0-0000-7000-8000-000000000051}, {bytes 78}, 'waiting', true, 1, 2, 3, 2, 0, 'n2');
