package io.dromos.runtime.docker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.Ulimit;
import io.dromos.app.AppSpec;
import io.dromos.app.Container;
import io.dromos.app.Container.Parameter;
import io.dromos.app.DockerParameters;
import io.dromos.app.Network;
import io.dromos.app.PortSpec;
import io.dromos.app.Protocol;
import io.dromos.app.Resources;
import io.dromos.runtime.AnApp;
import io.dromos.runtime.LaunchException;
import io.dromos.runtime.LaunchSpec;
import io.dromos.runtime.LogLimits;
import io.dromos.runtime.NameServers;
import io.dromos.task.TaskId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ContainerPlanTest {
  private static final TaskId ID = new TaskId("sise.c7c311a4-b669-11e6-a48f-0ea4f4b1778c");

  @Test
  void resourcesAreThoseOfMesos() throws Exception {
    ContainerPlan lab = plan(AnApp.named("/sise").image("x").build());
    assertEquals(102, lab.host.getCpuShares());
    assertEquals(33554432L, lab.host.getMemory());
    ContainerPlan tiny =
        plan(AnApp.named("/t").image("x").resources(new Resources(0.001, 1, 0, 0)).build());
    assertEquals(2, tiny.host.getCpuShares());
    assertEquals(6291456L, tiny.host.getMemory());
  }

  @Test
  void theNameFollowsFromTheTaskIdAndTheImageIsComplete() throws Exception {
    ContainerPlan plan = plan(AnApp.named("/sise").image("localhost:5000/x").build());
    assertEquals("mesos-c7c311a4-b669-11e6-a48f-0ea4f4b1778c", plan.name);
    assertEquals("localhost:5000/x:latest", plan.image);
    assertEquals("x@sha256:1", ImageName.complete("x@sha256:1"));
    assertEquals(ID.value(), plan.labels.get("MESOS_TASK_ID"));
  }

  @Test
  void everyParameterThatIsAdmittedHasARowAndTheDocumentationListsIt() throws Exception {
    assertEquals(new TreeSet<>(DockerParameters.SUPPORTED), new TreeSet<>(RunOptions.names()));
    String page = Files.readString(Path.of("src/site/markdown/app-definition.md"));
    String listed =
        page.substring(page.indexOf("## Docker parameters"), page.indexOf("## Volumes"));
    for (String name : DockerParameters.SUPPORTED) {
      assertTrue(listed.contains("`" + name + "`"), name + " is not on the page");
    }
  }

  @Test
  void aCommandLineGoesThroughTheShellAndArgumentsToTheImagesProgram() throws Exception {
    ContainerPlan line = plan(AnApp.named("/x").image("x").cmd("echo $HOST").build());
    assertEquals(List.of("/bin/sh"), line.entrypoint);
    assertEquals(List.of("-c", "echo $HOST"), line.command);
    ContainerPlan args = plan(AnApp.named("/x").image("x").args("a", "b").build());
    assertNull(args.entrypoint);
    assertEquals(List.of("a", "b"), args.command);
    ContainerPlan neither = plan(AnApp.named("/x").image("x").build());
    assertNull(neither.entrypoint);
    assertNull(neither.command);
  }

  @Test
  void bridgedPortsArePublishedOnTheirHostPorts() throws Exception {
    AppSpec app =
        AnApp.named("/x")
            .image("x")
            .network(Network.BRIDGE)
            .ports(
                new PortSpec(53, 0, 10000, List.of(Protocol.UDP, Protocol.TCP), null, Map.of()),
                new PortSpec(9, null, 10001, List.of(Protocol.TCP), null, Map.of()),
                new PortSpec(0, 0, 10002, List.of(Protocol.TCP), null, Map.of()))
            .build();
    ContainerPlan plan =
        ContainerPlan.of(
            new LaunchSpec(ID, app, Map.of(), List.of(31001, 31002), Path.of("/s")),
            Map.of(),
            new LogLimits(1000, 1),
            NameServers.NONE);
    assertEquals("bridge", plan.host.getNetworkMode());
    assertEquals(
        List.of(ExposedPort.udp(53), ExposedPort.tcp(53), ExposedPort.tcp(31002)), plan.exposed);
    assertEquals(
        "31001", plan.bindings.getBindings().get(ExposedPort.udp(53))[0].getHostPortSpec());
  }

  @Test
  void parametersAreOptionsOfDockerRun() throws Exception {
    ContainerPlan plan =
        plan(
            app(
                new Parameter("hostname", "me"),
                new Parameter("label", "a=b"),
                new Parameter("label", "MESOS_TASK_ID=stolen"),
                new Parameter("env", "X=1=2"),
                new Parameter("volume", "/a:/b:ro"),
                new Parameter("cap-add", "NET_ADMIN"),
                new Parameter("cap-add", "CAP_SYS_TIME"),
                new Parameter("add-host", "db:10.0.0.1"),
                new Parameter("ulimit", "nofile=10:20"),
                new Parameter("memory-swap", "64m")));
    assertEquals("me", plan.hostname);
    assertEquals("b", plan.labels.get("a"));
    assertEquals(ID.value(), plan.labels.get("MESOS_TASK_ID"));
    assertEquals("1=2", plan.env.get("X"));
    assertEquals("/b", plan.binds.get(1).getVolume().getPath());
    assertArrayEquals(
        new Capability[] {Capability.NET_ADMIN, Capability.SYS_TIME}, plan.host.getCapAdd());
    assertArrayEquals(new String[] {"db:10.0.0.1"}, plan.host.getExtraHosts());
    assertArrayEquals(new Ulimit[] {new Ulimit("nofile", 10L, 20L)}, plan.host.getUlimits());
    assertEquals(67108864L, plan.host.getMemorySwap());
  }

  @Test
  void anUnknownParameterIsNamed() {
    LaunchException refused =
        assertThrows(LaunchException.class, () -> plan(app(new Parameter("teleport", "1"))));
    assertTrue(refused.permanent());
    assertTrue(refused.getMessage().contains("'teleport'"), refused.getMessage());
    LaunchException wrong =
        assertThrows(LaunchException.class, () -> plan(app(new Parameter("cpu-period", "x"))));
    assertTrue(wrong.getMessage().contains("'cpu-period'"), wrong.getMessage());
  }

  @Test
  void volumesAreBoundAndTheSandboxIsWhereMesosPutsIt() throws Exception {
    AppSpec app =
        AnApp.named("/x")
            .container(
                new Container(
                    Container.Type.DOCKER,
                    "x",
                    false,
                    true,
                    List.of(),
                    List.of(
                        new Container.Volume("/data", "/var/data", true),
                        new Container.Volume("/own", "own", false))))
            .build();
    ContainerPlan plan = plan(app);
    assertEquals(
        List.of("/s:/mnt/mesos/sandbox:rw", "/var/data:/data:ro", "/s/own:/own:rw"),
        plan.binds.stream().map(Object::toString).toList());
    assertEquals(true, plan.host.getPrivileged());
  }

  private static AppSpec app(Parameter... parameters) {
    return AnApp.named("/x")
        .container(
            new Container(Container.Type.DOCKER, "x", false, false, List.of(parameters), List.of()))
        .build();
  }

  private static ContainerPlan plan(AppSpec app) throws LaunchException {
    return ContainerPlan.of(
        new LaunchSpec(ID, app, Map.of("HOST", "h"), List.of(), Path.of("/s")),
        Map.of("dromos.node", "one"),
        new LogLimits(1000, 1),
        NameServers.NONE);
  }
}
