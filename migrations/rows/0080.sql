insert into asks (id, asker_id, asked_id, help, extent, minutes, months, goal_mark, key_id, goal, why_you, so_far, the_ask, will_bring, state, turn,
                  sent_at, turn_began_at, answer_by, remind_at, end_by, asked_back_times, nonce)
    values ({id 0190b6f0-0000-7000-8000-0000000000c1}, {id 0190b6f0-0000-7000-8000-000000000002}, {id 0190b6f0-0000-7000-8000-000000000001}, 'mentor', 'months', 60, 6, {bytes 71}, {id 0190b6f0-0000-7000-8000-000000000051},
            {bytes 72}, {bytes 73}, {bytes 74}, {bytes 75}, {bytes 76}, 'waiting', 'asked', 1, 1, 2, 2, 3, 0, 'n1');
insert into ask_nexts (ask_id, person_id, position) values ({id 0190b6f0-0000-7000-8000-0000000000c1}, {id 0190b6f0-0000-7000-8000-000000000001}, 0);
insert into ask_lines (id, ask_id, by_id, at, kind, words) values ({id 0190b6f0-0000-7000-8000-0000000000c2}, {id 0190b6f0-0000-7000-8000-0000000000c1}, {id 0190b6f0-0000-7000-8000-000000000001}, 1, 'question', {bytes 77});
