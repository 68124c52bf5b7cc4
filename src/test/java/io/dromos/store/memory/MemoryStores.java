package io.dromos.store.memory;

import io.dromos.store.EventStore;
import io.dromos.store.RevisionStore;
import io.dromos.store.StoredEvent;
import io.dromos.store.Stores;
import io.dromos.store.WorldImage;
import io.dromos.store.WorldReader;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/** All stores over one database in memory. */
public final class MemoryStores {
  private final MemoryDatabase database;
  private final Stores stores;

  public MemoryStores(Clock clock) {
    database = new MemoryDatabase(clock);
    stores =
        new Stores(
            new MemoryAppStore(database),
            new MemoryTaskStore(database),
            new MemoryDeploymentStore(database),
            new Events(database),
            new Revisions(database),
            new MemoryAgentStore(database),
            new MemoryVipStore(database),
            new WorldImage(new MemoryWorldSource(database)),
            database);
  }

  public static Stores create(Clock clock) {
    return new MemoryStores(clock).stores();
  }

  /** A reader that knows nothing yet. */
  public WorldReader newReader() {
    return new WorldImage(new MemoryWorldSource(database));
  }

  public Stores stores() {
    return stores;
  }

  /** Runs after the current transaction commits, never when it rolls back. */
  public void afterCommit(Runnable action) {
    database.afterCommit(action);
  }

  /** Called before every write inside a transaction; may throw. */
  public void onWrite(Runnable listener) {
    database.onWrite(listener);
  }

  /** Transactions that wrote and committed so far, those of single calls included. */
  public int commits() {
    return database.commits();
  }

  private record Events(MemoryDatabase database) implements EventStore {
    @Override
    public void append(Collection<StoredEvent> events) {
      database.write(
          t ->
              events.forEach(
                  e ->
                      t.events.add(
                          new StoredEvent(++t.lastEvent, e.type(), e.at(), e.appId(), e.json()))));
    }

    @Override
    public List<StoredEvent> after(long afterId, int limit) {
      return database.read(
          t -> t.events.stream().filter(e -> e.id() > afterId).limit(limit).toList());
    }

    @Override
    public long lastId() {
      return database.read(t -> t.lastEvent);
    }

    @Override
    public void prune() {
      database.write(t -> t.events.removeIf(e -> e.id() <= t.lastEvent - KEPT));
    }
  }

  private static final class Revisions implements RevisionStore {
    private final MemoryDatabase database;
    private final String clusterId = UUID.randomUUID().toString();

    Revisions(MemoryDatabase database) {
      this.database = database;
    }

    @Override
    public long current() {
      return database.read(t -> t.revision);
    }

    @Override
    public long next() {
      return database.nextRevision();
    }

    @Override
    public void prune(Duration keep) {
      // Changes are found by comparing; there is nothing to forget.
    }

    @Override
    public String clusterId() {
      return clusterId;
    }
  }
}
