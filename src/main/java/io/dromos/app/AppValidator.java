package io.dromos.app;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * What a canonical definition must not say (Marathon 1.11: {@code AppValidation}), and what the
 * closed door forbids: claiming a name or address of the API. Paths and sentences are Marathon's
 * where it has them.
 */
public final class AppValidator {
  /** The label of an app that must never have two instances. */
  public static final String SINGLE_INSTANCE = "MARATHON_SINGLE_INSTANCE_APP";

  private static final Set<String> RESERVED = Set.of("restart", "tasks", "versions");
  private static final Pattern VHOST_LABEL = Pattern.compile("HAPROXY_\\d+_VHOST");
  private static final Pattern VHOST =
      Pattern.compile("(?:[a-zA-Z][a-zA-Z0-9+.-]*://)?(\\[[^\\]]*\\]|[^/:\\s]*)(?::\\d+)?(?:/.*)?");
  private static final Pattern IS_VALUE = Pattern.compile("[a-zA-Z0-9_/.-]+");

  /** DC/OS' public agents; here agents that are an edge too. */
  private static final String PUBLIC_ROLE = "slave_public";

  /** A file name has 255 bytes; the id of a task is that of its app, a dot and a UUID. */
  private static final int LONGEST_ID = 200;

  private final Set<String> ownHosts;
  private final LabelRules labelRules;

  /** As {@link #AppValidator(Set, LabelRules)}, without rules about labels. */
  public AppValidator(Set<String> ownHosts) {
    this(ownHosts, LabelRules.NONE);
  }

  /**
   * A validator for this node's API.
   *
   * @param ownHosts host names and addresses that the API answers to
   * @param labelRules rules about labels that are not known here
   */
  public AppValidator(Set<String> ownHosts, LabelRules labelRules) {
    Set<String> hosts = new HashSet<>();
    ownHosts.forEach(h -> hosts.add(host(h)));
    this.ownHosts = Set.copyOf(hosts);
    this.labelRules = labelRules;
  }

  /** Everything that is wrong with one definition; empty when nothing is. */
  public List<Violation> validate(AppSpec app) {
    List<Violation> out = new ArrayList<>();
    id(app, out);
    command(app, out);
    ContainerRules.check(app, out);
    ports(app, out);
    vips(app, out);
    vhosts(app, out);
    healthChecks(app, out);
    readinessChecks(app, out);
    strategies(app, out);
    roles(app, out);
    labels(app, out);
    out.addAll(labelRules.check(app, ownHosts));
    deadline(app, out);
    for (int i = 0; i < app.constraints().size(); i++) {
      constraint(app.constraints().get(i), "/constraints(" + i + ")", out);
    }
    return out;
  }

  private static void id(AppSpec app, List<Violation> out) {
    AppId id = app.id();
    if (id.isRoot()) {
      out.add(new Violation("/id", "Path must contain at least one path element"));
      out.add(new Violation("/", "must not be root"));
    }
    when(
        !id.hasValidSegments(),
        "/id",
        "must fully match regular expression '" + AppId.SEGMENT_PATTERN + "'",
        out);
    when(
        RESERVED.contains(id.name()),
        "/id",
        "must not end with any of the following reserved keywords: restart, tasks, versions, ., ..",
        out);
    when(
        id.path().length() > LONGEST_ID,
        "/id",
        "must not be longer than " + LONGEST_ID + " characters: ids of tasks name directories",
        out);
    for (int i = 0; i < app.dependencies().size(); i++) {
      when(
          !app.dependencies().get(i).hasValidSegments(),
          "/dependencies(" + i + ")",
          "must fully match regular expression '" + AppId.SEGMENT_PATTERN + "'",
          out);
    }
  }

  private static void command(AppSpec app, List<Violation> out) {
    String line = app.cmd();
    boolean cmd = line != null;
    boolean args = !app.args().isEmpty();
    when(line != null && line.length() < 2, "/", "must not be an empty string", out);
    when(
        (cmd && args) || (!cmd && !args && !app.needsDocker()),
        "/",
        "AppDefinition must either contain one of 'cmd' or 'args', and/or a 'container'.",
        out);
    boolean ownExecutor = !app.executor().isEmpty() && !app.executor().equals("//cmd");
    when(ownExecutor, "/executor", "custom executors are not supported", out);
    for (int i = 0; i < app.fetch().size(); i++) {
      when(
          app.fetch().get(i).uri().isBlank() || app.fetch().get(i).uri().contains(" "),
          "/fetch(" + i + ")/uri",
          "URI has invalid syntax.",
          out);
    }
  }

