package io.dromos.store.jpa;

import io.dromos.placement.Agent;
import io.dromos.store.AgentStore;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Nodes. Their rows change every second and mean nothing to a revision, so they take no lock. */
final class JpaAgentStore implements AgentStore {
  /**
   * A node reports on one thread, so the last word counts: what it serves shrinks when it restarts
   * and when the database itself was put back to an earlier state.
   */
  private static final String HEARTBEAT =
      "insert into agent (name, document, served_revision, seen_at)"
          + " values (?1, cast(?2 as jsonb), ?3, clock_timestamp())"
          + " on conflict (name) do update set document = excluded.document,"
          + " seen_at = excluded.seen_at, served_revision = excluded.served_revision";

  private final JpaSession session;

  JpaAgentStore(JpaSession session) {
    this.session = session;
  }

  @Override
  public List<Agent> all() {
    List<Agent> agents = new ArrayList<>();
    for (Object row :
        session
            .em()
            .createNativeQuery(
                "select cast(document as text), served_revision, seen_at from agent order by name")
            .getResultList()) {
      Object[] columns = (Object[]) row;
      agents.add(
          agent(
              (String) columns[0],
              ((Number) columns[1]).longValue(),
              ((Timestamp) columns[2]).toInstant()));
    }
    return agents;
  }

  /** The document as its owner wrote it, with the two columns that change on their own. */
  static Agent agent(String document, long servedRevision, Instant seenAt) {
    Agent written = DocumentCodec.decode(document, Agent.class);
    return new Agent(
        written.name(),
        written.id(),
        written.address(),
        written.api(),
        written.roles(),
        written.total(),
        written.ports(),
        written.attributes(),
        written.features(),
        written.problems(),
        servedRevision,
        written.planes(),
        written.startedAt(),
        seenAt);
  }

  @Override
  public void heartbeat(Agent agent) {
    agentId(agent.name());
    session
        .transactions()
        .run(
            () ->
                session.execute(
                    HEARTBEAT, agent.name(), DocumentCodec.encode(agent), agent.servedRevision()));
  }

  @Override
  public void served(String name, long revision) {
    session
        .transactions()
        .run(
            () ->
                session.execute(
                    "update agent set served_revision = ?1 where name = ?2 and served_revision <> ?3",
                    revision,
                    name,
                    revision));
  }

  @Override
  public void remove(String name) {
    session.transactions().run(() -> session.execute("delete from agent where name = ?1", name));
  }

  @Override
  public String agentId(String name) {
    List<?> found = numbers(name);
    if (found.isEmpty()) {
      session.write(
          () ->
              session.execute(
                  "insert into agent_number (name, number)"
                      + " select ?1, coalesce(max(number) + 1, 0) from agent_number"
                      + " on conflict (name) do nothing",
                  name));
      found = numbers(name);
    }
    String cluster =
        (String)
            session
                .em()
                .createNativeQuery("select cluster_id from cluster_state where id = 1")
                .getSingleResult();
    return cluster + "-S" + found.get(0);
  }

  private List<?> numbers(String name) {
    return JpaSession.bind(
            session.em().createNativeQuery("select number from agent_number where name = ?1"), name)
        .getResultList();
  }
}
