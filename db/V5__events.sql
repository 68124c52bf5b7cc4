create table event (
    id      bigint      primary key,
    type    text        not null,
    at      timestamptz not null,
    app_id  text,
    -- Text, not jsonb: the line is sent byte for byte as Marathon orders its keys.
    json    text        not null
);
comment on table event is 'The newest events of the stream, in commit order, for clients that reconnect';
