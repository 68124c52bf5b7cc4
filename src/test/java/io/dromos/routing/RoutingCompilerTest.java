package io.dromos.routing;

import static io.dromos.routing.Scene.app;
import static io.dromos.routing.Scene.at;
import static io.dromos.routing.Scene.check;
import static io.dromos.routing.Scene.containerApp;
import static io.dromos.routing.Scene.edgeApp;
import static io.dromos.routing.Scene.healthy;
import static io.dromos.routing.Scene.killed;
import static io.dromos.routing.Scene.port;
import static io.dromos.routing.Scene.task;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.app.HealthCheck;
import io.dromos.app.NameLabel;
import io.dromos.app.Network;
import io.dromos.app.PortSpec;
import io.dromos.app.Protocol;
import io.dromos.task.Task;
import io.dromos.task.TaskId;
import io.dromos.task.TaskState;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What traffic must believe, given what is known. */
class RoutingCompilerTest {
  private static final String ZONE = ".marathon.l4lb.thisdcos.directory";
  private static final String DCOS = ".dcos.thisdcos.directory";

  private static List<String> keys(RoutingSnapshot snapshot) {
    return snapshot.vips().stream().map(Vip::key).toList();
  }

  private static List<String> endpoints(List<Backend> backends) {
    return backends.stream().map(b -> b.endpoint() + " " + b.state()).toList();
  }

  @Test
  void aNamedVipLeadsToTheHostPortOnTheTasksNode() {
    AppSpec sise = app("/sise", port(10000, "/sise:80"));
    RoutingSnapshot snapshot = new Scene().with(sise).run(sise, "sise.1", 31005).compile();
    Vip vip = snapshot.vips().get(0);
    assertEquals("sise" + ZONE + ":80/tcp", vip.key());
    assertEquals("127.128.1.0", vip.localAddress());
    assertEquals(List.of("10.0.0.1:31005 ACTIVE"), endpoints(vip.backends()));
    assertEquals(Map.of(), snapshot.warnings());
  }

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource({
    "/sise:80, sise.marathon.l4lb.thisdcos.directory:80/tcp",
    "sise:80, sise.marathon.l4lb.thisdcos.directory:80/tcp",
    "/mygroup/myapp:80, mygroupmyapp.marathon.l4lb.thisdcos.directory:80/tcp",
    "api.hello-world:80, api.hello-world.marathon.l4lb.thisdcos.directory:80/tcp",
    "My_App:80, my-app.marathon.l4lb.thisdcos.directory:80/tcp",
    "1.2.3.4:5000, 1.2.3.4:5000/tcp"
  })
  void labelsNameVips(String label, String key) {
    AppSpec one = app("/one", port(10000, label));
    assertEquals(List.of(key), keys(new Scene().with(one).run(one, "one.1", 31000).compile()));
  }

  @Test
  void allLabelsOfAPortAndAllProtocolsShareItsBackendAndNamesShareAddresses() {
    AppSpec one =
        app("/one", port(10000, List.of(Protocol.UDP, Protocol.TCP), "/a:80", "/b:80", "/a:443"));
    RoutingSnapshot snapshot = new Scene().with(one).run(one, "one.1", 31000).compile();
    assertEquals(
        List.of(
            "a" + ZONE + ":443/tcp",
            "a" + ZONE + ":443/udp",
            "a" + ZONE + ":80/tcp",
            "a" + ZONE + ":80/udp",
            "b" + ZONE + ":80/tcp",
            "b" + ZONE + ":80/udp"),
        keys(snapshot));
    assertEquals(2, snapshot.vips().stream().map(Vip::localAddress).distinct().count());
  }

  @Test
  void appsWithTheSameLabelShareTheVipInEitherSpelling() {
    AppSpec one = app("/one", port(10000, "/x_y:80"));
    AppSpec two = app("/two", port(10001, "X-Y:80"));
    RoutingSnapshot snapshot =
        new Scene().with(one).with(two).run(two, "two.1", 31001).run(one, "one.1", 31000).compile();
    assertEquals(
        List.of("10.0.0.1:31000 ACTIVE", "10.0.0.1:31001 ACTIVE"),
        endpoints(snapshot.vips().get(0).backends()));
    assertEquals(1, snapshot.vips().size());
  }

