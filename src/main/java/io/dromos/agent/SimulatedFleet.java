package io.dromos.agent;

import io.dromos.app.Resources;
import io.dromos.placement.Agent;
import io.dromos.platform.NodeInfo;
import io.dromos.platform.Setting;
import io.dromos.platform.Settings;
import io.dromos.platform.Settings.InvalidSettingException;
import io.dromos.runtime.simulated.Script;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The simulated agents that a node plays, from the settings.
 *
 * @param owner name of the node that plays them
 * @param names such as {@code sim-00001}
 * @param attributes with {@code {N}} for the agent's number modulo N
 * @param script of tasks that bring none of their own
 */
public record SimulatedFleet(
    String owner,
    String prefix,
    List<String> names,
    Resources total,
    List<Agent.PortRange> ports,
    Map<String, String> attributes,
    Script script) {
  /** The attribute of every simulated agent; its value is the node that plays it. */
  static final String OWNER = "simulated";

  private static final int MOST = 100_000;
  private static final Pattern DEAL = Pattern.compile("\\{(\\d{1,6})}");

  public SimulatedFleet {
    names = List.copyOf(names);
    ports = List.copyOf(ports);
    attributes = Map.copyOf(attributes);
  }

  /**
   * @throws InvalidSettingException for what makes no sense
   */
  public static SimulatedFleet of(Settings settings, NodeInfo node) {
    String prefix = settings.text(Setting.SIMULATED_PREFIX);
    if (!prefix.matches("[a-z0-9][a-z0-9.-]*")) {
      throw new InvalidSettingException(
          Setting.SIMULATED_PREFIX.key()
              + "="
              + prefix
              + ": give lower case letters, digits and -");
    }
    if (node.name().startsWith(prefix)) {
      throw new InvalidSettingException(
          Setting.SIMULATED_PREFIX.key()
              + "="
              + prefix
              + ": the name of this node, "
              + node.name()
              + ", begins with it; give another");
    }
    List<String> names = new ArrayList<>();
    for (int i = 1; i <= settings.integer(Setting.SIMULATED_AGENTS, 0, MOST); i++) {
      names.add(String.format(Locale.ROOT, "%s%05d", prefix, i));
    }
    return new SimulatedFleet(
        node.name(),
        prefix,
        names,
        new Resources(
            number(settings, Setting.SIMULATED_CPUS),
            number(settings, Setting.SIMULATED_MEM),
            number(settings, Setting.SIMULATED_DISK),
            0),
        Machine.ports(settings),
        Machine.attributes(settings, Setting.SIMULATED_ATTRIBUTES),
        script(settings));
  }

  /**
   * How simulated tasks live that have no script of their own.
   *
   * @throws InvalidSettingException for a script that cannot be read
   */
  public static Script script(Settings settings) {
    try {
      return Script.PLAIN.with(settings.text(Setting.SIMULATED_SCRIPT));
    } catch (IllegalArgumentException e) {
      throw new InvalidSettingException(Setting.SIMULATED_SCRIPT.key() + ": " + e.getMessage());
    }
  }

  private static double number(Settings settings, Setting setting) {
    return Machine.number(settings, setting)
        .orElseGet(() -> Double.parseDouble(setting.defaultValue()));
  }

  /** True for an agent that this node played once, whether it still does or not. */
  boolean owns(Agent agent) {
    return owner.equals(agent.attributes().get(OWNER));
  }

  /**
   * The agents as they report themselves. They serve no planes, so nobody waits for them when
   * routes change.
   *
   * @param ids of the agents, by name
   * @param features what their runtime runs
   */
  List<Agent> agents(
      NodeInfo node, Map<String, String> ids, List<String> features, Instant startedAt) {
    List<Agent> agents = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      agents.add(
          new Agent(
              name,
              Objects.requireNonNull(ids.get(name)),
              address(i + 1),
              node.api(),
              List.of("agent"),
              total,
              ports,
              attributes(i),
              features,
              Map.of(),
              0,
              Map.of(),
              startedAt,
              startedAt));
    }
    return agents;
  }

  /** Of 198.18.0.0/15, the network that RFC 2544 sets apart for benchmarks: nobody lives there. */
  private static String address(int number) {
    return "198." + (18 + (number >> 16)) + "." + ((number >> 8) & 255) + "." + (number & 255);
  }

  private Map<String, String> attributes(int number) {
    Map<String, String> own = new TreeMap<>();
    attributes.forEach((name, value) -> own.put(name, dealt(value, number)));
    own.put(OWNER, owner);
    return own;
  }

  private static String dealt(String value, int number) {
    return DEAL.matcher(value)
        .replaceAll(
            found ->
                Matcher.quoteReplacement(
                    String.valueOf(number % Math.max(1, Integer.parseInt(found.group(1))))));
  }
}
