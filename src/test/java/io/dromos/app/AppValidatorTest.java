package io.dromos.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a definition must not say (marathon-api reference, sections 2 and 3). */
class AppValidatorTest {
  private static final AppValidator VALIDATOR =
      new AppValidator(Set.of("127.0.0.1", "localhost", "::1", "Node1.example.com", "10.0.0.5"));

  @Test
  void aPlainAppIsFine() {
    assertEquals(List.of(), VALIDATOR.validate(new Draft().spec()));
  }

  @ParameterizedTest
  @CsvSource({
    "/X_Y,must fully match regular expression",
    "/a/-b,must fully match regular expression",
    "/foo/restart,must not end with any of the following reserved keywords",
    "/tasks,must not end with any of the following reserved keywords",
    "/,Path must contain at least one path element",
  })
  void idsFollowMarathonsRules(String id, String message) {
    List<Violation> found = VALIDATOR.validate(new Draft().id(id).spec());
    assertTrue(
        found.stream().anyMatch(v -> v.path().equals("/id") && v.message().startsWith(message)),
        found.toString());
  }

  @Test
  void anIdHasRoomInTheNameOfADirectory() {
    String longest = "/" + "a/".repeat(99) + "b";
    assertEquals(List.of(), VALIDATOR.validate(new Draft().id(longest).spec()));
    List<Violation> found = VALIDATOR.validate(new Draft().id(longest + "/c").spec());
    assertEquals("/id", found.get(0).path());
    assertTrue(found.get(0).message().startsWith("must not be longer"), found.toString());
  }

