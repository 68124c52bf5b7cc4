package io.dromos.placement;

import java.time.Instant;
import java.util.List;

/**
 * One failed attempt to place an app.
 *
 * @param agents one line per agent that was asked
 * @param summary a sentence for the user, such as "no agent has 64 GiB of memory: most free is …"
 */
public record Refusal(Instant at, List<AgentRefusal> agents, String summary) {
  /** Why one agent was refused: the first reason in the funnel and a sentence with numbers. */
  public record AgentRefusal(String agent, RefusalReason reason, String detail) {}

  public Refusal {
    agents = List.copyOf(agents);
  }
}