  static Stream<Arguments> states() {
    HealthCheck agentRun = check(HealthCheck.Protocol.MESOS_HTTP, 0);
    HealthCheck other = check(HealthCheck.Protocol.HTTP, 0);
    return Stream.of(
        //          state, checks, alive, wanted, VIP, edge
        row(TaskState.STAGING, List.of(), List.of(), true, "", ""),
        row(TaskState.STARTING, List.of(), List.of(), true, "", ""),
        row(TaskState.RUNNING, List.of(), List.of(), true, "ACTIVE", "ACTIVE"),
        row(TaskState.RUNNING, List.of(agentRun), List.of(), true, "UNHEALTHY", "UNHEALTHY"),
        row(TaskState.RUNNING, List.of(agentRun), List.of(true), true, "ACTIVE", "ACTIVE"),
        row(TaskState.RUNNING, List.of(agentRun), List.of(false), true, "UNHEALTHY", "UNHEALTHY"),
        row(TaskState.RUNNING, List.of(other), List.of(), true, "ACTIVE", "UNHEALTHY"),
        row(TaskState.RUNNING, List.of(other), List.of(true), true, "ACTIVE", "ACTIVE"),
        row(TaskState.RUNNING, List.of(other), List.of(false), true, "UNHEALTHY", "UNHEALTHY"),
        row(
            TaskState.RUNNING,
            List.of(other, other),
            List.of(false, true),
            true,
            "UNHEALTHY",
            "ACTIVE"),
        row(TaskState.RUNNING, List.of(), List.of(), false, "DRAINING", "DRAINING"),
        row(TaskState.RUNNING, List.of(agentRun), List.of(), false, "DRAINING", "DRAINING"),
        row(TaskState.KILLING, List.of(), List.of(), true, "DRAINING", "DRAINING"),
        row(TaskState.UNREACHABLE, List.of(), List.of(), true, "ACTIVE", "ACTIVE"),
        row(TaskState.FINISHED, List.of(), List.of(), true, "", ""),
        row(TaskState.FAILED, List.of(), List.of(), false, "", ""),
        row(TaskState.GONE, List.of(), List.of(), true, "", ""));
  }

  private static Arguments row(
      TaskState state,
      List<HealthCheck> checks,
      List<Boolean> alive,
      boolean wanted,
      String vip,
      String edge) {
    return Arguments.of(state, checks, alive, wanted, vip, edge);
  }

  @ParameterizedTest(name = "{0}, checks {1}, alive {2}, wanted {3}: VIP {4}, edge {5}")
  @MethodSource("states")
  void stateAndHealthDecideWhoGetsNewConnections(
      TaskState state,
      List<HealthCheck> checks,
      List<Boolean> alive,
      boolean wanted,
      String vip,
      String edge) {
    AppSpec one =
        app(
            "/one",
            Map.of("HAPROXY_GROUP", "external", "HAPROXY_0_VHOST", "one.example.com"),
            checks,
            port(10000, "/one:80"));
    Task task = healthy(task(one, "one.1", state, 31000), alive.toArray(Boolean[]::new));
    RoutingSnapshot snapshot =
        new Scene().with(one).run(one, wanted ? task : killed(task)).compile();
    List<Backend> behind = snapshot.vips().get(0).backends();
    String ofVip = behind.isEmpty() ? "" : behind.get(0).state().toString();
    List<Backend> backends = snapshot.vhosts().get(0).backends();
    assertEquals(vip, ofVip);
    assertEquals(edge, backends.isEmpty() ? "" : backends.get(0).state().toString());
    assertEquals(edge.equals("ACTIVE") ? 1 : 0, snapshot.servicePorts().size());
  }

