package io.dromos.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dromos.app.AppSpec;
import io.dromos.app.Resources;
import io.dromos.deployment.QueueEntry;
import io.dromos.placement.Agent;
import io.dromos.placement.Refusal;
import io.dromos.placement.RefusalReason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The launch queue on the wire (marathon-api reference, 1.10).
 *
 * @param queue one entry per app with instances still to be launched
 */
public record QueueJson(List<ItemJson> queue) {
  private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?");

  /** One waiting app. */
  public record ItemJson(
      int count,
      String role,
      String since,
      DelayJson delay,
      ProcessedOffersJson processedOffersSummary,
      @Nullable List<JsonNode> lastUnusedOffers,
      AppJson app) {}

  /** Launch backoff; {@code overdue} means that nothing but a fitting agent is waited for. */
  public record DelayJson(int timeLeftSeconds, boolean overdue) {
    static DelayJson of(QueueEntry entry, Instant now) {
      Instant notBefore = entry.notBefore();
      if (notBefore == null || !notBefore.isAfter(now)) {
        return new DelayJson(0, true);
      }
      long millis = Duration.between(now, notBefore).toMillis();
      return new DelayJson((int) Math.min(Integer.MAX_VALUE, (millis + 999) / 1000), false);
    }
  }

  /** Agents asked and how they answered. */
  public record ProcessedOffersJson(
      int processedOffersCount,
      int unusedOffersCount,
      @Nullable String lastUnusedOfferAt,
      List<RejectJson> rejectSummaryLastOffers,
      List<RejectJson> rejectSummaryLaunchAttempt) {}

  /** One step of the funnel: how many offers reached it and how many it declined. */
  public record RejectJson(String reason, int declined, int processed) {}

  /**
   * Renders the queue, sorted by app.
   *
   * @param apps current definitions; an entry whose app is gone is left out
   * @param agents named in the unused offers, which are added only when asked for
   * @param used what the tasks of each agent hold; the rest is what it offers
   */
  public static QueueJson of(
      Collection<QueueEntry> entries,
      Map<?, AppSpec> apps,
      Collection<Agent> agents,
      Map<String, Resources> used,
      Instant now,
      boolean withUnusedOffers) {
    List<ItemJson> items = new ArrayList<>();
    for (QueueEntry entry :
        entries.stream().sorted((a, b) -> a.appId().compareTo(b.appId())).toList()) {
      AppSpec app = apps.get(entry.appId());
      if (app != null) {
        items.add(
            new ItemJson(
                entry.count(),
                app.role(),
                Json.time(entry.since()),
                DelayJson.of(entry, now),
                summary(entry),
                withUnusedOffers ? unusedOffers(entry, agents, used) : null,
                AppJson.of(app)));
      }
    }
    return new QueueJson(items);
  }

  private static ProcessedOffersJson summary(QueueEntry entry) {
    Refusal refusal = entry.lastRefusal();
    return new ProcessedOffersJson(
        entry.processedOffers(),
        entry.unusedOffers(),
        refusal == null ? null : Json.time(refusal.at()),
        funnel(refusal),
        funnel(entry.processedOffers(), entry.refusedBy()));
  }

  /** Of the last answer of each agent. */
  static List<RejectJson> funnel(@Nullable Refusal refusal) {
    List<Refusal.AgentRefusal> agents = refusal == null ? List.of() : refusal.agents();
    Map<RefusalReason, Integer> counts = new EnumMap<>(RefusalReason.class);
    agents.forEach(agent -> counts.merge(agent.reason(), 1, Integer::sum));
    return funnel(agents.size(), counts);
  }

  /** Always all reasons in Marathon's order: clients index the list by position. */
  private static List<RejectJson> funnel(int asked, Map<RefusalReason, Integer> refusedBy) {
    List<RejectJson> steps = new ArrayList<>();
    int reached = asked;
    for (RefusalReason reason : RefusalReason.values()) {
      int declined = refusedBy.getOrDefault(reason, 0);
      steps.add(new RejectJson(reason.name(), declined, reached));
      reached -= declined;
    }
    return steps;
  }

  private static List<JsonNode> unusedOffers(
      QueueEntry entry, Collection<Agent> agents, Map<String, Resources> used) {
    Refusal refusal = entry.lastRefusal();
    List<JsonNode> offers = new ArrayList<>();
    if (refusal != null) {
      for (Refusal.AgentRefusal declined : refusal.agents()) {
        ObjectNode one = Json.MAPPER.createObjectNode();
        one.set("offer", offer(declined.agent(), agents, used));
        one.putArray("reason").add(declined.reason().name());
        offers.add(one.put("timestamp", Json.time(refusal.at())));
      }
    }
    return offers;
  }

  private static ObjectNode offer(
      String name, Collection<Agent> agents, Map<String, Resources> used) {
    ObjectNode offer = Json.MAPPER.createObjectNode();
    Agent agent = agents.stream().filter(a -> a.name().equals(name)).findFirst().orElse(null);
    offer.put("id", (agent == null ? name : agent.id()) + "-O");
    offer.put("hostname", agent == null ? name : agent.address());
    ArrayNode resources = offer.putArray("resources");
    ArrayNode attributes = offer.putArray("attributes");
    if (agent != null) {
      Resources free = agent.total().minus(used.getOrDefault(name, Resources.NONE));
      offer.put("agentId", agent.id());
      scalar(resources, "cpus", free.cpus());
      scalar(resources, "mem", free.memMiB());
      scalar(resources, "disk", free.diskMiB());
      scalar(resources, "gpus", free.gpus());
      ArrayNode ranges =
          resources.addObject().put("name", "ports").put("role", "*").putArray("ranges");
      agent.ports().forEach(r -> ranges.addObject().put("begin", r.from()).put("end", r.to()));
      new TreeMap<>(agent.attributes()).forEach((k, v) -> attribute(attributes.addObject(), k, v));
    }
    return offer;
  }

  /** Mesos takes a value that reads as a number for one. */
  private static void attribute(ObjectNode attribute, String name, String value) {
    attribute.put("name", name);
    if (NUMBER.matcher(value).matches()) {
      attribute.put("scalar", Double.parseDouble(value));
    } else {
      attribute.put("text", value);
    }
  }

  private static void scalar(ArrayNode resources, String name, double value) {
    resources.addObject().put("name", name).put("role", "*").put("scalar", value);
  }
}
