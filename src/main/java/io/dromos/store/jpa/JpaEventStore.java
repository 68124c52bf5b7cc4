package io.dromos.store.jpa;

import io.dromos.store.EventStore;
import io.dromos.store.StoredEvent;
import java.util.Collection;
import java.util.List;

/** The event stream. */
final class JpaEventStore implements EventStore {
  private static final String APPEND =
      "with counted as (update cluster_state set last_event = last_event + ? where id = 1"
          + " returning last_event)"
          + " insert into event (id, type, at, app_id, json)"
          + " select (select last_event from counted) - count(*) over () + n, type,"
          + " cast(at as timestamptz), app_id, json"
          + " from unnest(?, ?, ?, ?) with ordinality as e (type, at, app_id, json, n)";

  private final JpaSession session;

  JpaEventStore(JpaSession session) {
    this.session = session;
  }

  @Override
  public void append(Collection<StoredEvent> events) {
    if (events.isEmpty()) {
      return;
    }
    session.writeJdbc(
        connection ->
            Statements.update(
                connection,
                APPEND,
                events.size(),
                Statements.texts(connection, events, StoredEvent::type),
                Statements.instants(connection, events, StoredEvent::at),
                Statements.texts(connection, events, StoredEvent::appId),
                // PostgreSQL's text cannot hold NUL; JSON escapes it anyway.
                Statements.texts(
                    connection, events, event -> event.json().replace('\0', '\uFFFD'))));
  }

  @Override
  public List<StoredEvent> after(long afterId, int limit) {
    return session
        .em()
        .createQuery(
            "select e from EventEntity e where e.id > :after order by e.id", EventEntity.class)
        .setParameter("after", afterId)
        .setMaxResults(limit)
        .setHint("eclipselink.read-only", true)
        .getResultList()
        .stream()
        .map(EventEntity::event)
        .toList();
  }

  @Override
  public long lastId() {
    return session.number("select last_event from cluster_state where id = 1");
  }

  @Override
  public void prune() {
    session.write(
        () ->
            session.execute(
                "delete from event where id <="
                    + " (select last_event from cluster_state where id = 1) - ?1",
                KEPT));
  }
}
