-- What every node's image of the world is kept up to date by: a revision on every row of it, and a tombstone for
-- every row that is gone.

-- The revision of the present transaction, taken at its first write. It locks the row of cluster_state until the
-- commit, so revisions follow commit order.
create function take_revision() returns bigint language plpgsql as $$
declare
    mine   bigint := cast(cast(pg_current_xact_id() as text) as bigint);
    taken  bigint;
begin
    select revision into taken from cluster_state where id = 1 and revision_xact = mine;
    if not found then
        update cluster_state set revision = revision + 1, revision_xact = mine where id = 1 returning revision into taken;
    end if;
    return taken;
end $$;

create function stamp_revision() returns trigger language plpgsql as $$
begin
    new.revision := take_revision();
    return new;
end $$;

alter table app add column revision bigint not null default 0;
create index app_revision on app (revision);
create trigger app_stamp before insert or update on app for each row execute function stamp_revision();

alter table launch_delay add column revision bigint not null default 0;
create index launch_delay_revision on launch_delay (revision);
create trigger launch_delay_stamp before insert or update on launch_delay
    for each row execute function stamp_revision();

alter table queue_entry add column revision bigint not null default 0;
create index queue_entry_revision on queue_entry (revision);
create trigger queue_entry_stamp before insert or update on queue_entry
    for each row execute function stamp_revision();

alter table task_failure add column revision bigint not null default 0;
create index task_failure_revision on task_failure (revision);
create trigger task_failure_stamp before insert or update on task_failure
    for each row execute function stamp_revision();

create index deployment_revision on deployment (revision);

create table tombstone (
    kind      text        not null,
    key       text        not null,
    -- App of a task; the key itself for what an app has one of.
    app_id    text        not null,
    revision  bigint      not null,
    at        timestamptz not null default now()
);
create index tombstone_revision on tombstone (revision);
comment on table tombstone is 'Rows that left the world; an image older than the oldest of them reads everything anew';

alter table cluster_state add column pruned_revision bigint not null default 0;
comment on column cluster_state.pruned_revision is 'Newest revision of a tombstone that is not kept any more';

create function bury() returns trigger language plpgsql as $$
begin
    if not exists (select 1 from gone) then
        return null;
    end if;
    if tg_table_name = 'task_goal' then
        insert into tombstone (kind, key, app_id, revision) select 'task', id, app_id, (select take_revision()) from gone;
    elsif tg_table_name = 'app' then
        insert into tombstone (kind, key, app_id, revision) select 'app', id, id, (select take_revision()) from gone;
    elsif tg_table_name = 'deployment' then
        insert into tombstone (kind, key, app_id, revision) select 'deployment', id, '', (select take_revision()) from gone;
    elsif tg_table_name = 'agent' then
        insert into tombstone (kind, key, app_id, revision) select 'agent', name, '', (select take_revision()) from gone;
    else
        insert into tombstone (kind, key, app_id, revision)
            select tg_table_name, app_id, app_id, (select take_revision()) from gone;
    end if;
    return null;
end $$;

create trigger app_bury after delete on app referencing old table as gone
    for each statement execute function bury();
create trigger task_goal_bury after delete on task_goal referencing old table as gone
    for each statement execute function bury();
create trigger deployment_bury after delete on deployment referencing old table as gone
    for each statement execute function bury();
create trigger launch_delay_bury after delete on launch_delay referencing old table as gone
    for each statement execute function bury();
create trigger queue_entry_bury after delete on queue_entry referencing old table as gone
    for each statement execute function bury();
create trigger task_failure_bury after delete on task_failure referencing old table as gone
    for each statement execute function bury();
create trigger agent_bury after delete on agent referencing old table as gone
    for each statement execute function bury();

-- Agents report every few seconds. A report that says the same as the one before must cost little to write, and
-- reading all reports must not read all documents: those are kept out of line.
alter table agent alter column document set storage external;
alter table agent set (toast_tuple_target = 128);
alter table agent add column written uuid not null default gen_random_uuid();
comment on column agent.written is 'Another one for every document that was written';
