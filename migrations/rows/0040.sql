insert into own_skills (id, slug, name, field, made_at) values ({id 0190b6f0-0000-7000-8000-0000000000a1}, 'beekeeping', 'Beekeeping', 'care', 1);
insert into own_skills (id, slug, name, field, made_at, merged_into, merged_at) values ({id 0190b6f0-0000-7000-8000-0000000000a2}, 'reactjs', 'ReactJS', 'software', 1, 'react.js', 2);
