insert into action_items (id, owner_id, relationship_id, key_id, words, plan_if, plan_then, goal_id, state, intensity, due_on, zone, due_at, carried, taken_on_at, next, next_at, nonce)
    values ({id 0190b6f0-0000-7000-8000-0000000000f1}, {id 0190b6f0-0000-7000-8000-000000000001}, {id 0190b6f0-0000-7000-8000-000000000061}, {id 0190b6f0-0000-7000-8000-000000000051}, {bytes 91}, {bytes 92}, {bytes 93}, {id 0190b6f0-0000-7000-8000-0000000000e1}, 'taken_on', 'partner', '2026-11-27', 'Europe/Lisbon', 5, 1, 1, 'check_in', 6, 'n1');
insert into action_items (id, owner_id, key_id, words, state, intensity, due_on, zone, due_at, carried, taken_on_at, ended_at, nonce)
    values ({id 0190b6f0-0000-7000-8000-0000000000f2}, {id 0190b6f0-0000-7000-8000-000000000001}, {id 0190b6f0-0000-7000-8000-000000000051}, {bytes 94}, 'dropped', 'silent', '2026-11-27', 'UTC', 5, 0, 1, 2, 'n2');
insert into check_ins (id, action_item_id, at, answer, words, shown)
    values ({id 0190b6f0-0000-7000-8000-0000000000f3}, {id 0190b6f0-0000-7000-8000-0000000000f1}, 4, 'moved', {bytes 95}, true);
