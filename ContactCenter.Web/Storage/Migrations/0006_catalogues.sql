-- What is not used any more is offered to nobody; what it was used for stays. A client says how much history agents see.
alter table clients
    add column active boolean not null default true,
    add column history_count integer not null default 20 check (history_count between 0 and 200);
alter table clients alter column active drop default, alter column history_count drop default;
alter table projects add column active boolean not null default true;
alter table projects alter column active drop default;
alter table departments add column active boolean not null default true;
alter table departments alter column active drop default;
create index agents_break_reason on agents (break_reason_id) where break_reason_id is not null;