  @Test
  void somethingMustRun() {
    Violation nothing =
        new Violation(
            "/", "AppDefinition must either contain one of 'cmd' or 'args', and/or a 'container'.");
    assertEquals(List.of(nothing), VALIDATOR.validate(new Draft().cmd(null).spec()));
    assertEquals(List.of(nothing), VALIDATOR.validate(new Draft().args(List.of("a")).spec()));
    assertEquals(
        List.of(new Violation("/", "must not be an empty string")),
        VALIDATOR.validate(new Draft().cmd("x").spec()));
    assertEquals(List.of(), VALIDATOR.validate(new Draft().cmd(null).image("nginx").spec()));
    assertEquals(
        List.of(), VALIDATOR.validate(new Draft().cmd(null).args(List.of("a")).image("i").spec()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nonsense | needs the form /name:port",
        "/sise:0 | needs a port between",
        "/sise:x | needs a port number",
        "/: | needs a port number",
        "/sise:-1 | needs a port between",
        "/sise:70000 | needs a port between",
        "1.2.3:80 | looks like an address but is not one",
        "fd01:c::17:5000 | IPv6 VIPs are not served",
        "/:80 | leaves no name for DNS",
        "é:80 | leaves no name for DNS",
        "127.0.0.1:5000 | is a name of the Dromos API",
        "10.0.0.5:80 | is a name of the Dromos API",
      })
  void vipLabelsAreJudgedAtAdmission(String value, String message) {
    List<Violation> found =
        VALIDATOR.validate(new Draft().port(port(0, null, Map.of("VIP_0", value))).spec());
    assertEquals("/portDefinitions(0)/labels/VIP_0", found.get(0).path());
    assertTrue(found.get(0).message().contains(message), found.toString());
  }

  @Test
  void goodVipLabelsPass() {
    for (String value : List.of("/sise:80", "sise:80", "1.2.3.4:5000", "/api.web:443")) {
      assertEquals(
          List.of(),
          VALIDATOR.validate(new Draft().port(port(0, null, Map.of("VIP_0", value))).spec()));
    }
    assertEquals(
        List.of(),
        VALIDATOR.validate(new Draft().port(port(0, null, Map.of("Vip_0", "no"))).spec()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "a.example.com, LocalHost",
        "http://node1.example.com/",
        "http://node1.example.com:8080",
        "node1.example.com.",
        "*.example.com",
        "[::1]:8080",
        "127.0.0.1"
      })
  void noAppMayClaimAHostOfTheApi(String vhost) {
    List<Violation> found =
        VALIDATOR.validate(new Draft().labels(Map.of("HAPROXY_0_VHOST", vhost)).spec());
    assertEquals(1, found.size(), found.toString());
    assertEquals("/labels/HAPROXY_0_VHOST", found.get(0).path());
  }

  @Test
  void otherVhostsPass() {
    for (String vhost :
        List.of("www.example.com", "http://ec2-52-42-2-149.us-west-2.compute.amazonaws.com")) {
      assertEquals(
          List.of(),
          VALIDATOR.validate(new Draft().labels(Map.of("HAPROXY_0_VHOST", vhost)).spec()));
    }
  }

  @Test
  void portsAndTheirNamesAreUnique() {
    Draft same = new Draft().port(port(8080, "a", Map.of())).port(port(8080, "a", Map.of()));
    assertEquals(
        List.of(
            new Violation("/portDefinitions", "Port names must be unique."),
            new Violation("/portDefinitions", "Ports must be unique.")),
        VALIDATOR.validate(same.spec()));
    Draft random = new Draft().port(port(0, null, Map.of())).port(port(0, null, Map.of()));
    assertEquals(List.of(), VALIDATOR.validate(random.spec()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "UNIQUE | x | UNIQUE does not accept a value",
        "GROUP_BY | x | GROUP BY must define an integer value or else no value at all",
        "MAX_PER | | MAX_PER requires an integer value",
        "LIKE | | LIKE and UNLIKE require a non-empty, regular expression value",
        "UNLIKE | [ | '[' is not a valid regular expression",
        "IS | a b | IS only supports Mesos text and float values (see"
            + " http://mesos.apache.org/documentation/latest/attributes-resources/)",
      })
  void constraintsNeedTheirValue(String operator, String value, String message) {
    Constraint constraint =
        new Constraint("hostname", Constraint.Operator.valueOf(operator), value);
    assertEquals(
        List.of(new Violation("/constraints(0)", message)),
        VALIDATOR.validate(new Draft().constraints(List.of(constraint)).spec()));
  }

  @Test
  void healthChecksAddressAPort() {
    Violation noPort =
        new Violation(
            "/healthChecks(0)",
            "Health check port indices must address an element of the ports array or container"
                + " port mappings.");
    Draft two = new Draft().port(port(0, null, Map.of())).port(port(0, null, Map.of()));
    assertEquals(List.of(noPort), VALIDATOR.validate(two.check(3, null).spec()));
    assertEquals(List.of(noPort), VALIDATOR.validate(two.check(null, null).spec()));
    assertEquals(List.of(), VALIDATOR.validate(two.check(1, null).spec()));
    Draft one = new Draft().port(port(0, null, Map.of()));
    assertEquals(List.of(), VALIDATOR.validate(one.check(null, null).spec()));
  }

  @Test
  void aCommandBelongsToACommandCheck() {
    List<Violation> found =
        VALIDATOR.validate(new Draft().port(port(0, null, Map.of())).check(0, "true").spec());
    assertEquals("/healthChecks(0)/command", found.get(0).path());
  }

  @Test
  void anUnknownDockerParameterIsRefusedByItsPath() {
    List<Violation> found =
        VALIDATOR.validate(
            contained(
                "x",
                List.of(
                    new Container.Parameter("hostname", "a"),
                    new Container.Parameter("log-driver", "syslog")),
                List.of()));
    assertEquals(1, found.size(), found.toString());
    assertEquals("/container/docker/parameters(1)/key", found.get(0).path());
    assertTrue(found.get(0).message().startsWith("'log-driver' is not supported"));
  }

  @Test
  void aPlainProcessIsNotPromisedMounts() {
    Container.Volume linked = new Container.Volume("data/in", "/srv/data", false);
    Container.Volume same = new Container.Volume("/srv/data", "/srv/data", false);
    assertEquals(List.of(), VALIDATOR.validate(contained(null, List.of(), List.of(linked, same))));
    Container.Volume mounted = new Container.Volume("/data", "/srv/data", false);
    Container.Volume escaping = new Container.Volume("../data", "/srv/data", false);
    Container.Volume readOnly = new Container.Volume("data", "/srv/data", true);
    assertEquals(
        List.of(
            "/container/volumes(0)/containerPath",
            "/container/volumes(1)/containerPath",
            "/container/volumes(2)/mode"),
        VALIDATOR
            .validate(contained(null, List.of(), List.of(mounted, escaping, readOnly)))
            .stream()
            .map(Violation::path)
            .toList());
    assertEquals(
        List.of(), VALIDATOR.validate(contained("x", List.of(), List.of(mounted, readOnly))));
  }

  private static AppSpec contained(
      @org.jspecify.annotations.Nullable String image,
      List<Container.Parameter> parameters,
      List<Container.Volume> volumes) {
    AppSpec plain = new Draft().spec();
    return new AppSpec(
        plain.id(),
        plain.cmd(),
        plain.args(),
        plain.user(),
        plain.env(),
        plain.labels(),
        plain.instances(),
        plain.resources(),
        new Container(
            image == null ? Container.Type.MESOS : Container.Type.DOCKER,
            image,
            false,
            false,
            parameters,
            volumes),
        plain.network(),
        plain.ports(),
        plain.requirePorts(),
        plain.healthChecks(),
        plain.readinessChecks(),
        plain.upgradeStrategy(),
        plain.unreachableStrategy(),
        plain.killSelection(),
        plain.backoff(),
        plain.killGraceSeconds(),
        plain.constraints(),
        plain.acceptedResourceRoles(),
        plain.role(),
        plain.fetch(),
        plain.dependencies(),
        plain.executor(),
        plain.tty(),
        plain.version(),
        plain.lastScalingAt(),
        plain.lastConfigChangeAt());
  }

  @Test
  void aSingleInstanceIsSingle() {
    List<Violation> found =
        VALIDATOR.validate(
            new Draft()
                .labels(Map.of("MARATHON_SINGLE_INSTANCE_APP", "true"))
                .change(spec -> spec.withInstances(2))
                .spec());
    assertTrue(
        found.contains(new Violation("/", "Single instance app may only have one instance")),
        found.toString());
    assertTrue(
        found.stream().anyMatch(v -> v.path().equals("/upgradeStrategy/maximumOverCapacity")));
  }

  private static PortSpec port(
      int port, @org.jspecify.annotations.Nullable String name, Map<String, String> labels) {
    return new PortSpec(null, 0, port, List.of(Protocol.TCP), name, labels);
  }

  /** A definition in the making; immutable, every step a copy. */
  private record Draft(
      String id,
      String cmd,
      List<String> args,
      String image,
      Map<String, String> labels,
      List<PortSpec> ports,
      List<HealthCheck> checks,
      List<Constraint> constraints,
      UnaryOperator<AppSpec> change) {
    Draft() {
      this(
          "/x",
          "sleep 1",
          List.of(),
          null,
          Map.of(),
          List.of(),
          List.of(),
          List.of(),
          spec -> spec);
    }

    Draft id(String to) {
      return new Draft(to, cmd, args, image, labels, ports, checks, constraints, change);
    }

    Draft cmd(String to) {
      return new Draft(id, to, args, image, labels, ports, checks, constraints, change);
    }

    Draft args(List<String> to) {
      return new Draft(id, cmd, to, image, labels, ports, checks, constraints, change);
    }

    Draft image(String to) {
      return new Draft(id, cmd, args, to, labels, ports, checks, constraints, change);
    }

    Draft labels(Map<String, String> to) {
      return new Draft(id, cmd, args, image, to, ports, checks, constraints, change);
    }

    Draft port(PortSpec one) {
      List<PortSpec> more = new java.util.ArrayList<>(ports);
      more.add(one);
      return new Draft(id, cmd, args, image, labels, more, checks, constraints, change);
    }

    Draft check(Integer portIndex, String command) {
      HealthCheck one =
          new HealthCheck(
              HealthCheck.Protocol.HTTP,
              "/",
              portIndex,
              null,
              command,
              300,
              60,
              20,
              3,
              15,
              false,
              "IPv4");
      return new Draft(id, cmd, args, image, labels, ports, List.of(one), constraints, change);
    }

    Draft constraints(List<Constraint> to) {
      return new Draft(id, cmd, args, image, labels, ports, checks, to, change);
    }

    Draft change(UnaryOperator<AppSpec> to) {
      return new Draft(id, cmd, args, image, labels, ports, checks, constraints, to);
    }

    AppSpec spec() {
      Container container =
          image == null
              ? null
              : new Container(Container.Type.DOCKER, image, false, false, List.of(), List.of());
      return change.apply(
          new AppSpec(
              AppId.of(id),
              cmd,
              args,
              null,
              Map.of(),
              labels,
              1,
              new Resources(1, 128, 0, 0),
              container,
              Network.HOST,
              ports,
              false,
              checks,
              List.of(),
              UpgradeStrategy.DEFAULT,
              UnreachableStrategy.DEFAULT,
              KillSelection.YOUNGEST_FIRST,
              BackoffSpec.DEFAULT,
              null,
              constraints,
              List.of(),
              "*",
              List.of(),
              List.of(),
              "",
              null,
              Instant.EPOCH,
              Instant.EPOCH,
              Instant.EPOCH));
    }
  }
}