  @Test
  void unreachableTasksAreHeldBackBehindAVipOnlyWhileAnotherCanBeReached() {
    AppSpec one = app("/one", port(10000, "/one:80"));
    Scene scene =
        new Scene()
            .with(one)
            .run(one, task(one, "one.1", TaskState.UNREACHABLE, 31000))
            .run(one, task(one, "one.2", TaskState.UNREACHABLE, 31001));
    assertEquals(
        List.of("10.0.0.1:31000 ACTIVE", "10.0.0.1:31001 ACTIVE"),
        endpoints(scene.compile().vips().get(0).backends()));
    scene.run(one, "one.3", 31002);
    assertEquals(
        List.of("10.0.0.1:31000 UNHEALTHY", "10.0.0.1:31001 UNHEALTHY", "10.0.0.1:31002 ACTIVE"),
        endpoints(scene.compile().vips().get(0).backends()));
  }

  @Test
  void aWithdrawnTaskIsNowhere() {
    AppSpec one =
        edgeApp(
            "/one",
            Map.of("HAPROXY_GROUP", "external", "HAPROXY_0_VHOST", "a.b"),
            port(10000, "/one:80"));
    RoutingSnapshot snapshot =
        new Scene().with(one).run(one, "one.1", 31000).withdraw("one.1").compile();
    assertEquals(List.of(), snapshot.vips().get(0).backends());
    assertEquals(List.of(), snapshot.vhosts().get(0).backends());
    assertEquals(List.of(), snapshot.servicePorts());
    assertTrue(!snapshot.dns().addresses().containsKey("one.marathon.mesos"));
  }

  @Test
  void aTaskThatIsNotRunByTheCurrentDefinitionKeepsItsOwnVips() {
    AppSpec old = app("/one", port(10000, "/before:80"));
    AppSpec current = app("/one", port(10000, "/after:80"));
    RoutingSnapshot snapshot =
        new Scene().with(old).with(current).run(old, "one.1", 31000).compile();
    assertEquals(List.of("after" + ZONE + ":80/tcp", "before" + ZONE + ":80/tcp"), keys(snapshot));
    assertEquals(List.of(), snapshot.vips().get(0).backends());
    assertEquals(1, snapshot.vips().get(1).backends().size());
  }

  @Test
  void whatCannotBeServedIsSaidByApp() {
    AppSpec pool = app("/pool", port(0, "127.128.9.9:80"));
    AppSpec late = app("/late", port(0, "/late:80"));
    AppSpec fixed =
        app(
            "/fixed",
            new PortSpec(
                null, 8080, 0, List.of(Protocol.TCP), null, Map.of("VIP_0", "1.1.1.1:8080")));
    AppSpec bad = app("/bad", port(0, "nonsense"));
    RoutingSnapshot snapshot =
        new Scene()
            .with(late)
            .noIndices()
            .with(pool)
            .with(fixed)
            .with(bad)
            .run(pool, "pool.1", 31000)
            .run(late, "late.1", 31001)
            .run(fixed, "fixed.1", 8080)
            .run(bad, "bad.1", 31002)
            .compile();
    assertEquals(List.of("1.1.1.1:8080/tcp"), keys(snapshot));
    assertTrue(warning(snapshot, "/pool").contains("outside of the pool"));
    assertTrue(warning(snapshot, "/late").contains("no address"));
    assertTrue(warning(snapshot, "/fixed").contains("fixed host port"));
    assertTrue(warning(snapshot, "/bad").contains("VIP_0"));
  }

  private static String warning(RoutingSnapshot snapshot, String app) {
    return String.join("\n", snapshot.warnings().getOrDefault(app, List.of()));
  }

  @ParameterizedTest(name = "GROUP {0}, 0_GROUP {1}: ports {2}")
  @CsvSource(
      nullValues = "-",
      value = {
        "external, -, 10000 10001",
        "'internal,external', -, 10000 10001",
        "'internal, external', -, ''",
        "internal, external, 10000",
        "external, internal, 10001",
        "-, external, 10000",
        "external, '', 10001",
        "External, -, ''",
        "*, -, ''",
        "-, -, ''",
      })
  void groupsDecideWhichPortsAreExposed(String group, String own, String ports) {
    Map<String, String> labels = new HashMap<>();
    if (group != null) {
      labels.put("HAPROXY_GROUP", group);
    }
    if (own != null) {
      labels.put("HAPROXY_0_GROUP", own);
    }
    AppSpec one = edgeApp("/one", labels, port(10000), port(10001));
    RoutingSnapshot snapshot = new Scene().with(one).run(one, "one.1", 31000, 31001).compile();
    assertEquals(
        ports,
        String.join(
            " ", snapshot.servicePorts().stream().map(p -> String.valueOf(p.port())).toList()));
  }

