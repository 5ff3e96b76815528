-- Ten messages for each conversation, of those with a ticket after :after up to :until.
insert into messages (conversation_id, seq, client_id, at, author, author_id, author_name, text, event)
select c.id, n, gen_random_uuid(), c.queued_at + n * interval '40 seconds', author,
    case when author in (2, 4) then c.agent_id end, case when author in (2, 4) then coalesce(s.name, '') else '' end,
    case when author = 4 then '' else t.texts[1 + abs(hashint4(c.ticket::int + n)) % 8] end, case when author = 4 then case n when 2 then 2 else 5 end end
from conversations c left join (select id, display_name as name from users) s on s.id = c.agent_id
cross join lateral generate_series(1, c.seq) n
cross join lateral (select case when n = 2 and c.agent_id is not null or n = c.seq and c.state = 5 then 4 when n % 2 = 0 then 2 else 1 end as author) a
cross join (select array[
    'Good morning, has my order from last Tuesday left the warehouse yet?',
    'It left this morning; it should be with you on *Thursday*.',
    'Could you send it to another address?',
    'Yes. Which street and number, please?',
    'Thank you, that was all I needed to know.',
    'One moment, I am looking it up for you.',
    'The box arrived open and one of the cups is broken.',
    'I am sorry. A new one leaves today, without any cost for you.'] as texts) t
where c.ticket > :after and c.ticket <= :until;
