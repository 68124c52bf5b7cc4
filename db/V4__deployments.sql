create table deployment (
    id          text        primary key,
    status      text        not null check (status in ('RUNNING', 'SUCCEEDED', 'FAILED')),
    started_at  timestamptz not null,
    ended_at    timestamptz,
    document    jsonb       not null,
    revision    bigint      not null,
    check ((status = 'RUNNING') = (ended_at is null))
);
create index deployment_running on deployment (started_at) where status = 'RUNNING';
create index deployment_ended on deployment (ended_at) where status <> 'RUNNING';

create table launch_delay (
    app_id    text  primary key,
    document  jsonb not null
);
comment on table launch_delay is 'Backoff of apps whose tasks fail';

create table queue_entry (
    app_id    text  primary key,
    document  jsonb not null
);
comment on table queue_entry is 'Apps with instances still to be launched, and why they wait';