  private static void ports(AppSpec app, List<Violation> out) {
    boolean host = app.network().mode() == Network.Mode.HOST;
    String path = host ? "/portDefinitions" : "/container/portMappings";
    List<String> names = app.ports().stream().map(PortSpec::name).filter(n -> n != null).toList();
    when(new HashSet<>(names).size() < names.size(), path, "Port names must be unique.", out);
    List<Integer> fixed =
        app.ports().stream().map(PortSpec::servicePort).filter(p -> p != 0).toList();
    when(host && new HashSet<>(fixed).size() < fixed.size(), path, "Ports must be unique.", out);
  }

  private void vips(AppSpec app, List<Violation> out) {
    for (VipClaim claim : VipClaim.of(app, out)) {
      claim(claim.label(), claim.path(), out);
    }
    out.addAll(VipSharing.problems(app));
  }

  private void claim(VipLabel vip, String path, List<Violation> out) {
    String name = vip.address() ? vip.name() : vip.name() + ".marathon.l4lb.thisdcos.directory";
    when(
        ownHosts.contains(name),
        path,
        "'" + name + "' is a name of the Dromos API; no app may claim it",
        out);
  }

  private void vhosts(AppSpec app, List<Violation> out) {
    for (Map.Entry<String, String> label : sorted(app.labels())) {
      if (VHOST_LABEL.matcher(label.getKey()).matches()) {
        for (String text : label.getValue().split(",")) {
          String vhost = host(text);
          when(
              ownHosts.stream().anyMatch(own -> covers(vhost, own)),
              "/labels/" + label.getKey(),
              "'" + vhost + "' is a name of the Dromos API; no app may claim it",
              out);
        }
      }
    }
  }

  /** A wildcard claims every name below it. */
  private static boolean covers(String vhost, String own) {
    return vhost.equals(own)
        || vhost.equals("*")
        || (vhost.startsWith("*.") && own.endsWith(vhost.substring(1)));
  }

  /** The bare host of what people write: scheme, port, path and case dropped. */
  private static String host(String text) {
    Matcher matcher = VHOST.matcher(text.strip());
    String host = matcher.matches() ? matcher.group(1) : text.strip();
    String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    String lower = bare.toLowerCase(Locale.ROOT);
    return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
  }

  private static void healthChecks(AppSpec app, List<Violation> out) {
    long agentRun =
        app.healthChecks().stream()
            .filter(c -> c.protocol().isAgentRun() && c.command() == null)
            .count();
    when(agentRun > 1, "/", "AppDefinition can contain at most one Mesos health check", out);
    for (int i = 0; i < app.healthChecks().size(); i++) {
      HealthCheck check = app.healthChecks().get(i);
      String path = "/healthChecks(" + i + ")";
      boolean command = check.protocol() == HealthCheck.Protocol.COMMAND;
      when(command && check.command() == null, path + "/command", "not defined", out);
      when(
          !command && check.command() != null,
          path + "/command",
          "only allowed with protocol COMMAND",
          out);
      when(
          command && (check.path() != null || check.port() != null || check.portIndex() != null),
          path,
          "path, port and portIndex are not allowed with protocol COMMAND",
          out);
      when(
          !command && !hasPort(check, app.ports().size()),
          path,
          "Health check port indices must address an element of the ports array or container port"
              + " mappings.",
          out);
      boolean docker = app.container() != null && app.container().type() == Container.Type.DOCKER;
      when(
          check.ipProtocol().equals("IPv6")
              && (!docker || !check.protocol().isAgentRun() || command),
          path,
          "IPv6 can only be used for container type DOCKER and Mesos http/https/tcp health checks",
          out);
    }
  }

  private static boolean hasPort(HealthCheck check, int ports) {
    if (check.portIndex() != null) {
      return check.portIndex() < ports;
    }
    return check.port() != null || ports == 1;
  }

  private static void readinessChecks(AppSpec app, List<Violation> out) {
    when(
        app.readinessChecks().size() > 1,
        "/readinessChecks",
        "got " + app.readinessChecks().size() + ", expected 1 or less",
        out);
    for (int i = 0; i < app.readinessChecks().size(); i++) {
      ReadinessCheck check = app.readinessChecks().get(i);
      String path = "/readinessChecks(" + i + ")";
      when(
          app.ports().stream().noneMatch(p -> check.portName().equals(p.name())),
          path + "/portName",
          "No port definition reference for portName " + check.portName(),
          out);
      when(
          check.timeoutSeconds() >= check.intervalSeconds(),
          path + "/timeoutSeconds",
          "got " + check.timeoutSeconds() + ", expected less than " + check.intervalSeconds(),
          out);
    }
  }

