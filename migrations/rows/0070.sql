insert into relationship_terms (relationship_id, extent, minutes, months, next_step, next_step_at) values ({id 0190b6f0-0000-7000-8000-000000000061}, 'months', 60, 6, {bytes 61}, 1);
insert into passages (id, relationship_id, position, by_id, at, heading, words)
    values ({id 0190b6f0-0000-7000-8000-0000000000b1}, {id 0190b6f0-0000-7000-8000-000000000061}, 0, {id 0190b6f0-0000-7000-8000-000000000001}, 1, 'The goal', {bytes 62});
insert into testimonials (id, relationship_id, author_id, about_id, words, published_at)
    values ({id 0190b6f0-0000-7000-8000-0000000000b2}, {id 0190b6f0-0000-7000-8000-000000000061}, {id 0190b6f0-0000-7000-8000-000000000002}, {id 0190b6f0-0000-7000-8000-000000000001}, 'She listens.', 1);
