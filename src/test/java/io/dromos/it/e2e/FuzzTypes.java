package io.dromos.it.e2e;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The field types of apps and groups as the RAML of Marathon 1.11 declares them ({@code
 * v2/types/app.raml}, {@code group.raml} and what they use): names, types, ranges and words.
 */
final class FuzzTypes {
  /** The type of a value. */
  sealed interface Shape {}

  /** Text; {@code good} are values that mean something. */
  record Text(List<String> good) implements Shape {}

  record Whole(long min, long max) implements Shape {}

  record Decimal(double min, double max) implements Shape {}

  record Flag() implements Shape {}

  record ListOf(Shape items, int most) implements Shape {}

  record MapOf(List<String> keys, Shape values) implements Shape {}

  record Fields(Map<String, Shape> types, List<String> required) implements Shape {}

  record OneOf(List<Shape> types) implements Shape {}

  private static final Shape FLAG = new Flag();
  private static final Shape SECONDS = new Whole(0, 86_400);
  private static final Shape PORT = new Whole(0, 65_535);
  private static final Shape LABELS =
      new MapOf(
          List.of("env", "VIP_0", "VIP_1", "HAPROXY_GROUP", "HAPROXY_0_VHOST", "a.b-c", "team"),
          text("prod", "/web:80", "external", "web.example.org", "1.2.3.4:5", "", "x"));
  private static final Shape NAME = text("http", "web", "admin-1", "p0");

  static final Shape APP_ID =
      text("/fuzz/a", "/fuzz/b", "/fuzz/c", "fuzz/d", "/fuzz/deep/e", "/fuzz/deep/er/f", "/top");

  static final Fields APP = app();
  static final Fields GROUP = group();

  private FuzzTypes() {}

  private static Fields app() {
    Map<String, Shape> fields = new LinkedHashMap<>();
    fields.put("id", APP_ID);
    fields.put("cmd", text("sleep 1000", "true", "exec sleep 5", "echo $PORT0 && sleep 10"));
    fields.put("instances", new Whole(0, 3));
    fields.put("cpus", new Decimal(0.001, 4));
    fields.put("mem", new Decimal(0, 1024));
    fields.put("disk", new Decimal(0, 10));
    fields.put("gpus", new Whole(0, 1));
    fields.put("args", new ListOf(text("sleep", "1000", "-c", "a b"), 4));
    fields.put("user", text("nobody", "root"));
    fields.put("env", new MapOf(List.of("A", "PORT0", "b-c", "secret"), env()));
    fields.put("labels", LABELS);
    fields.put("executor", text("", "//cmd", "/some/executor"));
    fields.put("role", text("*", "fuzz", "top"));
    fields.put("acceptedResourceRoles", new ListOf(text("*", "fuzz", "public"), 2));
    fields.put("constraints", new ListOf(constraint(), 3));
    fields.put("dependencies", new ListOf(APP_ID, 2));
    fields.put("backoffSeconds", SECONDS);
    fields.put("backoffFactor", new Decimal(1, 10));
    fields.put("maxLaunchDelaySeconds", SECONDS);
    fields.put("taskKillGracePeriodSeconds", SECONDS);
    fields.put("killSelection", text("YOUNGEST_FIRST", "OLDEST_FIRST", "youngest_first"));
    fields.put("upgradeStrategy", upgrade());
    fields.put("unreachableStrategy", unreachable());
    fields.put("networks", new ListOf(network(), 2));
    fields.put("portDefinitions", new ListOf(portDefinition(), 3));
    fields.put("requirePorts", FLAG);
    fields.put("container", container());
    fields.put("healthChecks", new ListOf(healthCheck(), 2));
    fields.put("readinessChecks", new ListOf(readinessCheck(), 1));
    fields.put("fetch", new ListOf(artifact(), 2));
    fields.put("tty", FLAG);
    fields.put("secrets", new MapOf(List.of("s"), fields("source", text("/x"))));
    fields.put("residency", fields("taskLostBehavior", text("WAIT_FOREVER")));
    fields.put("version", text("2024-01-01T12:00:00.000Z", "2000-01-01T00:00:00.000Z"));
    fields.put("versionInfo", fields("lastScalingAt", text("2024-01-01T12:00:00.000Z")));
    fields.put("ports", new ListOf(PORT, 3));
    fields.put("uris", new ListOf(text("http://127.0.0.1:1/a.tgz", "file:///x"), 2));
    fields.put("storeUrls", new ListOf(text("http://127.0.0.1:1/a"), 1));
    fields.put("ipAddress", ipAddress());
    fields.put("check", fields("exec", fields("command", fields("shell", text("true")))));
    fields.put("resourceLimits", fields("cpus", new OneOf(List.of(SECONDS, text("unlimited")))));
    fields.put("tasksRunning", new Whole(0, 9));
    return new Fields(fields, List.of("id", "cmd"));
  }

