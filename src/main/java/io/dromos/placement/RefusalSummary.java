package io.dromos.placement;

import io.dromos.app.AppSpec;
import io.dromos.app.Resources;
import io.dromos.placement.Refusal.AgentRefusal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** One sentence for the user about why no agent could take a task. */
final class RefusalSummary {
  private RefusalSummary() {}

  static String of(
      AppSpec app,
      Collection<Agent> agents,
      Function<Agent, Resources> free,
      List<AgentRefusal> refusals,
      Duration silence) {
    if (agents.isEmpty()) {
      return "no agent has reported within the last "
          + silence.toSeconds()
          + " seconds: start a node with the role agent";
    }
    Map<RefusalReason, List<AgentRefusal>> byReason = new EnumMap<>(RefusalReason.class);
    refusals.forEach(r -> byReason.computeIfAbsent(r.reason(), x -> new ArrayList<>()).add(r));
    List<String> parts = new ArrayList<>();
    byReason.forEach(
        (reason, refused) -> {
          Set<String> names = refused.stream().map(AgentRefusal::agent).collect(Collectors.toSet());
          List<Agent> there = agents.stream().filter(a -> names.contains(a.name())).toList();
          parts.add(part(app, reason, refused, there, free));
        });
    String start = byReason.size() == 1 ? "" : agents.size() + " agents were asked and none fits: ";
    return start + String.join("; ", parts);
  }

  private static String part(
      AppSpec app,
      RefusalReason reason,
      List<AgentRefusal> refused,
      List<Agent> agents,
      Function<Agent, Resources> free) {
    Resources ask = app.resources();
    return switch (reason) {
      case InsufficientCpus ->
          lack(Amounts.cpus(ask.cpus()), "", agents, a -> free.apply(a).cpus(), Amounts::cpus);
      case InsufficientMemory ->
          lack(
              Amounts.mebibytes(ask.memMiB()),
              " of memory",
              agents,
              a -> free.apply(a).memMiB(),
              Amounts::mebibytes);
      case InsufficientDisk ->
          lack(
              Amounts.mebibytes(ask.diskMiB()),
              " of disk",
              agents,
              a -> free.apply(a).diskMiB(),
              Amounts::mebibytes);
      case InsufficientGpus ->
          lack(
              ask.gpus() + " GPUs",
              "",
              agents,
              a -> free.apply(a).gpus(),
              n -> String.format(Locale.ROOT, "%.0f", n));
      case InsufficientPorts -> "no agent has the host ports: " + example(refused);
      case UnfulfilledRole -> "no agent has the role: " + example(refused);
      default -> "no agent fits: " + example(refused);
    };
  }

  private static String lack(
      String asked,
      String what,
      List<Agent> agents,
      ToDoubleFunction<Agent> amount,
      Function<Double, String> text) {
    String most =
        agents.stream()
            .max(Comparator.comparingDouble(amount))
            .map(a -> text.apply(amount.applyAsDouble(a)) + " on " + a.name())
            .orElse("nothing");
    return "no agent has " + asked + what + " free: most free is " + most;
  }

  private static String example(List<AgentRefusal> refused) {
    AgentRefusal first = refused.get(0);
    String more = refused.size() == 1 ? "" : " (and " + (refused.size() - 1) + " more)";
    return first.agent() + " " + first.detail() + more;
  }
}
