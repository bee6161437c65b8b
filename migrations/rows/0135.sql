insert into decisions (id, owner_id, relationship_id, audience, key_id, words, decided_at, review_on, review_at, nonce)
    values ({id 0190b6f0-0000-7000-8000-0000000000f4}, {id 0190b6f0-0000-7000-8000-000000000001}, {id 0190b6f0-0000-7000-8000-000000000061}, 'pair', {id 0190b6f0-0000-7000-8000-000000000051}, {bytes 96}, 1, '2026-12-01', 9, 'n1');
insert into decisions (id, owner_id, relationship_id, audience, key_id, words, decided_at, reviewed_at, verdict, learned, nonce)
    values ({id 0190b6f0-0000-7000-8000-0000000000f5}, {id 0190b6f0-0000-7000-8000-000000000001}, {id 0190b6f0-0000-7000-8000-000000000061}, 'me', {id 0190b6f0-0000-7000-8000-000000000051}, {bytes 97}, 1, 2, 'right', {bytes 98}, 'n2');
