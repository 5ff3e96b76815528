-- From when the time for the first answer runs, and who let it pass (Q8): such a conversation goes to somebody else.
alter table conversations
    add column answer_from timestamptz,
    add column silent_agents uuid[] not null default '{}',
    add column returned_at timestamptz;
