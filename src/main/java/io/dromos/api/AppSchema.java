package io.dromos.api;

import io.dromos.api.AppJson.ArtifactJson;
import io.dromos.api.AppJson.DiscoveryPortJson;
import io.dromos.api.AppJson.IpAddressJson;
import io.dromos.api.AppJson.NetworkJson;
import io.dromos.api.AppJson.PortDefinitionJson;
import io.dromos.api.AppJson.ReadinessCheckJson;
import io.dromos.api.AppJson.UpgradeStrategyJson;
import io.dromos.api.ContainerJson.DockerJson;
import io.dromos.api.ContainerJson.ParameterJson;
import io.dromos.api.ContainerJson.PortMappingJson;
import io.dromos.api.ContainerJson.VolumeJson;
import io.dromos.app.HealthCheck;
import io.dromos.app.KillSelection;
import io.dromos.app.Violation;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The rules that one value can break by itself: ranges, lengths, patterns, words (Marathon 1.11:
 * the RAML types). Broken ones answer 422 {@code Invalid JSON}.
 */
final class AppSchema {
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
  private static final Pattern NETWORK_NAME = Pattern.compile("[a-z0-9]([-a-z0-9_]*[a-z0-9])?");
  private static final Pattern EXECUTOR = Pattern.compile("(//cmd)|(/?[^/]+(/[^/]+)*)|");
  private static final Set<String> PROTOCOLS = Set.of("TCP", "UDP", "UDP,TCP", "TCP,UDP");
  private static final Set<String> MODES = Set.of("HOST", "CONTAINER", "CONTAINER/BRIDGE");

  private final Violations out = new Violations();
  private final String root;

  private AppSchema(String root) {
    this.root = root;
  }

  /**
   * Checks one definition.
   *
   * @param prefix of every path: empty, or {@code (2)} for the third of a list
   */
  static List<Violation> check(AppJson app, String prefix) {
    AppSchema schema = new AppSchema(prefix);
    schema.app(app);
    return schema.out.found();
  }

  /** The words of an enum, as they are spelled in Java. */
  static Set<String> words(Enum<?>[] values) {
    return Arrays.stream(values).map(Enum::name).collect(Collectors.toUnmodifiableSet());
  }

  private void app(AppJson app) {
    out.length(at("id"), app.id(), 1, Integer.MAX_VALUE);
    out.length(at("cmd"), app.cmd(), 1, Integer.MAX_VALUE);
    out.atLeast(at("cpus"), app.cpus(), 0.001);
    out.atLeast(at("mem"), app.mem(), 0);
    out.atLeast(at("disk"), app.disk(), 0);
    out.atLeast(at("gpus"), app.gpus(), 0);
    out.atLeast(at("instances"), app.instances(), 0);
    out.atLeast(at("backoffSeconds"), app.backoffSeconds(), 0);
    out.atLeast(at("backoffFactor"), app.backoffFactor(), 1);
    out.atLeast(at("maxLaunchDelaySeconds"), app.maxLaunchDelaySeconds(), 0);
    out.atLeast(at("taskKillGracePeriodSeconds"), app.taskKillGracePeriodSeconds(), 0);
    out.matches(at("executor"), app.executor(), EXECUTOR);
    out.length(at("role"), app.role(), 1, Integer.MAX_VALUE);
    out.word(at("killSelection"), app.killSelection(), words(KillSelection.values()));
    strategies(app);
    env(app.env());
    container(app.container());
    ports(app);
    each("networks", app.networks(), this::network);
    ipAddress(app.ipAddress());
    each("fetch", app.fetch(), this::artifact);
    each("uris", app.uris(), (path, uri) -> out.length(path, uri, 1, 1024));
    each("healthChecks", app.healthChecks(), this::healthCheck);
    each("readinessChecks", app.readinessChecks(), this::readinessCheck);
  }

  private void strategies(AppJson app) {
    UpgradeStrategyJson upgrade = app.upgradeStrategy();
    if (upgrade != null) {
      String path = at("upgradeStrategy");
      out.required(path + "/maximumOverCapacity", upgrade.maximumOverCapacity());
      out.required(path + "/minimumHealthCapacity", upgrade.minimumHealthCapacity());
      out.between(path + "/maximumOverCapacity", upgrade.maximumOverCapacity(), 0, 1);
      out.between(path + "/minimumHealthCapacity", upgrade.minimumHealthCapacity(), 0, 1);
    }
    UnreachableJson unreachable = app.unreachableStrategy();
    if (unreachable != null) {
      String path = at("unreachableStrategy");
      out.word(path, unreachable.word(), Set.of("DISABLED"));
      out.atLeast(path + "/inactiveAfterSeconds", unreachable.inactiveAfterSeconds(), 0);
      out.atLeast(path + "/expungeAfterSeconds", unreachable.expungeAfterSeconds(), 0);
    }
  }

  private void env(@Nullable Map<String, Object> env) {
    if (env != null) {
      env.forEach(
          (name, value) ->
              out.addIf(
                  !(value instanceof String) && !(value instanceof Map),
                  at("env/" + name),
                  "error.expected.jsstring"));
    }
  }

  private void ports(AppJson app) {
    each("ports", app.ports(), out::port);
    each("portDefinitions", app.portDefinitions(), this::portDefinition);
  }

