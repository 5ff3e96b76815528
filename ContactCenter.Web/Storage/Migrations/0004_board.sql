-- The board reads today's figures from these two alone: they hold every column it takes.
drop index conversations_assigned;
create index conversations_assigned on conversations (campaign_id, assigned_at desc) include (direction, waited_ms)
    where assigned_at is not null;
drop index conversations_finished;
create index conversations_finished on conversations (campaign_id, finished_at desc) include (agent_id, direction, ending, assigned_at)
    where state = 5;
