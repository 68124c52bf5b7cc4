-- The one row that every writer locks. Its lock orders commits, so revisions and event ids follow commit order,
-- which a bare sequence does not: a sequence hands out numbers that become visible in another order.
create table cluster_state (
    id             smallint primary key default 1 check (id = 1),
    cluster_id     text     not null default gen_random_uuid()::text,
    revision       bigint   not null default 0 check (revision >= 0),
    -- Transaction that took the current revision: a second write of the same transaction gets the same number.
    revision_xact  bigint   not null default 0,
    last_event     bigint   not null default 0 check (last_event >= 0)
) with (fillfactor = 10);
comment on table cluster_state is 'Counters of the whole cluster; locked from the first write of a transaction to its commit';
insert into cluster_state default values;

-- Leadership. Deadlines are by the database's clock alone, so the clocks of nodes don't matter.
create table lease (
    id          smallint    primary key default 1 check (id = 1),
    epoch       bigint      not null default 0 check (epoch >= 0),
    node        text,
    api         text,
    -- One process of a node: a node that comes back under its own name begins a new epoch.
    incarnation text,
    expires_at  timestamptz not null default '-infinity',
    check ((node is null) = (incarnation is null) and (node is null) = (api is null))
) with (fillfactor = 10);
comment on table lease is 'Who runs the control loop; a takeover increments the epoch, and writes under an older epoch are refused';
insert into lease default values;

-- Numbers behind agent ids such as <cluster>-S0; a name keeps its number for ever.
create table agent_number (
    name    text    primary key,
    number  integer not null unique check (number >= 0)
);

create table agent (
    name             text        primary key references agent_number (name),
    document         jsonb       not null,
    -- Lowest revision that every live data plane of the node serves.
    served_revision  bigint      not null default 0,
    seen_at          timestamptz not null
) with (fillfactor = 50);
comment on table agent is 'Nodes as they last reported themselves';
