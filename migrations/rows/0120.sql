insert into agreements (id, relationship_id, version, state, begun_by, begun_at, words, hash, signed_at, review_at, cadence_days, reply_hours, session_minutes, channels, recording, sponsor_report, retention_days, review_days)
    values ({id 0190b6f0-0000-7000-8000-0000000000c1}, {id 0190b6f0-0000-7000-8000-000000000061}, 1, 'signed', {id 0190b6f0-0000-7000-8000-000000000001}, 1, {bytes c1}, 'abc', 2, 3, 14, 48, 60, 'here,mail', 'never', 'none', 90, 30);
insert into agreement_drafts (agreement_id, person_id, words, at) values ({id 0190b6f0-0000-7000-8000-0000000000c1}, {id 0190b6f0-0000-7000-8000-000000000001}, {bytes c2}, 1);
insert into agreement_points (agreement_id, element, words, by_id, changed_at) values ({id 0190b6f0-0000-7000-8000-0000000000c1}, 'focus', {bytes c3}, {id 0190b6f0-0000-7000-8000-000000000002}, 1);
insert into agreement_consents (agreement_id, element, person_id, at) values ({id 0190b6f0-0000-7000-8000-0000000000c1}, 'focus', {id 0190b6f0-0000-7000-8000-000000000001}, 1);
insert into agreement_signatures (agreement_id, person_id, role, hash, signed_at) values ({id 0190b6f0-0000-7000-8000-0000000000c1}, {id 0190b6f0-0000-7000-8000-000000000001}, 'mentor', 'abc', 2);
insert into recording_consents (relationship_id, person_id, given_at) values ({id 0190b6f0-0000-7000-8000-000000000061}, {id 0190b6f0-0000-7000-8000-000000000001}, 1);
insert into retentions (relationship_id, destroy_at) values ({id 0190b6f0-0000-7000-8000-000000000061}, 9);
insert into report_lines (id, relationship_id, by_id, kind, words, written_at) values ({id 0190b6f0-0000-7000-8000-0000000000c2}, {id 0190b6f0-0000-7000-8000-000000000061}, {id 0190b6f0-0000-7000-8000-000000000001}, 'line', {bytes c4}, 1);