  @Test
  void anEdgeForAllGroupsExposesAppsWithoutOne() {
    AppSpec one = app("/one", port(10000));
    RoutingSnapshot snapshot = new Scene().groups("*").with(one).run(one, "one.1", 31000).compile();
    assertEquals(
        List.of("10.0.0.1:31000 ACTIVE"), endpoints(snapshot.servicePorts().get(0).backends()));
  }

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource({
    "a.example.com, a.example.com",
    "'A.example.com, b.example.com,', a.example.com b.example.com",
    "http://ec2-52.us-west-2.compute.amazonaws.com, ec2-52.us-west-2.compute.amazonaws.com",
    "https://a.example.com:8443/, a.example.com",
    "a.example.com/, a.example.com",
    "a.example.com., a.example.com",
    "*.Example.com, *.example.com",
    "'a b, *, a..b', ''",
    "'', ''",
  })
  void vhostsMayBeWrittenAsPeopleWriteThem(String value, String hosts) {
    AppSpec one =
        edgeApp("/one", Map.of("HAPROXY_GROUP", "external", "HAPROXY_0_VHOST", value), port(10000));
    RoutingSnapshot snapshot = new Scene().with(one).run(one, "one.1", 31000).compile();
    assertEquals(
        hosts, String.join(" ", snapshot.vhosts().stream().map(VhostRoute::host).toList()));
  }

  @ParameterizedTest(name = "vhost {0}, check {1}, MODE {2}: {3}")
  @CsvSource(
      nullValues = "-",
      value = {
        "-, -, -, TCP",
        "a.b, -, -, HTTP",
        "-, HTTP, -, HTTP",
        "-, HTTPS, -, TCP",
        "-, MESOS_HTTP, -, TCP",
        "-, HTTP, tcp, TCP",
        "-, -, HTTP, HTTP",
        "-, -, health, TCP",
      })
  void modeFollowsVhostCheckAndLabel(
      String vhost, HealthCheck.Protocol check, String mode, ServicePort.Mode expected) {
    Map<String, String> labels = new HashMap<>(Map.of("HAPROXY_GROUP", "external"));
    if (vhost != null) {
      labels.put("HAPROXY_0_VHOST", vhost);
    }
    if (mode != null) {
      labels.put("HAPROXY_0_MODE", mode);
    }
    AppSpec one =
        app("/one", labels, check == null ? List.of() : List.of(check(check, 0)), port(10000));
    Task task = healthy(task(one, "one.1", TaskState.RUNNING, 31000), true);
    RoutingSnapshot snapshot = new Scene().with(one).run(one, task).compile();
    assertEquals(expected, snapshot.servicePorts().get(0).mode());
  }

  @Test
  void labelsMoveHideAndGuardAPort() {
    Map<String, String> group = Map.of("HAPROXY_GROUP", "external");
    assertEquals(List.of(10010), ports(group, "PORT", "10010"));
    assertEquals(List.of(10000), ports(group, "PORT", "many"));
    assertEquals(List.of(10000), ports(group, "ENABLED", "Yes"));
    assertEquals(List.of(), ports(group, "ENABLED", "1"));
    assertEquals(List.of(10000), ports(group, "BIND_ADDR", "127.0.0.1"));
    assertEquals(List.of(), ports(group, "BIND_ADDR", "example.com"));
    assertEquals(List.of(10000), ports(group, "SSL_CERT", "/etc/cert.pem"));
    assertEquals(List.of(), ports(group, "SSL_CERT", ""));
    assertEquals(List.of(10000), ports(group, "BACKEND_NETWORK_ALLOWED_ACL", "10.0.0.0/8"));
    assertEquals(List.of(), ports(group, "BACKEND_NETWORK_ALLOWED_ACL", "10.0.0.0/33"));
    assertEquals(List.of(), ports(group, "BACKEND_NETWORK_ALLOWED_ACL", " "));
    assertEquals(List.of(10000), ports(group, "BALANCE", "source"));
    AppSpec guarded =
        edgeApp(
            "/one",
            Map.of(
                "HAPROXY_GROUP", "external",
                "HAPROXY_0_VHOST", "a.b",
                "HAPROXY_0_AUTH", "realm:user:hash"),
            port(10000));
    RoutingSnapshot snapshot = new Scene().with(guarded).run(guarded, "one.1", 31000).compile();
    assertEquals(List.of(), snapshot.vhosts(), "not opened to everybody");
    assertTrue(warning(snapshot, "/one").contains("HAPROXY_0_AUTH"));
  }

