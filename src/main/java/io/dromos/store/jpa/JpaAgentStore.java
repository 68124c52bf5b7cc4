package io.dromos.store.jpa;

import io.dromos.placement.Agent;
import io.dromos.store.AgentStore;
import io.dromos.store.WorldReader;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Nodes. Their rows change every second and mean nothing to a revision, so they take no lock. */
final class JpaAgentStore implements AgentStore {
  /**
   * A node reports on one thread, so the last word counts: what it serves shrinks when it restarts
   * and when the database itself was put back to an earlier state.
   */
  private static final String HEARTBEAT =
      "insert into agent (name, document, served_revision, seen_at, written)"
          + " select e ->> 'name', e, cast(e ->> 'servedRevision' as bigint), clock_timestamp(),"
          + " gen_random_uuid()"
          + " from jsonb_array_elements(cast(?1 as jsonb)) e"
          + " on conflict (name) do update set document = excluded.document,"
          + " seen_at = excluded.seen_at, served_revision = excluded.served_revision,"
          + " written = excluded.written";

  /** Names as one parameter: a statement takes 32,767 of them, a cluster may have more agents. */
  private static final String NAMES = "jsonb_array_elements_text(cast(?1 as jsonb))";

  private static final String NEW_NUMBERS =
      "insert into agent_number (name, number)"
          + " select n.name, (select coalesce(max(number) + 1, 0) from agent_number)"
          + " + row_number() over (order by n.place) - 1"
          + " from "
          + NAMES
          + " with ordinality n (name, place)"
          + " where not exists (select 1 from agent_number a where a.name = n.name)"
          + " on conflict (name) do nothing";

  private final JpaSession session;
  private final WorldReader image;

  JpaAgentStore(JpaSession session, WorldReader image) {
    this.session = session;
    this.image = image;
  }

  @Override
  public List<Agent> all() {
    return image.load().agents();
  }

  @Override
  public void heartbeat(Collection<Agent> agents) {
    agentIds(agents.stream().map(Agent::name).toList());
    session
        .transactions()
        .run(
            () ->
                session.execute(
                    HEARTBEAT,
                    agents.stream()
                        .map(DocumentCodec::encode)
                        .collect(Collectors.joining(",", "[", "]"))));
  }

  @Override
  public int alive(Collection<String> names) {
    return session
        .transactions()
        .inTransaction(
            () ->
                session.execute(
                    "update agent set seen_at = clock_timestamp() where name in (select "
                        + NAMES
                        + ")",
                    DocumentCodec.encode(List.copyOf(names))));
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
  public Map<String, String> agentIds(Collection<String> names) {
    List<String> distinct = names.stream().distinct().toList();
    Map<String, Number> numbers = numbers(distinct);
    if (numbers.size() < distinct.size()) {
      session.write(() -> session.execute(NEW_NUMBERS, DocumentCodec.encode(distinct)));
      numbers = numbers(distinct);
    }
    String cluster =
        (String)
            session
                .em()
                .createNativeQuery("select cluster_id from cluster_state where id = 1")
                .getSingleResult();
    Map<String, String> ids = new HashMap<>();
    numbers.forEach((name, number) -> ids.put(name, cluster + "-S" + number));
    return ids;
  }

  private Map<String, Number> numbers(List<String> names) {
    Map<String, Number> numbers = new HashMap<>();
    for (Object row :
        JpaSession.bind(
                session
                    .em()
                    .createNativeQuery(
                        "select name, number from agent_number where name in (select "
                            + NAMES
                            + ")"),
                DocumentCodec.encode(names))
            .getResultList()) {
      Object[] columns = (Object[]) row;
      numbers.put((String) columns[0], (Number) columns[1]);
    }
    return numbers;
  }
}
