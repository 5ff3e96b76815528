-- Whose zone is only the default: the browser of their next sign-in tells it.
alter table users add column time_zone_known boolean not null default false;
update users set time_zone_known = true where time_zone <> 'UTC';
alter table users alter column time_zone_known drop default;
