insert into win_walls (person_id, key_id, quiet_since) values ({id 0190b6f0-0000-7000-8000-000000000002}, {id 0190b6f0-0000-7000-8000-000000000051}, null);
insert into wins (id, owner_id, source, source_id, from_id, words, won_at, relationship_id, asked_id, note_key_id, note, note_at, shared_with_id, nonce)
    values ({id 0190b6f0-0000-7000-8000-000000000271}, {id 0190b6f0-0000-7000-8000-000000000002}, 'milestone', {id 0190b6f0-0000-7000-8000-000000000262}, {id 0190b6f0-0000-7000-8000-000000000261}, {bytes c1}, 2, {id 0190b6f0-0000-7000-8000-000000000061}, {id 0190b6f0-0000-7000-8000-000000000001}, {id 0190b6f0-0000-7000-8000-000000000051}, {bytes c2}, 3, {id 0190b6f0-0000-7000-8000-000000000061}, 'w1');
insert into wins (id, owner_id, source, source_id, won_at, taken_down_at, nonce)
    values ({id 0190b6f0-0000-7000-8000-000000000272}, {id 0190b6f0-0000-7000-8000-000000000001}, 'own', {id 0190b6f0-0000-7000-8000-000000000272}, 2, 4, 'w2');
