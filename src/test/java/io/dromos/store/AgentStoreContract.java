package io.dromos.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.placement.Agent;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Nodes as they reported themselves. */
public interface AgentStoreContract {
  Stores stores();

  private AgentStore agents() {
    return stores().agents();
  }

  private Agent only() {
    assertEquals(1, agents().all().size());
    return agents().all().get(0);
  }

  @Test
  default void aHeartbeatStampsTheTimeAndTakesNoRevision() {
    Agent agent = Samples.agent("n1", agents().agentId("n1"), Samples.T0, 4);
    long revision = stores().revisions().current();
    agents().heartbeat(agent);
    Agent stored = only();
    assertNotEquals(Instant.EPOCH, stored.seenAt());
    assertEquals(agent.id(), stored.id());
    assertEquals(agent.problems(), stored.problems());
    assertEquals(agent.ports(), stored.ports());
    assertEquals(4, stored.servedRevision());
    assertEquals(revision, stores().revisions().current());
    assertEquals(List.of(stored), stores().world().load().agents());
  }

  @Test
  default void servedMovesTheRevisionAlone() {
    agents().heartbeat(Samples.agent("n1", agents().agentId("n1"), Samples.T0, 4));
    Instant seenAt = only().seenAt();
    agents().served("n1", 9);
    assertEquals(9, only().servedRevision());
    assertEquals(seenAt, only().seenAt());
    agents().served("nobody", 9);
  }

  @Test
  default void aRestartedNodeServesNothingYet() {
    agents().heartbeat(Samples.agent("n1", agents().agentId("n1"), Samples.T0, 9));
    agents().heartbeat(Samples.agent("n1", agents().agentId("n1"), Samples.T0.plusSeconds(1), 0));
    assertEquals(0, only().servedRevision());
  }

  @Test
  default void whatANodeServesMayShrinkWithoutARestart() {
    agents().heartbeat(Samples.agent("n1", agents().agentId("n1"), Samples.T0, 9));
    agents().served("n1", 5);
    assertEquals(5, only().servedRevision());
    agents().heartbeat(Samples.agent("n1", agents().agentId("n1"), Samples.T0, 4));
    assertEquals(4, only().servedRevision(), "the database was restored from a backup");
  }

  @Test
  default void aNameKeepsItsAgentIdForEver() {
    String first = agents().agentId("n1");
    String second = agents().agentId("n2");
    assertTrue(first.endsWith("-S0"), first);
    assertTrue(second.endsWith("-S1"), second);
    agents().heartbeat(Samples.agent("n1", first, Samples.T0, 0));
    agents().remove("n1");
    assertTrue(agents().all().isEmpty());
    assertEquals(first, agents().agentId("n1"));
  }

  @Test
  default void manyAgentsReportInOneStatementAndKeepTheirIds() {
    String known = agents().agentId("n2");
    Map<String, String> ids = agents().agentIds(List.of("n1", "n2", "n3", "n1"));
    assertEquals(known, ids.get("n2"));
    assertEquals(3, Set.copyOf(ids.values()).size());
    assertEquals(ids.get("n3"), agents().agentId("n3"));
    agents()
        .heartbeat(
            List.of(
                Samples.agent("n1", ids.get("n1"), Samples.T0, 4),
                Samples.agent("n3", ids.get("n3"), Samples.T0, 0)));
    assertEquals(List.of("n1", "n3"), agents().all().stream().map(Agent::name).sorted().toList());
    assertEquals(
        List.of(ids.get("n1"), ids.get("n3")),
        agents().all().stream().sorted(Comparator.comparing(Agent::name)).map(Agent::id).toList());
  }

  @Test
  default void anAgentThatHasNothingNewIsStampedAlone() {
    agents().heartbeat(Samples.agent("n1", agents().agentId("n1"), Samples.T0, 4));
    Agent before = only();
    assertEquals(1, agents().alive(List.of("n1", "gone")));
    Agent after = only();
    assertFalse(after.seenAt().isBefore(before.seenAt()));
    assertEquals(before.attributes(), after.attributes());
    assertEquals(4, after.servedRevision());
  }
}
