package io.dromos.store.jpa;

import io.dromos.store.EventStore;
import io.dromos.store.StoredEvent;
import java.util.Collection;
import java.util.List;

/** The event stream. */
final class JpaEventStore implements EventStore {
  private final JpaSession session;

  JpaEventStore(JpaSession session) {
    this.session = session;
  }

  @Override
  public void append(Collection<StoredEvent> events) {
    if (events.isEmpty()) {
      return;
    }
    session.write(
        () -> {
          long id =
              session.number(
                      "update cluster_state set last_event = last_event + ?1 where id = 1"
                          + " returning last_event",
                      events.size())
                  - events.size();
          for (StoredEvent event : events) {
            session.em().persist(new EventEntity(++id, event));
          }
        });
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
