-- A menu bot leads a conversation (bot_read: how far it has read) to a campaign other than the one whose door the contact
-- came by (came_by). Visitors are known by the door.
alter table conversations
    add column came_by uuid references campaigns,
    add column bot_read integer,
    add check ((bot_read is not null) <= (state = 2 and agent_id is not null));
drop index conversations_start;
create unique index conversations_start on conversations (coalesce(came_by, campaign_id), start_id);
drop index conversations_open;
create unique index conversations_open on conversations (contact_id, coalesce(came_by, campaign_id)) where state <> 5;
create index conversations_bot on conversations (campaign_id) where bot_read is not null;
create index conversations_came_by on conversations (came_by) where came_by is not null;
