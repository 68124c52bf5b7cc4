package io.dromos.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.app.Artifact;
import io.dromos.app.BackoffSpec;
import io.dromos.app.Constraint;
import io.dromos.app.Network;
import io.dromos.app.PortSpec;
import io.dromos.app.ReadinessCheck;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An app definition on the wire, in Marathon 1.11's spelling and order (marathon-api reference, 2.1
 * and 2.2). Everything may be absent on input; {@link #of} fills what Marathon shows. The last
 * block is input only: legacy forms, and what is read in order to be refused.
 */
public record AppJson(
    @Nullable String id,
    @Nullable List<String> acceptedResourceRoles,
    @Nullable List<String> args,
    @Nullable Double backoffFactor,
    @Nullable Integer backoffSeconds,
    @Nullable String cmd,
    @Nullable List<List<String>> constraints,
    @Nullable ContainerJson container,
    @Nullable Double cpus,
    @Nullable List<String> dependencies,
    @Nullable Double disk,
    @Nullable Map<String, Object> env,
    @Nullable String executor,
    @Nullable List<ArtifactJson> fetch,
    @Nullable List<HealthCheckJson> healthChecks,
    @Nullable Integer instances,
    @Nullable Map<String, String> labels,
    @Nullable Integer maxLaunchDelaySeconds,
    @Nullable Double mem,
    @Nullable Integer gpus,
    @Nullable List<NetworkJson> networks,
    @Nullable List<PortDefinitionJson> portDefinitions,
    @Nullable List<ReadinessCheckJson> readinessChecks,
    @Nullable Boolean requirePorts,
    @Nullable Integer taskKillGracePeriodSeconds,
    @Nullable UpgradeStrategyJson upgradeStrategy,
    @Nullable String user,
    @Nullable String version,
    @Nullable VersionInfoJson versionInfo,
    @Nullable String killSelection,
    @Nullable UnreachableJson unreachableStrategy,
    @Nullable Boolean tty,
    @Nullable String role,
    @Nullable List<Integer> ports,
    @Nullable List<String> uris,
    @Nullable IpAddressJson ipAddress,
    @Nullable Object check,
    @Nullable Object executorResources,
    @Nullable Object residency,
    @Nullable Object resourceLimits,
    @Nullable Map<String, Object> secrets) {
  /** A file to fetch. */
  public record ArtifactJson(
      @Nullable String uri,
      @Nullable Boolean extract,
      @Nullable Boolean executable,
      @Nullable Boolean cache,
      @Nullable String destPath) {
    static ArtifactJson of(Artifact artifact) {
      return new ArtifactJson(
          artifact.uri(),
          artifact.extract(),
          artifact.executable(),
          artifact.cache(),
          artifact.destPath());
    }
  }

  /** A network: {@code host}, {@code container/bridge}, or {@code container} with a name. */
  public record NetworkJson(
      @Nullable String name,
      @Nullable String mode,
      @Nullable @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> labels) {
    static List<NetworkJson> of(Network network) {
      Map<String, String> labels = new TreeMap<>();
      network.attachments().forEach(a -> labels.putAll(a.labels()));
      return switch (network.mode()) {
        case HOST -> List.of(new NetworkJson(null, "host", null));
        case BRIDGE -> List.of(new NetworkJson(null, "container/bridge", labels));
        case CONTAINER ->
            network.attachments().stream()
                .map(a -> new NetworkJson(a.name(), "container", new TreeMap<>(a.labels())))
                .toList();
      };
    }
  }

  /** A port of host networking. */
  public record PortDefinitionJson(
      @Nullable Integer port,
      @Nullable @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> labels,
      @Nullable String name,
      @Nullable String protocol) {
    static PortDefinitionJson of(PortSpec port) {
      return new PortDefinitionJson(
          port.servicePort(),
          new TreeMap<>(port.labels()),
          port.name(),
          ContainerJson.protocol(port.protocols()));
    }
  }

  /** A readiness check. */
  public record ReadinessCheckJson(
      @Nullable String name,
      @Nullable String protocol,
      @Nullable String path,
      @Nullable String portName,
      @Nullable Integer intervalSeconds,
      @Nullable Integer timeoutSeconds,
      @Nullable List<Integer> httpStatusCodesForReady,
      @Nullable Boolean preserveLastResponse) {
    static ReadinessCheckJson of(ReadinessCheck check) {
      return new ReadinessCheckJson(
          check.name(),
          check.https() ? "HTTPS" : "HTTP",
          check.path(),
          check.portName(),
          check.intervalSeconds(),
          check.timeoutSeconds(),
          check.httpStatusCodesForReady(),
          check.preserveLastResponse());
    }
  }

  /** Both numbers are required when the object is given. */
  public record UpgradeStrategyJson(
      @Nullable Double maximumOverCapacity, @Nullable Double minimumHealthCapacity) {}

  /** When the definition last changed; ignored on input. */
  public record VersionInfoJson(
      @Nullable String lastScalingAt, @Nullable String lastConfigChangeAt) {}

  /** Legacy IP-per-task. */
  public record IpAddressJson(
      @Nullable DiscoveryJson discovery,
      @Nullable List<String> groups,
      @Nullable Map<String, String> labels,
      @Nullable String networkName) {}

  /** Ports of legacy IP-per-task. */
  public record DiscoveryJson(@Nullable List<DiscoveryPortJson> ports) {}

  /** One port of legacy IP-per-task. */
  public record DiscoveryPortJson(
      @Nullable Integer number,
      @Nullable String name,
      @Nullable String protocol,
      @Nullable Map<String, String> labels) {}

  /** The definition with {@code versionInfo}, as every read shows it. */
  public static AppJson of(AppSpec spec) {
    return of(spec, true);
  }

  /** As the answer to a create and its event show it: there is no {@code versionInfo} yet. */
  public static AppJson created(AppSpec spec) {
    return of(spec, false);
  }

  private static AppJson of(AppSpec spec, boolean withVersionInfo) {
    BackoffSpec backoff = spec.backoff();
    boolean host = spec.network().mode() == Network.Mode.HOST;
    return new AppJson(
        spec.id().path(),
        orAbsent(spec.acceptedResourceRoles()),
        orAbsent(spec.args()),
        backoff.backoffFactor(),
        backoff.backoffSeconds(),
        spec.cmd(),
        orAbsent(spec.constraints().stream().map(AppJson::words).toList()),
        ContainerJson.of(spec),
        spec.resources().cpus(),
        orAbsent(spec.dependencies().stream().map(AppId::path).toList()),
        spec.resources().diskMiB(),
        spec.env().isEmpty() ? null : new LinkedHashMap<>(new TreeMap<>(spec.env())),
        spec.executor(),
        orAbsent(spec.fetch().stream().map(ArtifactJson::of).toList()),
        orAbsent(spec.healthChecks().stream().map(HealthCheckJson::of).toList()),
        spec.instances(),
        new TreeMap<>(spec.labels()),
        backoff.maxLaunchDelaySeconds(),
        spec.resources().memMiB(),
        spec.resources().gpus(),
        NetworkJson.of(spec.network()),
        host ? spec.ports().stream().map(PortDefinitionJson::of).toList() : null,
        orAbsent(spec.readinessChecks().stream().map(ReadinessCheckJson::of).toList()),
        spec.requirePorts(),
        spec.killGraceSeconds(),
        new UpgradeStrategyJson(
            spec.upgradeStrategy().maximumOverCapacity(),
            spec.upgradeStrategy().minimumHealthCapacity()),
        spec.user(),
        Json.time(spec.version()),
        withVersionInfo
            ? new VersionInfoJson(
                Json.time(spec.lastScalingAt()), Json.time(spec.lastConfigChangeAt()))
            : null,
        spec.killSelection().name(),
        UnreachableJson.of(spec.unreachableStrategy()),
        spec.tty(),
        spec.role(),
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  private static List<String> words(Constraint constraint) {
    return Stream.of(constraint.field(), constraint.operator().name(), constraint.value())
        .filter(w -> w != null)
        .toList();
  }

  /** Marathon leaves these out when they are empty. */
  private static <C extends Collection<?>> @Nullable C orAbsent(C values) {
    return values.isEmpty() ? null : values;
  }
}
