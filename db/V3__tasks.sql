-- What the leader wants. Written by the leader, and by commands that kill.
create table task_goal (
    id        text        primary key,
    app_id    text        not null,
    version   timestamptz not null,
    agent     text        not null,
    document  jsonb       not null,
    revision  bigint      not null
) with (fillfactor = 80);
create index task_goal_app on task_goal (app_id, version);
create index task_goal_agent on task_goal (agent);
create index task_goal_revision on task_goal (revision);

-- What the agent saw. A table of its own, so that leader and agents never write the same row.
create table task_observation (
    id        text   primary key references task_goal (id) on delete cascade,
    state     text   not null check (state in ('STAGING', 'STARTING', 'RUNNING', 'KILLING', 'UNREACHABLE', 'FINISHED',
                                               'FAILED', 'KILLED', 'ERROR', 'DROPPED', 'GONE', 'UNKNOWN')),
    document  jsonb  not null,
    revision  bigint not null
) with (fillfactor = 60);
create index task_observation_revision on task_observation (revision);

create table task_failure (
    app_id    text  primary key,
    document  jsonb not null
);
comment on table task_failure is 'Newest failure of each app, shown as lastTaskFailure';
