insert into goals (id, person_id, state, version, step, key_id, made_at, changed_at)
    values ({id 0190b6f0-0000-7000-8000-0000000000e1}, {id 0190b6f0-0000-7000-8000-000000000002}, 'drafted', 1, 'outcome', {id 0190b6f0-0000-7000-8000-000000000051}, 1, 1);
insert into goal_versions (goal_id, version, at, changed, outcome, why_now, success, help) values ({id 0190b6f0-0000-7000-8000-0000000000e1}, 1, 1, '', {bytes 81}, {bytes 82}, {bytes 83}, 'mentor');
insert into goal_skills (goal_id, version, skill, present, target, position) values ({id 0190b6f0-0000-7000-8000-0000000000e1}, 1, 'react.js', 1, 4, 0);