  private static List<Integer> ports(Map<String, String> labels, String name, String value) {
    Map<String, String> all = new HashMap<>(labels);
    all.put("HAPROXY_0_" + name, value);
    AppSpec one = edgeApp("/one", all, port(10000));
    return new Scene()
        .with(one).run(one, "one.1", 31000).compile().servicePorts().stream()
            .map(ServicePort::port)
            .toList();
  }

  private static AppSpec vhostApp(String path, int port, String... labels) {
    Map<String, String> all = new HashMap<>();
    all.put("HAPROXY_GROUP", "external");
    all.put("HAPROXY_0_VHOST", "a.b");
    for (String label : labels) {
      all.put(
          "HAPROXY_0_" + label.substring(0, label.indexOf('=')),
          label.substring(label.indexOf('=') + 1));
    }
    return edgeApp(path, all, port(port));
  }

  private static List<String> order(Scene scene) {
    return scene.compile().vhosts().stream()
        .map(route -> route.app() + (route.path() == null ? "" : " " + route.path()))
        .toList();
  }

  @Test
  void vhostRoutesMatchByWeightThenAppAndTheOnesWithoutBackendsLast() {
    AppSpec plain = vhostApp("/a", 10000);
    AppSpec paths = vhostApp("/z", 10001, "PATH=/api /v2");
    AppSpec heavy = vhostApp("/y", 10002, "PATH=/api/v2", "BACKEND_WEIGHT=7");
    Scene scene = new Scene().with(plain).with(paths).with(heavy);
    scene.run(plain, "a.1", 31000).run(heavy, "y.1", 31002);
    assertEquals(List.of("/y /api/v2", "/a", "/z /api", "/z /v2"), order(scene));
    scene.run(paths, "z.1", 31001);
    assertEquals(List.of("/y /api/v2", "/z /api", "/z /v2", "/a"), order(scene));
  }

  @Test
  void conflictsHaveAWinnerAndALoserWhoIsTold() {
    AppSpec first = vhostApp("/a", 10000, "PORT=10050");
    AppSpec second = vhostApp("/b", 10001, "PORT=10050");
    RoutingSnapshot snapshot =
        new Scene()
            .with(second)
            .with(first)
            .run(first, "a.1", 31000)
            .run(second, "b.1", 31001)
            .compile();
    assertEquals(new AppId("/a"), snapshot.vhosts().get(0).app());
    assertEquals(1, snapshot.servicePorts().size());
    assertEquals(new AppId("/a"), snapshot.servicePorts().get(0).app());
    assertTrue(warning(snapshot, "/b").contains("vhost a.b is served by /a"));
    assertTrue(warning(snapshot, "/b").contains("service port 10050 is served by /a"));
    assertEquals("", warning(snapshot, "/a"));
  }

  @Test
  void anOldTaskWithFewerPortsJoinsOnlyTheServicesItHasPortsFor() {
    AppSpec old = edgeApp("/one", Map.of("HAPROXY_GROUP", "external"), port(10000));
    AppSpec current =
        edgeApp("/one", Map.of("HAPROXY_GROUP", "external"), port(10000), port(10001));
    RoutingSnapshot snapshot =
        new Scene()
            .with(current)
            .run(old, "one.1", 31000)
            .run(current, "one.2", 31001, 31002)
            .compile();
    assertEquals(2, snapshot.servicePorts().get(0).backends().size());
    assertEquals(
        List.of("10.0.0.1:31002 ACTIVE"), endpoints(snapshot.servicePorts().get(1).backends()));
  }

