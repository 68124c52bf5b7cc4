package io.dromos.store.memory;

import io.dromos.placement.Agent;
import io.dromos.store.AgentStore;
import java.time.Instant;
import java.util.List;

/** Nodes as they reported themselves. */
record MemoryAgentStore(MemoryDatabase database) implements AgentStore {
  @Override
  public List<Agent> all() {
    return database.read(t -> List.copyOf(t.agents.values()));
  }

  @Override
  public void heartbeat(Agent agent) {
    database.write(
        t -> t.agents.put(agent.name(), with(agent, agent.servedRevision(), database.now())));
  }

  @Override
  public void served(String name, long revision) {
    database.write(t -> t.agents.computeIfPresent(name, (key, a) -> with(a, revision, a.seenAt())));
  }

  @Override
  public void remove(String name) {
    database.write(t -> t.agents.remove(name));
  }

  @Override
  public String agentId(String name) {
    database.write(t -> t.agentNumbers.putIfAbsent(name, t.agentNumbers.size()));
    return database.read(t -> "memory-S" + t.agentNumbers.get(name));
  }

  private static Agent with(Agent a, long servedRevision, Instant seenAt) {
    return new Agent(
        a.name(),
        a.id(),
        a.address(),
        a.api(),
        a.roles(),
        a.total(),
        a.ports(),
        a.attributes(),
        a.features(),
        a.problems(),
        servedRevision,
        a.planes(),
        a.startedAt(),
        seenAt);
  }
}