  private static void deadline(AppSpec app, List<Violation> out) {
    String text = app.labels().get(DeadlineLabel.KEY);
    when(
        text != null && !DeadlineLabel.isValid(text),
        "/labels/" + DeadlineLabel.KEY,
        "must be a whole number of seconds from 0 (no deadline) to " + DeadlineLabel.MAXIMUM,
        out);
  }

  private static void strategies(AppSpec app, List<Violation> out) {
    UnreachableStrategy unreachable = app.unreachableStrategy();
    when(
        unreachable.inactiveAfterSeconds() > unreachable.expungeAfterSeconds(),
        "/unreachableStrategy",
        "inactiveAfterSeconds ("
            + unreachable.inactiveAfterSeconds()
            + ") must be less or equal to expungeAfterSeconds, which is "
            + unreachable.expungeAfterSeconds(),
        out);
    if ("true".equals(app.labels().get(SINGLE_INSTANCE))) {
      when(app.instances() > 1, "/", "Single instance app may only have one instance", out);
      UpgradeStrategy upgrade = app.upgradeStrategy();
      zero("/upgradeStrategy/minimumHealthCapacity", upgrade.minimumHealthCapacity(), out);
      zero("/upgradeStrategy/maximumOverCapacity", upgrade.maximumOverCapacity(), out);
    }
  }

  private static void zero(String path, double value, List<Violation> out) {
    when(value != 0, path, "got " + value + ", expected 0.0", out);
  }

  private static void roles(AppSpec app, List<Violation> out) {
    Set<String> valid = new TreeSet<>(Set.of("*"));
    if (app.id().segments().size() > 1) {
      valid.add(app.id().segments().get(0));
    }
    when(
        !valid.contains(app.role()),
        "/role",
        "role must be one of '" + String.join("', '", valid) + "'",
        out);
    when(
        app.acceptedResourceRoles().stream()
            .anyMatch(r -> !r.equals("*") && !r.equals(app.role()) && !r.equals(PUBLIC_ROLE)),
        "/acceptedResourceRoles",
        "acceptedResourceRoles can only contain * and " + app.role(),
        out);
  }

  private static void labels(AppSpec app, List<Violation> out) {
    String api = app.labels().getOrDefault("DCOS_MIGRATION_API_VERSION", "");
    boolean complete =
        api.equals("v1")
            && !app.labels().getOrDefault("DCOS_PACKAGE_FRAMEWORK_NAME", "").isEmpty()
            && !app.labels().getOrDefault("DCOS_MIGRATION_API_PATH", "").isEmpty();
    when(
        !api.isEmpty() && !complete,
        "/",
        "DCOS_PACKAGE_FRAMEWORK_NAME and DCOS_MIGRATION_API_PATH must be defined when using"
            + " DCOS_MIGRATION_API_VERSION",
        out);
  }

  private static void constraint(Constraint constraint, String path, List<Violation> out) {
    String value = constraint.value();
    when(constraint.field().isEmpty(), path, "missing field for constraint declaration", out);
    String broken =
        switch (constraint.operator()) {
          case UNIQUE -> value == null ? null : "UNIQUE does not accept a value";
          case CLUSTER -> null;
          case GROUP_BY ->
              value == null || isInteger(value)
                  ? null
                  : "GROUP BY must define an integer value or else no value at all";
          case MAX_PER ->
              value != null && isInteger(value) ? null : "MAX_PER requires an integer value";
          case LIKE, UNLIKE -> pattern(value);
          case IS ->
              value != null && IS_VALUE.matcher(value).matches()
                  ? null
                  : "IS only supports Mesos text and float values (see"
                      + " http://mesos.apache.org/documentation/latest/attributes-resources/)";
        };
    if (broken != null) {
      out.add(new Violation(path, broken));
    }
  }

  private static @Nullable String pattern(@Nullable String value) {
    if (value == null || value.isEmpty()) {
      return "LIKE and UNLIKE require a non-empty, regular expression value";
    }
    try {
      Pattern.compile(value);
      return null;
    } catch (PatternSyntaxException e) {
      return "'" + value + "' is not a valid regular expression";
    }
  }

  private static boolean isInteger(String value) {
    return value.matches("-?\\d{1,9}");
  }

  static String portPath(AppSpec app, int index) {
    return (app.network().mode() == Network.Mode.HOST
            ? "/portDefinitions("
            : "/container/portMappings(")
        + index
        + ")";
  }

  private static List<Map.Entry<String, String>> sorted(Map<String, String> labels) {
    return List.copyOf(new TreeMap<>(labels).entrySet());
  }

  private static void when(boolean broken, String path, String message, List<Violation> out) {
    if (broken) {
      out.add(new Violation(path, message));
    }
  }
}
