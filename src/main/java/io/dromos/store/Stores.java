package io.dromos.store;

/** Every store of one database, and the transactions that span them. */
public record Stores(
    AppStore apps,
    TaskStore tasks,
    DeploymentStore deployments,
    EventStore events,
    RevisionStore revisions,
    AgentStore agents,
    VipStore vips,
    WorldReader world,
    Transactions transactions) {}
