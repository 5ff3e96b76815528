-- The past of a contact centre, :total conversations with ten messages each on average. A day brings :day of them; :open are
-- not finished, today's :day are of today whatever the hour is, and all others are as old as so many days make them.
-- Two of five conversations are a new contact's; the others are anybody's who wrote before, however long ago.

-- Eight campaigns, the first with a third of the work; each agent is a member of two of them and of the first.
insert into campaigns (id, key, name, project_id, department_id, channel, enabled, settings)
select uuidv7(), 'growth-' || n, 'Growth ' || n, project_id, department_id, channel, true, settings
from campaigns cross join generate_series(1, 7) n where key = 'bench';

create temp table staff as
select no, c.ids[1 + no % 8] as home, c.ids[1 + (no + 1) % 8] as second, u.id, u.display_name as name
from (select array_agg(id order by key) ids from campaigns) c
cross join (select row_number() over (order by length(user_name), user_name) - 1 as no, * from users) u;
insert into members (campaign_id, user_id, penalty, position)
select home, id, 0, no from staff union select second, id, 0, no from staff on conflict do nothing;
update agents set seen_at = now(), since = now();

-- The second agent's group has two campaigns: what they see as a supervisor is those, and what they see as an agent.
insert into security_groups (id, name) values (uuidv7(), 'North');
insert into campaign_groups (campaign_id, group_id) select c.id, g.id from campaigns c, security_groups g where c.key in ('growth-2', 'growth-3');
insert into user_groups (user_id, group_id) select s.id, g.id from staff s, security_groups g where s.no = 1;

-- A number in each name, so that a search finds a few.
create temp table people as
select n as no, uuidv7(at - now()) as id, at,
    f.names[1 + abs(hashint4(n)) % 20] || ' ' || l.names[1 + abs(hashint4(-n)) % 20] || ' ' || n as name
from generate_series(1, (:total - :open) * 2 / 5 + :open) n
cross join lateral (select now() - ((:total - :open) * 2 / 5 + :open - n) * interval '1 minute' as at) t
cross join (select string_to_array('Marta,João,Lucía,Pedro,Ana,Carlos,Sofía,Miguel,Elena,Diego,Clara,Bruno,Julia,Tomás,Nora,Iván,Rosa,Hugo,Alba,Raúl', ',') names) f
cross join (select string_to_array('García,Silva,López,Santos,Pérez,Costa,Ruiz,Almeida,Torres,Pinto,Vega,Ferreira,Molina,Rocha,Castro,Lima,Ortiz,Ramos,Núñez,Dias', ',') names) l;
insert into contacts (id, name, email, phone, language, first_seen_at, profile)
select id, name, 'contact-' || no || '@example.com', '+34 600 ' || lpad((no % 1000000)::text, 6, '0'), (array['es', 'en', 'pt'])[1 + no % 3], at, '{}'
from people order by no;
create index on people (no);
analyze people, staff;
insert into annotations (id, contact_id, author_id, author_name, at, text)
select uuidv7(), p.id, s.id, s.name, p.at, 'Prefers to be called in the afternoon.' from people p join staff s on s.no = p.no % 200 where p.no % 10 = 0;

-- In the order in which they ended, as time would have left them on the disk. k: which of the open ones; back: how many ended after it.
insert into conversations (id, campaign_id, contact_id, language, direction, state, ending, agent_id, queued_at, assigned_at,
    waited_ms, opened_at, answered_at, finished_at, note, seq, last_contact_seq, last_text, last_author, last_at, unread,
    contact_delivered, contact_read, staff_delivered, staff_read, bot_misses)
select uuidv7(queued - now()), c.ids[1 + campaign], p.id, (array['es', 'en', 'pt'])[1 + n % 3], 1 + (n % 20 = 0)::int,
    state, case when state = 5 then 1 + (not had)::int end, case when had then s.id end, queued, assigned,
    case when had then hash % 60 * 1000 end, assigned, assigned + interval '20 seconds', case when state = 5 then a.at end,
    case when state = 5 and n % 4 = 0 then 'Sent the tracking number and closed.' end, seq, seq - 1,
    'Thank you, that was all I needed to know.', 1, a.at, case when state in (2, 3) then n % 3 else 0 end, seq, seq, seq, seq, 0
from (
    select n, abs(hashint4(n)) as hash, greatest(n - (:total - :open), 0) as k, :total - :open - n as back, date_trunc('day', now()) as midnight
    from generate_series(1, :total) n
) n
cross join lateral (select
    floor(8 * (hash % 1000 / 1000.0::float8) ^ 2)::int as campaign, 4 + hash % 13 as seq,
    case when k = 0 then 5 when k * 10 <= :open then 1 when k * 20 <= :open * 3 then 4 when k * 4 <= :open then 3 else 2 end as state,
    case when k > 0 then now() - k * interval '1 second'
         when back < :day then midnight + (now() - midnight) * (1 - back::float / :day)
         else midnight - (back - :day) * (interval '1 day' / :day) end as at,
    case when k > 0 then (:total - :open) * 2 / 5 + k
         when n % 5 < 2 then (n - 1) / 5 * 2 + n % 5 + 1
         else 1 + abs(hashint4(-n)) % greatest(n * 2 / 5, 1) end as person) a
cross join lateral (select state in (2, 3) or (state = 5 and hash % 20 <> 0) as had, a.at - make_interval(secs => 600 + hash % 1200) as queued) b
cross join lateral (select case when had then queued + make_interval(secs => hash % 60) end as assigned) d
cross join (select array_agg(id order by key) ids from campaigns) c
join people p on p.no = a.person
join staff s on s.no = case campaign when 0 then hash % 200 else hash % 25 * 8 + campaign end
order by n;

insert into ledger (id, user_id, at, state, cause, by_name)
select uuidv7(at - now()), s.id, at, 2 + n % 4, 1, ''
from generate_series(1, :total) n cross join lateral (select now() - (:total - n) * (interval '1 day' / :day) as at) t
join staff s on s.no = n % 200;
