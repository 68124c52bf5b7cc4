package io.dromos.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.dromos.app.AppSpec;
import io.dromos.app.Network;
import io.dromos.app.PortSpec;
import io.dromos.app.Protocol;
import io.dromos.app.Resources;
import io.dromos.runtime.AnApp;
import io.dromos.runtime.Sandboxes;
import io.dromos.task.TaskGoal;
import io.dromos.task.TaskId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TaskEnvironmentTest {
  private static final String UUID = "f0c03032-eac1-40a1-8b1c-a5b7d3a1f2b5";
  private static final List<Protocol> TCP = List.of(Protocol.TCP);

  /** The {@code -e} options of the docker run line that the lab recorded on DC/OS 1.8. */
  @Test
  void theLabsTaskGetsTheRecordedEnvironment() {
    AppSpec sise =
        AnApp.named("/sise")
            .image("mhausenblas/simpleservice:0.3.0")
            .ports(new PortSpec(null, 0, 10000, TCP, null, Map.of("VIP_0", "/sise:80")))
            .build();
    assertEquals(
        Map.ofEntries(
            Map.entry("MARATHON_APP_VERSION", "2016-11-29T12:05:36.109Z"),
            Map.entry("HOST", "10.0.3.192"),
            Map.entry("MARATHON_APP_RESOURCE_CPUS", "0.1"),
            Map.entry("MARATHON_APP_RESOURCE_GPUS", "0"),
            Map.entry("MARATHON_APP_DOCKER_IMAGE", "mhausenblas/simpleservice:0.3.0"),
            Map.entry("PORT_10000", "1182"),
            Map.entry("MESOS_TASK_ID", "sise." + UUID),
            Map.entry("PORT", "1182"),
            Map.entry("MARATHON_APP_RESOURCE_MEM", "32.0"),
            Map.entry("PORTS", "1182"),
            Map.entry("MARATHON_APP_RESOURCE_DISK", "0.0"),
            Map.entry("MARATHON_APP_LABELS", ""),
            Map.entry("MARATHON_APP_ID", "/sise"),
            Map.entry("PORT0", "1182"),
            Map.entry("LIBPROCESS_IP", "10.0.3.192"),
            Map.entry("MESOS_SANDBOX", "/mnt/mesos/sandbox"),
            Map.entry("MESOS_CONTAINER_NAME", "mesos-" + UUID)),
        TaskEnvironment.of(sise, goal(1182), Sandboxes.IN_CONTAINER));
  }

  @Test
  void aNamedPortIsKnownByItsNameToo() {
    AppSpec app =
        AnApp.named("/x")
            .cmd("x")
            .ports(
                new PortSpec(null, 0, 10050, TCP, "http-api", Map.of()),
                new PortSpec(null, 0, 10051, TCP, null, Map.of()))
            .build();
    Map<String, String> env = TaskEnvironment.of(app, goal(31005, 31006), "/sandbox");
    assertEquals("31005", env.get("PORT"));
    assertEquals("31005", env.get("PORT0"));
    assertEquals("31006", env.get("PORT1"));
    assertEquals("31005,31006", env.get("PORTS"));
    assertEquals("31005", env.get("PORT_10050"));
    assertEquals("31006", env.get("PORT_10051"));
    assertEquals("31005", env.get("PORT_HTTP-API"));
    assertFalse(env.containsKey("MARATHON_APP_DOCKER_IMAGE"));
  }

  @Test
  void mappingsAreKnownByTheirContainerPort() {
    AppSpec app =
        AnApp.named("/x")
            .image("x")
            .network(Network.BRIDGE)
            .ports(
                new PortSpec(80, 0, 10000, TCP, null, Map.of()),
                new PortSpec(0, 0, 10001, TCP, null, Map.of()))
            .build();
    Map<String, String> env = TaskEnvironment.of(app, goal(31005, 31006), "/sandbox");
    assertEquals("31005", env.get("PORT_80"));
    assertEquals("31006", env.get("PORT_31006"));
    assertEquals("31006", env.get("PORT1"));
  }

  @Test
  void mappingsWithoutHostPortShowTheContainerPortOrAnInventedOne() {
    AppSpec app =
        AnApp.named("/x")
            .image("x")
            .network(
                new Network(Network.Mode.CONTAINER, List.of(new Network.Attachment("n", Map.of()))))
            .ports(
                new PortSpec(8080, null, 10000, TCP, null, Map.of()),
                new PortSpec(0, null, 10001, TCP, null, Map.of()),
                new PortSpec(9090, 0, 10002, TCP, null, Map.of()))
            .build();
    Map<String, String> env = TaskEnvironment.of(app, goal(31005), "/sandbox");
    assertEquals("8080", env.get("PORT0"));
    assertEquals("1025", env.get("PORT1"));
    assertEquals("31005", env.get("PORT2"));
    assertEquals("31005", env.get("PORT_9090"));
    assertEquals("1025,31005", env.get("PORTS"));
  }

  @Test
  void labelsAreListedUnderShellNames() {
    AppSpec app =
        AnApp.named("/x").cmd("x").labels(Map.of("a.b-c", "x", "long", "v".repeat(512))).build();
    Map<String, String> env = TaskEnvironment.of(app, goal(), "/sandbox");
    assertEquals("A_B_C", env.get("MARATHON_APP_LABELS"));
    assertEquals("x", env.get("MARATHON_APP_LABEL_A_B_C"));
    assertFalse(env.containsKey("MARATHON_APP_LABEL_LONG"));
  }

  @Test
  void withoutPortsThereAreNoPortVariables() {
    Map<String, String> env =
        TaskEnvironment.of(AnApp.named("/x").cmd("x").build(), goal(), "/sandbox");
    assertEquals(0, env.keySet().stream().filter(name -> name.startsWith("PORT")).count());
  }

  @Test
  void theDefinitionWins() {
    AppSpec app =
        AnApp.named("/x")
            .cmd("x")
            .ports(new PortSpec(null, 0, 10000, TCP, null, Map.of()))
            .env(Map.of("PORT0", "1", "HOST", "me"))
            .build();
    Map<String, String> env = TaskEnvironment.of(app, goal(31005), "/sandbox");
    assertEquals("1", env.get("PORT0"));
    assertEquals("me", env.get("HOST"));
    assertEquals("31005", env.get("PORT"));
  }

  private static TaskGoal goal(Integer... ports) {
    return new TaskGoal(
        new TaskId("sise." + UUID),
        io.dromos.app.AppId.of("/sise"),
        AnApp.VERSION,
        "node",
        "10.0.3.192",
        List.of(ports),
        Resources.NONE,
        Instant.EPOCH,
        null,
        null,
        1);
  }
}
