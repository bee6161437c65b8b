-- This step makes an index only.
insert into settings (name, value) values ('set up at', '1');
