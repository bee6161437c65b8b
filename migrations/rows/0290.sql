insert into reviews (id, person_id, key_id, words, made_at, closes_at, nonce) values ({id 0190b6f0-0000-7000-8000-000000000291}, {id 0190b6f0-0000-7000-8000-000000000001}, {id 0190b6f0-0000-7000-8000-000000000051}, {bytes b1}, 1, 9, 'n1');
insert into review_boxes (review_id, key_id, invited, answers) values ({id 0190b6f0-0000-7000-8000-000000000291}, {id 0190b6f0-0000-7000-8000-000000000051}, {bytes b2}, {bytes b3});
insert into review_starts (id, person_id, at) values ({id 0190b6f0-0000-7000-8000-000000000292}, {id 0190b6f0-0000-7000-8000-000000000001}, 1);
