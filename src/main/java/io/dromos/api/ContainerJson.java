package io.dromos.api;

import io.dromos.app.AppSpec;
import io.dromos.app.Container;
import io.dromos.app.Network;
import io.dromos.app.PortSpec;
import io.dromos.app.Protocol;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The {@code container} of an app on the wire (marathon-api reference, 2.3). {@code linuxInfo} is
 * read to be refused.
 */
public record ContainerJson(
    @Nullable String type,
    @Nullable DockerJson docker,
    @Nullable List<VolumeJson> volumes,
    @Nullable List<PortMappingJson> portMappings,
    @Nullable Object linuxInfo) {
  /** The image; {@code network} and {@code portMappings} are the legacy form, input only. */
  public record DockerJson(
      @Nullable Object credential,
      @Nullable Boolean forcePullImage,
      @Nullable String image,
      @Nullable String network,
      @Nullable List<ParameterJson> parameters,
      @Nullable List<PortMappingJson> portMappings,
      @Nullable Boolean privileged,
      @Nullable Object pullConfig) {}

  /** An option of the docker command line. */
  public record ParameterJson(@Nullable String key, @Nullable String value) {}

  /** A volume; only the host kind is served, the others are read to be refused. */
  public record VolumeJson(
      @Nullable String containerPath,
      @Nullable String hostPath,
      @Nullable String mode,
      @Nullable Object persistent,
      @Nullable Object external,
      @Nullable String secret) {}

  /** A port of bridge or container networking. */
  public record PortMappingJson(
      @Nullable Integer containerPort,
      @Nullable Integer hostPort,
      @Nullable Map<String, String> labels,
      @Nullable String name,
      @Nullable String protocol,
      @Nullable Integer servicePort,
      @Nullable List<String> networkNames) {
    static PortMappingJson of(PortSpec port) {
      return new PortMappingJson(
          port.containerPort() == null ? Integer.valueOf(0) : port.containerPort(),
          port.hostPort(),
          new TreeMap<>(port.labels()),
          port.name(),
          ContainerJson.protocol(port.protocols()),
          port.servicePort(),
          null);
    }
  }

  static @Nullable ContainerJson of(AppSpec spec) {
    Container container = spec.container();
    if (container == null) {
      return null;
    }
    boolean host = spec.network().mode() == Network.Mode.HOST;
    return new ContainerJson(
        container.type().name(),
        docker(container),
        container.volumes().stream().map(ContainerJson::volume).toList(),
        host ? null : spec.ports().stream().map(PortMappingJson::of).toList(),
        null);
  }

  /** {@code tcp}, {@code udp} or {@code udp,tcp}. */
  static String protocol(List<Protocol> protocols) {
    if (protocols.size() > 1) {
      return "udp,tcp";
    }
    return protocols.contains(Protocol.UDP) ? "udp" : "tcp";
  }

  private static @Nullable DockerJson docker(Container container) {
    if (container.image() == null) {
      return null;
    }
    List<ParameterJson> parameters =
        container.parameters().stream().map(p -> new ParameterJson(p.key(), p.value())).toList();
    boolean docker = container.type() == Container.Type.DOCKER;
    return new DockerJson(
        null,
        container.forcePullImage(),
        container.image(),
        null,
        docker ? parameters : null,
        null,
        docker ? container.privileged() : null,
        null);
  }

  private static VolumeJson volume(Container.Volume volume) {
    return new VolumeJson(
        volume.containerPath(),
        volume.hostPath(),
        volume.readOnly() ? "RO" : "RW",
        null,
        null,
        null);
  }
}
