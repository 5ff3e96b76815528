-- A return to the queue takes nothing out of a day's figures: when an agent was first given a conversation that has come back
-- since. And whether it has ever waited in the queue: a message left out of hours has not, until the campaign opens.
alter table conversations
    add column first_assigned_at timestamptz,
    add column was_queued boolean not null default true;
update conversations c set first_assigned_at = first.at
from conversations open cross join lateral (
    select min(m.at) as at from messages m where m.conversation_id = open.id and m.event = 2
) first
where c.id = open.id and open.state <> 5 and first.at < coalesce(open.assigned_at, 'infinity');
update conversations c set was_queued = false
where c.state = 4 and not exists (select from messages m where m.conversation_id = c.id and m.event in (1, 22));

-- The board and the agents' figures read today from these alone: they hold every column it takes.
drop index conversations_assigned;
create index conversations_attended on conversations (campaign_id, (coalesce(first_assigned_at, assigned_at)) desc)
    include (direction, waited_ms, ending, was_queued, first_assigned_at, assigned_at)
    where coalesce(first_assigned_at, assigned_at) is not null;
drop index conversations_finished;
create index conversations_finished on conversations (campaign_id, finished_at desc)
    include (agent_id, direction, ending, was_queued, assigned_at)
    where state = 5;
