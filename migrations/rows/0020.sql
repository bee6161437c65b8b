insert into links (id, purpose, token_hash, sent_to, person_id, carried, goes_to, reusable, made_at, expires_at)
    values ({id 0190b6f0-0000-7000-8000-000000000091}, 'sign in', {bytes 11}, {bytes 12}, {id 0190b6f0-0000-7000-8000-000000000001}, {bytes 13}, '/', false, 1, 2);
insert into invitations (id, token_hash, token, note, made_by, made_at, expires_at, places)
    values ({id 0190b6f0-0000-7000-8000-000000000092}, {bytes 21}, {bytes 22}, 'For the autumn group', {id 0190b6f0-0000-7000-8000-000000000002}, 1, 2, 20);
insert into tries (against, wrong, since) values ({bytes 31}, 3, 1);
insert into passkeys (id, person_id, credential, held, name, made_at) values ({id 0190b6f0-0000-7000-8000-000000000093}, {id 0190b6f0-0000-7000-8000-000000000001}, {bytes 41}, '{}', 'A key ring', 1);
insert into ceremonies (id, token_hash, held, expires_at) values ({id 0190b6f0-0000-7000-8000-000000000094}, {bytes 51}, {bytes 52}, 2);
