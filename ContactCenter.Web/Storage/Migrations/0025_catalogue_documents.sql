-- alone
-- Clients, projects, departments and break reasons become documents (Storage/Documents.cs): their fields as JSON, and beside
-- them what statements look for. By their former names they are views, for statements that read them.
create schema docs;

create table docs.mt_doc_client (
    id uuid not null,
    data jsonb not null,
    mt_version bigint not null default 0,
    name text not null,
    active boolean not null,
    constraint pkey_mt_doc_client_id primary key (id)
);
insert into docs.mt_doc_client (id, data, mt_version, name, active)
select id, jsonb_build_object('Id', id, 'Name', name, 'Active', active, 'HistoryCount', history_count,
    'ServiceLevelTarget', service_level_target, 'ServiceLevelSeconds', service_level_seconds), 1, name, active
from clients;

create table docs.mt_doc_project (
    id uuid not null,
    data jsonb not null,
    mt_version bigint not null default 0,
    name text not null,
    active boolean not null,
    client_id uuid,
    constraint pkey_mt_doc_project_id primary key (id),
    constraint mt_doc_project_client_id_fkey foreign key (client_id) references docs.mt_doc_client (id)
);
insert into docs.mt_doc_project (id, data, mt_version, name, active, client_id)
select id, jsonb_build_object('Id', id, 'ClientId', client_id, 'Name', name, 'Active', active), 1, name, active, client_id
from projects;
create index mt_doc_project_idx_client_id on docs.mt_doc_project (client_id);

create table docs.mt_doc_department (
    id uuid not null,
    data jsonb not null,
    mt_version bigint not null default 0,
    name text not null,
    active boolean not null,
    constraint pkey_mt_doc_department_id primary key (id)
);
insert into docs.mt_doc_department (id, data, mt_version, name, active)
select id, jsonb_build_object('Id', id, 'Name', name, 'Active', active), 1, name, active from departments;

create table docs.mt_doc_breakreason (
    id uuid not null,
    data jsonb not null,
    mt_version bigint not null default 0,
    name text not null,
    active boolean not null,
    constraint pkey_mt_doc_breakreason_id primary key (id)
);
insert into docs.mt_doc_breakreason (id, data, mt_version, name, active)
select id, jsonb_build_object('Id', id, 'Name', name, 'Icon', icon, 'Active', active), 1, name, active from break_reasons;

-- What refers to them does so still.
alter table campaigns
    drop constraint campaigns_project_id_fkey,
    drop constraint campaigns_department_id_fkey,
    add constraint campaigns_project_id_fkey foreign key (project_id) references docs.mt_doc_project,
    add constraint campaigns_department_id_fkey foreign key (department_id) references docs.mt_doc_department;
alter table user_departments
    drop constraint user_departments_department_id_fkey,
    add constraint user_departments_department_id_fkey
        foreign key (department_id) references docs.mt_doc_department on delete cascade;
alter table agents
    drop constraint agents_break_reason_id_fkey,
    add constraint agents_break_reason_id_fkey foreign key (break_reason_id) references docs.mt_doc_breakreason;

drop table projects, clients, departments, break_reasons;

create unique index clients_name on docs.mt_doc_client (lower(name));
create unique index projects_name on docs.mt_doc_project (client_id, lower(name));
create unique index departments_name on docs.mt_doc_department (lower(name));
create unique index break_reasons_name on docs.mt_doc_breakreason (lower(name));
create index clients_search on docs.mt_doc_client using gin (fold(name) gin_trgm_ops);
create index projects_search on docs.mt_doc_project using gin (fold(name) gin_trgm_ops);
create index departments_search on docs.mt_doc_department using gin (fold(name) gin_trgm_ops);
create index break_reasons_search on docs.mt_doc_breakreason using gin (fold(name) gin_trgm_ops);

create view clients as
select id, name, active, (data ->> 'HistoryCount')::integer as history_count,
    (data ->> 'ServiceLevelTarget')::integer as service_level_target,
    (data ->> 'ServiceLevelSeconds')::integer as service_level_seconds, mt_version as version
from docs.mt_doc_client;
create view projects as select id, client_id, name, active, mt_version as version from docs.mt_doc_project;
create view departments as select id, name, active, mt_version as version from docs.mt_doc_department;
create view break_reasons as
select id, name, data ->> 'Icon' as icon, active, mt_version as version from docs.mt_doc_breakreason;