  private static Fields group() {
    Map<String, Shape> fields = new LinkedHashMap<>();
    fields.put("id", text("/fuzz", "/fuzz/deep", "/other", "/", "fuzz"));
    fields.put("apps", new ListOf(APP, 3));
    fields.put(
        "groups",
        new ListOf(
            fields("id", text("deep", "er", "../x"), "apps", new ListOf(APP, 2), "groups", APP_ID),
            2));
    fields.put("dependencies", new ListOf(APP_ID, 2));
    fields.put("scaleBy", new Decimal(0, 3));
    fields.put("version", text("2024-01-01T12:00:00.000Z"));
    fields.put("enforceRole", FLAG);
    return new Fields(fields, List.of());
  }

  private static Shape env() {
    return new OneOf(List.of(text("1", "", "x y"), text("1"), fields("secret", text("s"))));
  }

  private static Shape constraint() {
    return new ListOf(
        text("hostname", "UNIQUE", "CLUSTER", "GROUP_BY", "LIKE", "rack", "MAX_PER", "IS", "2"), 3);
  }

  private static Shape upgrade() {
    return fields(
        "maximumOverCapacity", new Decimal(0, 1), "minimumHealthCapacity", new Decimal(0, 1));
  }

  private static Shape unreachable() {
    return new OneOf(
        List.of(
            text("disabled"),
            fields("inactiveAfterSeconds", SECONDS, "expungeAfterSeconds", SECONDS)));
  }

  private static Shape network() {
    return fields(
        "mode", text("host", "container/bridge", "container"), "name", NAME, "labels", LABELS);
  }

  private static Shape portDefinition() {
    return fields(
        "port", PORT, "name", NAME, "protocol", text("tcp", "udp", "udp,tcp"), "labels", LABELS);
  }

  private static Shape mappings() {
    return new ListOf(
        fields(
            "containerPort",
            PORT,
            "hostPort",
            PORT,
            "servicePort",
            PORT,
            "name",
            NAME,
            "protocol",
            text("tcp", "udp", "udp,tcp"),
            "labels",
            LABELS,
            "networkNames",
            new ListOf(NAME, 2)),
        3);
  }

  private static Shape container() {
    return fields(
        "type",
        text("DOCKER", "MESOS", "docker"),
        "docker",
        fields(
            "image",
            text("nginx", "mhausenblas/simpleservice:0.3.0"),
            "network",
            text("HOST", "BRIDGE", "USER", "NONE"),
            "privileged",
            FLAG,
            "forcePullImage",
            FLAG,
            "parameters",
            new ListOf(fields("key", text("env", "hostname"), "value", text("a=b")), 2),
            "portMappings",
            mappings(),
            "credential",
            fields("principal", text("p")),
            "pullConfig",
            fields("secret", text("s"))),
        "volumes",
        new ListOf(volume(), 2),
        "portMappings",
        mappings(),
        "linuxInfo",
        fields("seccomp", fields("unconfined", FLAG)));
  }

  private static Shape volume() {
    return fields(
        "containerPath",
        text("/data", "data"),
        "hostPath",
        text("/tmp", "relative"),
        "mode",
        text("RO", "RW"),
        "persistent",
        fields("size", SECONDS),
        "external",
        fields("name", NAME),
        "secret",
        text("s"));
  }

  private static Shape healthCheck() {
    return fields(
        "protocol",
        text("HTTP", "HTTPS", "TCP", "COMMAND", "MESOS_HTTP", "MESOS_TCP"),
        "path",
        text("/", "/health"),
        "portIndex",
        new Whole(0, 2),
        "port",
        PORT,
        "command",
        fields("value", text("true")),
        "gracePeriodSeconds",
        SECONDS,
        "intervalSeconds",
        SECONDS,
        "timeoutSeconds",
        SECONDS,
        "maxConsecutiveFailures",
        new Whole(0, 5),
        "delaySeconds",
        SECONDS,
        "ignoreHttp1xx",
        FLAG,
        "ipProtocol",
        text("IPv4", "IPv6"));
  }

  private static Shape readinessCheck() {
    return fields(
        "name",
        NAME,
        "protocol",
        text("HTTP", "HTTPS"),
        "path",
        text("/ready"),
        "portName",
        NAME,
        "intervalSeconds",
        SECONDS,
        "timeoutSeconds",
        SECONDS,
        "httpStatusCodesForReady",
        new ListOf(new Whole(100, 999), 2),
        "preserveLastResponse",
        FLAG);
  }

  private static Shape artifact() {
    return fields(
        "uri",
        text("http://127.0.0.1:1/a.tgz", "file:///nowhere"),
        "extract",
        FLAG,
        "executable",
        FLAG,
        "cache",
        FLAG,
        "destPath",
        text("a/b", "../up"));
  }

  private static Shape ipAddress() {
    return fields(
        "groups",
        new ListOf(NAME, 2),
        "labels",
        LABELS,
        "networkName",
        NAME,
        "discovery",
        fields(
            "ports", new ListOf(fields("number", PORT, "name", NAME, "protocol", text("tcp")), 2)));
  }

  private static Text text(String... good) {
    return new Text(List.of(good));
  }

  private static Fields fields(Object... namesAndTypes) {
    Map<String, Shape> fields = new LinkedHashMap<>();
    for (int i = 0; i < namesAndTypes.length; i += 2) {
      fields.put((String) namesAndTypes[i], (Shape) namesAndTypes[i + 1]);
    }
    return new Fields(fields, List.of());
  }
}
