package io.dromos.store.memory;

import io.dromos.placement.Agent;
import io.dromos.store.AgentStore;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Nodes as they reported themselves. */
record MemoryAgentStore(MemoryDatabase database) implements AgentStore {
  @Override
  public List<Agent> all() {
    return database.read(t -> List.copyOf(t.agents.values()));
  }

  @Override
  public void heartbeat(Collection<Agent> agents) {
    database.write(
        t ->
            agents.forEach(
                agent ->
                    t.agents.put(
                        agent.name(), agent.seen(agent.servedRevision(), database.now()))));
  }

  @Override
  public int alive(Collection<String> names) {
    database.write(
        t ->
            names.forEach(
                name ->
                    t.agents.computeIfPresent(
                        name, (key, a) -> a.seen(a.servedRevision(), database.now()))));
    return database.read(t -> (int) names.stream().filter(t.agents::containsKey).count());
  }

  @Override
  public void served(String name, long revision) {
    database.write(t -> t.agents.computeIfPresent(name, (key, a) -> a.seen(revision, a.seenAt())));
  }

  @Override
  public void remove(String name) {
    database.write(t -> t.agents.remove(name));
  }

  @Override
  public Map<String, String> agentIds(Collection<String> names) {
    Map<String, String> ids = new HashMap<>();
    for (String name : names) {
      database.write(t -> t.agentNumbers.putIfAbsent(name, t.agentNumbers.size()));
      ids.put(name, "memory-S" + database.read(t -> t.agentNumbers.get(name)));
    }
    return ids;
  }
}