  @Test
  void aContainerPortWithoutHostPortIsSkippedAndTheNextKeepsItsOwn() {
    PortSpec inside =
        new PortSpec(8080, null, 10000, List.of(Protocol.TCP), null, Map.of("VIP_0", "/x:80"));
    AppSpec one = app("/one", inside, port(10001, "/y:80"));
    RoutingSnapshot snapshot = new Scene().with(one).run(one, "one.1", 31007).compile();
    assertEquals(List.of("x" + ZONE + ":80/tcp", "y" + ZONE + ":80/tcp"), keys(snapshot));
    assertEquals(List.of(), snapshot.vips().get(0).backends());
    assertEquals("10.0.0.1:31007", snapshot.vips().get(1).backends().get(0).endpoint());
    assertTrue(warning(snapshot, "/one").contains("no host port"));
  }

  @Test
  void aContainerOnANetworkOfItsOwnIsReachedAtItsOwnAddress() {
    PortSpec inside =
        new PortSpec(8080, null, 10000, List.of(Protocol.TCP), null, Map.of("VIP_0", "/x:80"));
    AppSpec one = containerApp("/one", Map.of("HAPROXY_GROUP", "external"), inside);
    Scene scene = new Scene().with(one);
    scene.run(one, at(task(one, "one.1", TaskState.RUNNING), "172.20.0.5", "172.21.0.5"));
    RoutingSnapshot snapshot = scene.compile();
    assertEquals(
        List.of("172.20.0.5:8080", "172.21.0.5:8080"),
        snapshot.vips().get(0).backends().stream().map(Backend::endpoint).toList());
    assertEquals(
        List.of("172.20.0.5:8080"),
        snapshot.servicePorts().get(0).backends().stream().map(Backend::endpoint).toList());
    Map<String, List<String>> addresses = snapshot.dns().addresses();
    List<String> own = List.of("172.20.0.5", "172.21.0.5");
    assertEquals(List.of("10.0.0.1"), addresses.get("one.marathon.agentip" + DCOS));
    assertEquals(own, addresses.get("one.marathon.containerip" + DCOS));
    assertEquals(own, addresses.get("one.marathon.autoip" + DCOS));
    assertEquals(own, addresses.get("one.marathon.mesos"));
    assertEquals(List.of("10.0.0.1"), addresses.get("one.marathon.slave.mesos"));
    DnsRecords.Srv srv = snapshot.dns().services().get("_one._tcp.marathon.mesos").get(0);
    assertEquals(8080, srv.port());
    assertEquals(own, addresses.get(srv.target()));
  }

  @Test
  void aHostPortIsTheWayInWhateverAddressesAContainerHas() {
    PortSpec mapped = new PortSpec(8080, 0, 10000, List.of(Protocol.TCP), null, Map.of());
    AppSpec one = containerApp("/one", Map.of(), mapped);
    Scene scene = new Scene().with(one);
    scene.run(one, at(task(one, "one.1", TaskState.RUNNING, 31000), "172.20.0.5"));
    Map<String, List<String>> addresses = scene.compile().dns().addresses();
    assertEquals(List.of("172.20.0.5"), addresses.get("one.marathon.containerip" + DCOS));
    assertEquals(List.of("10.0.0.1"), addresses.get("one.marathon.autoip" + DCOS));
    assertEquals(List.of("10.0.0.1"), addresses.get("one.marathon.mesos"));
  }