  private void portDefinition(String path, PortDefinitionJson port) {
    out.port(path + "/port", port.port());
    out.matches(path + "/name", port.name(), NAME);
    out.word(path + "/protocol", port.protocol(), PROTOCOLS);
  }

  private void portMapping(String path, PortMappingJson port) {
    out.port(path + "/containerPort", port.containerPort());
    out.port(path + "/hostPort", port.hostPort());
    out.port(path + "/servicePort", port.servicePort());
    out.matches(path + "/name", port.name(), NAME);
    out.word(path + "/protocol", port.protocol(), PROTOCOLS);
  }

  private void network(String path, NetworkJson network) {
    out.word(path + "/mode", network.mode(), MODES);
    out.length(path + "/name", network.name(), 1, 63);
    out.matches(path + "/name", network.name(), NETWORK_NAME);
  }

  private void ipAddress(@Nullable IpAddressJson ip) {
    if (ip != null) {
      out.length(at("ipAddress/networkName"), ip.networkName(), 1, Integer.MAX_VALUE);
      if (ip.discovery() != null) {
        each("ipAddress/discovery/ports", ip.discovery().ports(), this::discoveryPort);
      }
    }
  }

  private void discoveryPort(String path, DiscoveryPortJson port) {
    out.port(path + "/number", port.number());
    out.required(path + "/name", port.name());
    out.matches(path + "/name", port.name(), NAME);
    out.word(path + "/protocol", port.protocol(), PROTOCOLS);
  }

  private void container(@Nullable ContainerJson container) {
    if (container == null) {
      return;
    }
    out.word(at("container/type"), container.type(), Set.of("DOCKER", "MESOS"));
    each("container/portMappings", container.portMappings(), this::portMapping);
    each("container/volumes", container.volumes(), this::volume);
    DockerJson docker = container.docker();
    if (docker != null) {
      out.required(at("container/docker/image"), docker.image());
      out.length(at("container/docker/image"), docker.image(), 1, Integer.MAX_VALUE);
      out.word(
          at("container/docker/network"),
          docker.network(),
          Set.of("BRIDGE", "HOST", "NONE", "USER"));
      each("container/docker/portMappings", docker.portMappings(), this::portMapping);
      each("container/docker/parameters", docker.parameters(), this::parameter);
    }
  }

  private void parameter(String path, ParameterJson parameter) {
    out.required(path + "/key", parameter.key());
    out.required(path + "/value", parameter.value());
    out.length(path + "/key", parameter.key(), 1, Integer.MAX_VALUE);
  }

  private void volume(String path, VolumeJson volume) {
    out.required(path + "/containerPath", volume.containerPath());
    out.word(path + "/mode", volume.mode(), Set.of("RO", "RW"));
    if (volume.secret() == null) {
      out.required(path + "/mode", volume.mode());
    }
    if (volume.persistent() == null && volume.external() == null && volume.secret() == null) {
      out.required(path + "/hostPath", volume.hostPath());
    }
  }

  private void artifact(String path, ArtifactJson artifact) {
    out.required(path + "/uri", artifact.uri());
    out.length(path + "/uri", artifact.uri(), 1, 1024);
  }

  private void healthCheck(String path, HealthCheckJson check) {
    out.word(path + "/protocol", check.protocol(), words(HealthCheck.Protocol.values()));
    out.word(path + "/ipProtocol", check.ipProtocol(), Set.of("IPV4", "IPV6"));
    out.port(path + "/port", check.port());
    out.port(path + "/portIndex", check.portIndex());
    out.atLeast(path + "/gracePeriodSeconds", check.gracePeriodSeconds(), 0);
    out.atLeast(path + "/intervalSeconds", check.intervalSeconds(), 0);
    out.atLeast(path + "/timeoutSeconds", check.timeoutSeconds(), 0);
    out.atLeast(path + "/maxConsecutiveFailures", check.maxConsecutiveFailures(), 0);
    out.atLeast(path + "/delaySeconds", check.delaySeconds(), 0);
    if (check.command() != null) {
      out.required(path + "/command/value", check.command().value());
    }
  }

  private void readinessCheck(String path, ReadinessCheckJson check) {
    out.word(path + "/protocol", check.protocol(), Set.of("HTTP", "HTTPS"));
    out.length(path + "/name", check.name(), 1, Integer.MAX_VALUE);
    out.length(path + "/path", check.path(), 1, 1024);
    out.matches(path + "/portName", check.portName(), NAME);
    out.atLeast(path + "/intervalSeconds", check.intervalSeconds(), 0);
    out.atLeast(path + "/timeoutSeconds", check.timeoutSeconds(), 1);
    List<Integer> codes = check.httpStatusCodesForReady();
    if (codes != null) {
      out.addIf(codes.isEmpty(), path + "/httpStatusCodesForReady", "error.minLength");
      codes.forEach(code -> out.between(path + "/httpStatusCodesForReady", code, 100, 999));
    }
  }

  private String at(String field) {
    return root + "/" + field;
  }

  /** Applies a check to every element under its indexed path. */
  private <T> void each(String field, @Nullable List<T> values, BiConsumer<String, T> check) {
    if (values != null) {
      for (int i = 0; i < values.size(); i++) {
        check.accept(at(field) + "(" + i + ")", values.get(i));
      }
    }
  }
}
