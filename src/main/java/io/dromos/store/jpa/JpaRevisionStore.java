package io.dromos.store.jpa;

import io.dromos.store.RevisionStore;

/** The counters in {@code cluster_state}. */
final class JpaRevisionStore implements RevisionStore {
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
  public String clusterId() {
    return (String)
        session
            .em()
            .createNativeQuery("select cluster_id from cluster_state where id = 1")
            .getSingleResult();
  }
}