  @Test
  void tasksAndNodesHaveTheNamesOfDcosAndMesosDns() {
    PortSpec named = new PortSpec(null, 0, 10000, List.of(Protocol.TCP), "http", Map.of());
    AppSpec nested = app("/c/b/a", named);
    String id = "c_b_a.48dccce7-90bc-11e6-ae70-70b3d5800001";
    RoutingSnapshot snapshot =
        new Scene().node("n2", "10.0.0.2", false).with(nested).run(nested, id, 31000).compile();
    Map<String, List<String>> addresses = snapshot.dns().addresses();
    String canonical = "a-b-c-" + TaskNames.hash(new TaskId(id)) + "-s0";
    for (String name :
        List.of(
            "a-b-c.marathon.autoip.dcos.thisdcos.directory",
            "a-b-c.marathon.agentip.dcos.thisdcos.directory",
            "a-b-c.marathon.containerip.dcos.thisdcos.directory",
            "a-b-c.marathon.mesos",
            "a.b.c.marathon.mesos",
            "a-b-c.marathon.slave.mesos",
            canonical + ".marathon.mesos",
            "leader.mesos",
            "leader.dcos.thisdcos.directory",
            "marathon.mesos",
            "master0.mesos")) {
      assertEquals(List.of("10.0.0.1"), addresses.get(name), name);
    }
    assertEquals(List.of("10.0.0.1", "10.0.0.2"), addresses.get("master.mesos"));
    assertEquals(List.of("10.0.0.2"), addresses.get("master1.mesos"));
    DnsRecords.Srv srv = new DnsRecords.Srv(canonical + ".marathon.mesos", 31000);
    assertEquals(List.of(srv), snapshot.dns().services().get("_a-b-c._tcp.marathon.mesos"));
    assertEquals(List.of(srv), snapshot.dns().services().get("_http._a-b-c._tcp.marathon.mesos"));
    assertEquals(
        List.of(new DnsRecords.Srv("leader.mesos", 8080)),
        snapshot.dns().services().get("_leader._tcp.mesos"));
  }

  @ParameterizedTest(name = "{0} hashes to {1}")
  @CsvSource({
    "nginx.48dccce7-90bc-11e6-ae70-70b3d5800001, jhy6r",
    "kafka.443d5d63-f527-11e5-81a5-2a8c0aaf83b5, 7fdws"
  })
  void taskHashesAreThoseOfMesosDns(String task, String hash) {
    assertEquals(hash, TaskNames.hash(new TaskId(task)));
  }

  @Test
  void namesFollowRunningWhateverTheHealthAndTenTasksOfANodeAreOneAddress() {
    AppSpec one = app("/one", Map.of(), List.of(check(HealthCheck.Protocol.HTTP, 0)), port(10000));
    Scene scene = new Scene().with(one);
    scene.run(one, healthy(task(one, "one.1", TaskState.RUNNING, 31000), false));
    scene.run(one, task(one, "one.2", TaskState.RUNNING, 31001));
    String name = "one.marathon.autoip.dcos.thisdcos.directory";
    assertEquals(List.of("10.0.0.1"), scene.compile().dns().addresses().get(name));
    RoutingSnapshot going =
        new Scene()
            .with(one)
            .run(one, killed(task(one, "one.1", TaskState.RUNNING, 31000)))
            .run(one, task(one, "one.2", TaskState.KILLING, 31001))
            .compile();
    assertTrue(!going.dns().addresses().containsKey(name), "a task that is to stop has no names");
  }

  @Test
  void namesLongerThanDnsAllowsAreSaidNotPublished() {
    String longName = "/" + "x".repeat(60);
    AppSpec one = app(longName, port(10000));
    RoutingSnapshot snapshot = new Scene().with(one).run(one, "x.1", 31000).compile();
    assertTrue(warning(snapshot, longName).contains("longer than DNS allows"));
    for (String name : snapshot.dns().addresses().keySet()) {
      assertTrue(Arrays.stream(name.split("\\.")).allMatch(label -> label.length() <= 63), name);
    }
    assertEquals(60, NameLabel.label(longName).length());
    assertEquals(Network.HOST, one.network());
  }

  @Test
  void aSnapshotThatContradictsItselfIsRefused() {
    AppSpec one = app("/one", port(10000, "/one:80"));
    Scene scene = new Scene().with(one).run(one, "one.1", 70_000);
    assertThrows(IllegalStateException.class, scene::compile);
  }

  @ParameterizedTest
  @CsvSource({"127.128.0.0/10", "127.128.0.0", "10.0.0/8", "a.b.c.d/9", "1.2.3.400/9"})
  void aPoolThatCannotHoldAllIndicesIsRefused(String cidr) {
    assertThrows(IllegalArgumentException.class, () -> LocalPool.parse(cidr));
  }

  @Test
  void poolAndIndexGiveTheAddress() {
    assertEquals("127.255.255.255", Scene.POOL.address((1 << 23) - 1));
    assertEquals("127.128.1.5", Scene.POOL.address(261));
    assertTrue(Scene.POOL.contains("127.200.0.1") && !Scene.POOL.contains("127.0.0.1"));
  }
}
