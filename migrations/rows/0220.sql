insert into attainments (goal_id, owner_id, key_id, relationship_id, form, version, pace_days, asks_at, made_at)
    values ({id 0190b6f0-0000-7000-8000-0000000000e1}, {id 0190b6f0-0000-7000-8000-000000000002}, {id 0190b6f0-0000-7000-8000-000000000051}, {id 0190b6f0-0000-7000-8000-000000000061}, 'scales', 1, 14, 9, 1);
insert into goal_scales (id, goal_id, version, position, weight, baseline, words, made_at)
    values ({id 0190b6f0-0000-7000-8000-000000000f01}, {id 0190b6f0-0000-7000-8000-0000000000e1}, 1, 0, 2, -2, {bytes a1}, 1);
insert into goal_ratings (id, goal_id, relationship_id, key_id, by_id, at, note, answered_by_id, answered_at, answer_note, agreed, agreed_at)
    values ({id 0190b6f0-0000-7000-8000-000000000f02}, {id 0190b6f0-0000-7000-8000-0000000000e1}, {id 0190b6f0-0000-7000-8000-000000000061}, {id 0190b6f0-0000-7000-8000-000000000051}, {id 0190b6f0-0000-7000-8000-000000000002}, 2, {bytes a2}, {id 0190b6f0-0000-7000-8000-000000000001}, 3, {bytes a3}, 'answered', 4);
insert into goal_rating_levels (rating_id, scale_id, proposed, answered) values ({id 0190b6f0-0000-7000-8000-000000000f02}, {id 0190b6f0-0000-7000-8000-000000000f01}, 1, 0);
insert into goal_confidences (id, goal_id, at, level, note) values ({id 0190b6f0-0000-7000-8000-000000000f03}, {id 0190b6f0-0000-7000-8000-0000000000e1}, 5, 7, {bytes a4});
insert into goal_results (id, goal_id, version, position, words, made_at) values ({id 0190b6f0-0000-7000-8000-000000000f04}, {id 0190b6f0-0000-7000-8000-0000000000e1}, 1, 0, {bytes a5}, 1);
insert into goal_progress (id, goal_id, version, at, words) values ({id 0190b6f0-0000-7000-8000-000000000f05}, {id 0190b6f0-0000-7000-8000-0000000000e1}, 1, 6, {bytes a6});
