package io.dromos.store.jpa;

import io.dromos.store.RevisionStore;
import java.time.Duration;

/** The counters in {@code cluster_state}. */
final class JpaRevisionStore implements RevisionStore {
  private static final String PRUNE =
      "with old as (delete from tombstone"
          + " where at < clock_timestamp() - ? * interval '1 second' returning revision)"
          + " update cluster_state set pruned_revision ="
          + " greatest(pruned_revision, (select max(revision) from old))"
          + " where id = 1 and exists (select 1 from old)";

  private final JpaSession session;

  JpaRevisionStore(JpaSession session) {
    this.session = session;
  }

  @Override
  public long current() {
    return session.number("select revision from cluster_state where id = 1");
  }

  @Override
  public long next() {
    return session.write(session::nextRevision);
  }

  @Override
  public void prune(Duration keep) {
    session.writeJdbc(
        connection ->
            Statements.update(connection, PRUNE, Double.valueOf(keep.toMillis() / 1000.0)));
  }

  @Override
  public String clusterId() {
    return (String)
        session
            .em()
            .createNativeQuery("select cluster_id from cluster_state where id = 1")
            .getSingleResult();
  }
}
