package io.dromos.placement;

import io.dromos.app.AppSpec;
import io.dromos.app.Constraint;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Marathon's placement constraints (marathon-api reference, 5.10). They compare an agent with the
 * tasks of the app that are there, of any version. The field {@code hostname} is the agent's node
 * name; where a constraint brings a value, the agent's address is taken as well.
 */
public final class Constraints {
  private Constraints() {}

  /** Value of a field on an agent; empty when it has no such attribute. */
  public static Optional<String> valueOf(Agent agent, String field) {
    if (isHostname(field)) {
      return Optional.of(agent.name());
    }
    String attribute = field.startsWith("@") ? field.substring(1) : field;
    String value = agent.attributes().get(field);
    return Optional.ofNullable(value == null ? agent.attributes().get(attribute) : value);
  }

  /**
   * Why the app's next task may not go to {@code agent}: a sentence per broken constraint, none
   * when it may.
   *
   * @param peers tasks of the app that have not ended
   */
  static List<String> broken(AppSpec app, Agent agent, Peers peers) {
    return app.constraints().isEmpty()
        ? List.of()
        : app.constraints().stream().flatMap(c -> check(c, agent, peers).stream()).toList();
  }

  private static Optional<String> check(Constraint constraint, Agent agent, Peers peers) {
    String field = constraint.field();
    Optional<String> value = valueOf(agent, field);
    String wanted = constraint.value() == null ? "" : constraint.value();
    if (value.isEmpty()) {
      return constraint.operator() == Constraint.Operator.UNLIKE
          ? Optional.empty()
          : Optional.of(name(constraint) + ": it has no attribute " + field);
    }
    String own = value.get();
    List<String> names = isHostname(field) ? List.of(own, agent.address()) : List.of(own);
    Map<String, Integer> used = peers.used(field);
    boolean fine =
        switch (constraint.operator()) {
          case UNIQUE -> !used.containsKey(own);
          case CLUSTER ->
              wanted.isEmpty() ? used.isEmpty() || used.containsKey(own) : names.contains(wanted);
          case LIKE -> names.stream().anyMatch(n -> matches(wanted, n));
          case UNLIKE -> names.stream().noneMatch(n -> matches(wanted, n));
          case MAX_PER -> used.getOrDefault(own, 0) < number(wanted, 0);
          case IS -> names.stream().anyMatch(n -> isSame(wanted, n));
          case GROUP_BY -> spreads(own, used, number(wanted, 0));
        };
    return fine
        ? Optional.empty()
        : Optional.of(name(constraint) + ": it has " + field + " " + own + counts(own, used));
  }

  /** Marathon up to 1.10: a new value is always fine, else one of the least used. */
  private static boolean spreads(String own, Map<String, Integer> used, int expected) {
    Integer mine = used.get(own);
    return mine == null || (used.size() >= expected && mine.equals(Collections.min(used.values())));
  }

  static boolean isHostname(String field) {
    return field.equals("hostname") || field.equals("@hostname");
  }

  private static boolean matches(String regex, String text) {
    try {
      return Pattern.matches(regex, text);
    } catch (PatternSyntaxException e) {
      return false;
    }
  }

  private static boolean isSame(String wanted, String own) {
    if (wanted.equals(own)) {
      return true;
    }
    // Mesos compares scalars with three decimals.
    Optional<Double> left = scalar(wanted);
    Optional<Double> right = scalar(own);
    return left.isPresent()
        && right.isPresent()
        && Math.round(left.get() * 1000) == Math.round(right.get() * 1000);
  }

  private static Optional<Double> scalar(String text) {
    try {
      return Optional.of(Double.parseDouble(text)).filter(Double::isFinite);
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static int number(String text, int otherwise) {
    try {
      return text.isEmpty() ? otherwise : Integer.parseInt(text);
    } catch (NumberFormatException e) {
      return otherwise;
    }
  }

  private static String counts(String own, Map<String, Integer> used) {
    int mine = used.getOrDefault(own, 0);
    return mine == 0 ? "" : " with " + mine + (mine == 1 ? " task" : " tasks") + " of the app";
  }

  private static String name(Constraint constraint) {
    return constraint.field()
        + " "
        + constraint.operator()
        + (constraint.value() == null ? "" : " " + constraint.value());
  }
}
