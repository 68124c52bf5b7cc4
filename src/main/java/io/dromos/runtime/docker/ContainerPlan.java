package io.dromos.runtime.docker;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.InternetProtocol;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.Ports;
import io.dromos.app.AppSpec;
import io.dromos.app.Container;
import io.dromos.app.Network;
import io.dromos.app.PortSpec;
import io.dromos.app.Protocol;
import io.dromos.app.Resources;
import io.dromos.runtime.ContainerName;
import io.dromos.runtime.LaunchException;
import io.dromos.runtime.LaunchSpec;
import io.dromos.runtime.LogLimits;
import io.dromos.runtime.NameServers;
import io.dromos.runtime.Sandboxes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The container that a task becomes: what Mesos put into its {@code docker run} line, and the
 * {@code parameters} of the definition on top. {@link RunOptions} fills in the latter.
 */
final class ContainerPlan {
  /** Names the task of a container, for tools that know Mesos and for ourselves. */
  static final String TASK_LABEL = "MESOS_TASK_ID";

  private static final int MIN_CPU_SHARES = 2;
  private static final long MIB = 1024L * 1024;

  private static final long ENGINE_LOG = 10 * MIB;

  /** Mesos' floor is 4 MiB, but an Engine refuses less than 6. */
  private static final long MIN_MEMORY = 6 * MIB;

  final HostConfig host = HostConfig.newHostConfig();
  final Map<String, String> labels = new LinkedHashMap<>();
  final Map<String, String> env = new TreeMap<>();
  final List<Bind> binds = new ArrayList<>();
  final Ports bindings = new Ports();
  final List<ExposedPort> exposed = new ArrayList<>();
  final String name;
  final String image;
  @Nullable List<String> entrypoint;
  @Nullable List<String> command;
  @Nullable String user;
  @Nullable String hostname;
  @Nullable String domainName;
  @Nullable String workingDir;
  @Nullable String stopSignal;
  @Nullable String macAddress;
  boolean tty;

  private ContainerPlan(String name, String image) {
    this.name = name;
    this.image = image;
  }

  /**
   * The plan for {@code spec}; {@code ownership} are the labels this node finds it again by.
   *
   * @throws LaunchException when the definition asks for what cannot be given
   */
  static ContainerPlan of(
      LaunchSpec spec, Map<String, String> ownership, LogLimits limits, NameServers servers)
      throws LaunchException {
    AppSpec app = spec.app();
    Container container = app.container();
    if (container == null || container.image() == null) {
      throw new LaunchException(true, "container: no image is given");
    }
    ContainerPlan plan =
        new ContainerPlan(ContainerName.of(spec.id()), ImageName.complete(container.image()));
    plan.env.putAll(spec.env());
    plan.user = app.user();
    plan.tty = Boolean.TRUE.equals(app.tty());
    plan.command(app);
    plan.resources(app.resources());
    plan.logs(limits);
    plan.host.withPrivileged(container.privileged());
    plan.volumes(spec, container);
    plan.network(app, spec.hostPorts());
    RunOptions.apply(container.parameters(), plan);
    plan.names(servers);
    plan.labels.putAll(ownership);
    plan.labels.put(TASK_LABEL, spec.id().value());
    return plan;
  }

  /**
   * A command line goes through the container's shell, as on Mesos; arguments go to its program.
   */
  private void command(AppSpec app) {
    if (app.cmd() != null) {
      entrypoint = List.of("/bin/sh");
      command = List.of("-c", app.cmd());
    } else if (!app.args().isEmpty()) {
      command = app.args();
    }
  }

  private void resources(Resources resources) {
    host.withCpuShares(Math.max(MIN_CPU_SHARES, (int) (resources.cpus() * 1024)));
    host.withMemory(Math.max(MIN_MEMORY, (long) (resources.memMiB() * MIB)));
  }

  /** The Engine's own copy is bounded as well, with room for a reader that falls behind. */
  private void logs(LogLimits limits) {
    host.withLogConfig(
        new LogConfig(
            LogConfig.LoggingType.JSON_FILE,
            Map.of(
                "max-size", String.valueOf(Math.max(ENGINE_LOG, limits.maxBytes())),
                "max-file", String.valueOf(Math.max(2, limits.files() + 1)))));
  }

  private void volumes(LaunchSpec spec, Container container) {
    binds.add(Bind.parse(spec.sandbox() + ":" + Sandboxes.IN_CONTAINER));
    for (Container.Volume volume : container.volumes()) {
      String hostPath =
          volume.hostPath().startsWith("/")
              ? volume.hostPath()
              : spec.sandbox().resolve(volume.hostPath()).toString();
      binds.add(
          Bind.parse(
              hostPath + ":" + volume.containerPath() + (volume.readOnly() ? ":ro" : ":rw")));
    }
  }

  private void network(AppSpec app, List<Integer> hostPorts) {
    Network network = app.network();
    if (network.mode() == Network.Mode.HOST) {
      host.withNetworkMode("host");
      return;
    }
    host.withNetworkMode(
        network.mode() == Network.Mode.BRIDGE || network.attachments().isEmpty()
            ? "bridge"
            : network.attachments().get(0).name());
    int next = 0;
    for (PortSpec port : app.ports()) {
      if (port.hostPort() != null && next < hostPorts.size()) {
        publish(port, hostPorts.get(next++));
      }
    }
  }

  /** Unless the definition names servers itself, or a network that we know nothing of. */
  private void names(NameServers servers) {
    String mode = String.valueOf(host.getNetworkMode());
    boolean own = host.getDns() != null && host.getDns().length > 0;
    if (own || mode.equals("none") || mode.startsWith("container:")) {
      return;
    }
    List<String> given = mode.equals("host") ? servers.ofMachine() : servers.ofBridge();
    if (!given.isEmpty()) {
      host.withDns(given);
      if (host.getDnsOptions() == null || host.getDnsOptions().isEmpty()) {
        host.withDnsOptions(NameServers.OPTIONS);
      }
    }
  }

  private void publish(PortSpec port, int hostPort) {
    Integer wanted = port.containerPort();
    int containerPort = wanted == null || wanted == 0 ? hostPort : wanted;
    for (Protocol protocol : port.protocols()) {
      ExposedPort inside =
          new ExposedPort(
              containerPort,
              protocol == Protocol.UDP ? InternetProtocol.UDP : InternetProtocol.TCP);
      exposed.add(inside);
      bindings.bind(inside, Ports.Binding.bindPort(hostPort));
    }
  }

  /** Writes the plan into a request to the Engine. */
  CreateContainerCmd into(CreateContainerCmd request) {
    host.withBinds(binds);
    host.withPortBindings(bindings);
    request
        .withName(name)
        .withHostConfig(host)
        .withLabels(labels)
        .withExposedPorts(exposed)
        .withTty(tty)
        .withEnv(env.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList());
    if (entrypoint != null) {
      request.withEntrypoint(entrypoint);
    }
    if (command != null) {
      request.withCmd(command);
    }
    if (user != null) {
      request.withUser(user);
    }
    if (hostname != null) {
      request.withHostName(hostname);
    }
    if (domainName != null) {
      request.withDomainName(domainName);
    }
    if (workingDir != null) {
      request.withWorkingDir(workingDir);
    }
    if (stopSignal != null) {
      request.withStopSignal(stopSignal);
    }
    if (macAddress != null) {
      request.withMacAddress(macAddress);
    }
    return request;
  }
}
