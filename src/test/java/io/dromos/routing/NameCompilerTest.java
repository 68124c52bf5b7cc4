package io.dromos.routing;

import static io.dromos.routing.Scene.app;
import static io.dromos.routing.Scene.at;
import static io.dromos.routing.Scene.containerApp;
import static io.dromos.routing.Scene.killed;
import static io.dromos.routing.Scene.port;
import static io.dromos.routing.Scene.task;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.app.AppSpec;
import io.dromos.app.PortSpec;
import io.dromos.app.Protocol;
import io.dromos.task.TaskState;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Which addresses and services are published for a task (service-discovery reference, 2.3, 2.4).
 */
class NameCompilerTest {
  private static final String DCOS = ".dcos.thisdcos.directory";
  private static final PortSpec MAPPED =
      new PortSpec(8080, 0, 10000, List.of(Protocol.TCP), "http", Map.of());
  private static final PortSpec INSIDE =
      new PortSpec(8080, null, 10000, List.of(Protocol.TCP), "http", Map.of());

  static Stream<Arguments> modes() {
    List<String> agent = List.of("10.0.0.1");
    List<String> own = List.of("172.20.0.5");
    List<String> dual = List.of("172.20.0.5", "fd01:b::5");
    return Stream.of(
        Arguments.of("host", app("/one", port(10000)), List.of(), agent, agent, agent),
        Arguments.of("bridge", Scene.bridgeApp("/one", MAPPED), own, agent, own, agent),
        Arguments.of(
            "container network", containerApp("/one", Map.of(), INSIDE), own, agent, own, own),
        Arguments.of(
            "container network, host port",
            containerApp("/one", Map.of(), MAPPED),
            own,
            agent,
            own,
            agent),
        Arguments.of(
            "two families", containerApp("/one", Map.of(), INSIDE), dual, agent, dual, dual),
        Arguments.of(
            "no address reported",
            containerApp("/one", Map.of(), INSIDE),
            List.of(),
            agent,
            null,
            agent));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("modes")
  void theNetworkDecidesWhichAddressEachNameHas(
      String mode,
      AppSpec one,
      List<String> inside,
      List<String> agentIp,
      List<String> containerIp,
      List<String> autoIp) {
    Scene scene = new Scene().with(one);
    scene.run(one, at(task(one, "one.1", TaskState.RUNNING, 31000), inside.toArray(String[]::new)));
    Map<String, List<String>> addresses = scene.compile().dns().addresses();
    assertEquals(agentIp, addresses.get("one.marathon.agentip" + DCOS), mode);
    assertEquals(containerIp, addresses.get("one.marathon.containerip" + DCOS), mode);
    assertEquals(autoIp, addresses.get("one.marathon.autoip" + DCOS), mode);
    assertEquals(autoIp, addresses.get("one.marathon.mesos"), mode);
    assertEquals(agentIp, addresses.get("one.marathon.slave.mesos"), mode);
  }

  @Test
  void anAddressThatIsLearnedWhileTheTaskRunsIsPublished() {
    AppSpec one = containerApp("/one", Map.of(), INSIDE);
    String name = "one.marathon.containerip" + DCOS;
    var before = new Scene().with(one).run(one, task(one, "one.1", TaskState.RUNNING));
    assertNull(before.compile().dns().addresses().get(name));
    var after =
        new Scene().with(one).run(one, at(task(one, "one.1", TaskState.RUNNING), "172.20.0.9"));
    assertEquals(List.of("172.20.0.9"), after.compile().dns().addresses().get(name));
  }

  @Test
  void anAddressOfSeveralTasksStaysUntilTheLastOfThemEnds() {
    AppSpec one = app("/one", port(10000));
    String name = "one.marathon.agentip" + DCOS;
    Scene scene = new Scene().with(one);
    for (int i = 0; i < 10; i++) {
      var task = task(one, "one." + i, TaskState.RUNNING, 31000 + i);
      scene.run(one, i == 9 ? task : killed(task));
    }
    assertEquals(List.of("10.0.0.1"), scene.compile().dns().addresses().get(name));
    RoutingSnapshot gone =
        new Scene()
            .with(one)
            .run(one, killed(task(one, "one.9", TaskState.RUNNING, 31009)))
            .compile();
    assertNull(gone.dns().addresses().get(name));
  }

  @Test
  void servicesOfTheAgentZoneAreThePortsThatTheAgentHas() {
    PortSpec both =
        new PortSpec(9000, 0, 10001, List.of(Protocol.TCP, Protocol.UDP), "stats", Map.of());
    AppSpec one = containerApp("/one", Map.of(), INSIDE, both);
    Scene scene = new Scene().with(one);
    scene.run(one, at(task(one, "one.1", TaskState.RUNNING, 31000), "172.20.0.5"));
    Map<String, List<DnsRecords.Srv>> services = scene.compile().dns().services();
    assertEquals(List.of(8080, 31000), ports(services.get("_one._tcp.marathon.mesos")));
    assertEquals(List.of(31000), ports(services.get("_one._udp.marathon.mesos")));
    assertEquals(List.of(8080), ports(services.get("_http._one._tcp.marathon.mesos")));
    assertEquals(List.of(31000), ports(services.get("_stats._one._udp.marathon.mesos")));
    for (String protocol : List.of("_tcp", "_udp")) {
      List<DnsRecords.Srv> slave = services.get("_one." + protocol + ".marathon.slave.mesos");
      assertEquals(List.of(31000), ports(slave));
      assertTrue(slave.get(0).target().endsWith(".marathon.slave.mesos"));
    }
  }

  private static List<Integer> ports(List<DnsRecords.Srv> services) {
    return services.stream().map(DnsRecords.Srv::port).toList();
  }

  @Test
  void fiveNamesOfZooKeeperLeadToTheMasters() {
    Map<String, List<String>> addresses =
        new Scene().node("n2", "10.0.0.2", false).compile().dns().addresses();
    List<String> found =
        Stream.of(1, 2, 3, 4, 5).map(i -> addresses.get("zk-" + i + ".zk").get(0)).toList();
    assertEquals(List.of("10.0.0.1", "10.0.0.2", "10.0.0.1", "10.0.0.2", "10.0.0.1"), found);
    assertFalse(addresses.containsKey("zk-6.zk"));
  }

  @Test
  void theLeaderHasItsNameAsSoonAsAnotherNodeLeads() {
    Map<String, List<String>> addresses =
        new Scene().leader("n2", "10.0.0.2").compile().dns().addresses();
    assertEquals(List.of("10.0.0.2"), addresses.get("leader.mesos"));
    assertEquals(List.of("10.0.0.2"), addresses.get("leader" + DCOS));
    assertEquals(List.of("10.0.0.1", "10.0.0.2"), addresses.get("master.mesos"));
    assertEquals(List.of("10.0.0.1", "10.0.0.2"), addresses.get("slave.mesos"));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "10.0.0.1, true",
    "255.255.255.255, true",
    "fd01:b::5, true",
    "::, true",
    "256.0.0.1, false",
    "10.0.0, false",
    "host.example, false",
    "fe80::1%eth0, false",
    "a:b, false",
    "fd01::g, false",
    "::ffff:10.0.0.1, false",
    "'', false"
  })
  void addressesAreToldFromNames(String text, boolean address) {
    assertEquals(address, IpText.isAddress(text));
  }
}
