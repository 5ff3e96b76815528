-- Who sees which campaigns: a supervisor or administrator without a group sees all of them.
create table security_groups (
    id uuid primary key,
    name text not null
);
create unique index security_groups_name on security_groups (lower(name));

create table campaign_groups (
    campaign_id uuid not null references campaigns on delete cascade,
    group_id uuid not null references security_groups on delete cascade,
    primary key (campaign_id, group_id)
);
create index campaign_groups_group on campaign_groups (group_id);

create table user_groups (
    user_id uuid not null references users on delete cascade,
    group_id uuid not null references security_groups on delete cascade,
    primary key (user_id, group_id)
);
create index user_groups_group on user_groups (group_id);

create table user_departments (
    user_id uuid not null references users on delete cascade,
    department_id uuid not null references departments on delete cascade,
    primary key (user_id, department_id)
);
create index user_departments_department on user_departments (department_id);

-- Breaks and the ledger of agents' time
create table break_reasons (
    id uuid primary key,
    name text not null,
    icon text not null,
    active boolean not null
);
create unique index break_reasons_name on break_reasons (lower(name));

alter table agents
    add column break_reason_id uuid references break_reasons,
    add column monitored boolean not null default false,
    add column bot boolean not null default false;
alter table agents alter column monitored drop default, alter column bot drop default;

create table ledger (
    id uuid primary key,
    user_id uuid not null references users on delete cascade,
    at timestamptz not null,
    state integer not null,
    break_reason text,
    cause integer not null,
    by_user_id uuid,
    by_name text not null
);
create index ledger_user on ledger (user_id, at desc, id desc);
create index ledger_at on ledger (at);

-- Routing
create table rotations (
    campaign_id uuid primary key references campaigns on delete cascade,
    last_agent_id uuid not null
);

create table exclusive_agents (
    contact_id uuid not null references contacts on delete cascade,
    campaign_id uuid not null references campaigns on delete cascade,
    user_id uuid not null references users on delete cascade,
    primary key (contact_id, campaign_id)
);
create index exclusive_agents_user on exclusive_agents (user_id);
create index exclusive_agents_campaign on exclusive_agents (campaign_id);

alter table conversations
    add column direction integer not null default 1,
    add column bot_misses integer not null default 0;
alter table conversations alter column direction drop default, alter column bot_misses drop default;

-- What is done today by an agent in a campaign, for "fewest completed" and the board.
create index conversations_completed on conversations (campaign_id, agent_id, finished_at) where state = 5;

update campaigns set settings = '{
    "ServiceLevelTarget": 80, "AbandonmentTarget": 5, "ChatTimeYellow": 300, "ChatTimeRed": 900, "IdleAfter": 600,
    "MaximumWaiting": 0, "AbandonAfter": 120, "AllowCalls": false, "AllowExternalResources": false, "OfflineMessages": false,
    "ExclusiveWaitMinutes": 10, "Skills": [],
    "Hours": {"TimeZone": "UTC", "Intervals": [], "Holidays": []},
    "OutOfHours": {"Es": "", "En": "", "Pt": ""}, "NotAvailable": {"Es": "", "En": "", "Pt": ""},
    "Bot": {"Enabled": false, "Name": "", "Welcome": {"Es": "", "En": "", "Pt": ""}, "Fallback": {"Es": "", "En": "", "Pt": ""}, "Options": []}
}'::jsonb || settings;
