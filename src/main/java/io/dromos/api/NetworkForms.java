package io.dromos.api;

import static java.util.Objects.requireNonNullElse;

import io.dromos.api.AppJson.NetworkJson;
import io.dromos.api.AppJson.PortDefinitionJson;
import io.dromos.api.ContainerJson.DockerJson;
import io.dromos.api.ContainerJson.PortMappingJson;
import io.dromos.api.ContainerJson.VolumeJson;
import io.dromos.app.Container;
import io.dromos.app.Network;
import io.dromos.app.PortSpec;
import io.dromos.app.Protocol;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Networks, container and ports of one definition in canonical form: they decide about each other
 * (marathon-api reference, 2.4 and 2.5).
 */
final class NetworkForms {
  private static final PortDefinitionJson DEFAULT_DEFINITION =
      new PortDefinitionJson(0, null, "default", "tcp");
  private static final PortMappingJson DEFAULT_MAPPING =
      new PortMappingJson(0, null, null, "default", "tcp", 0, null);
  private static final PortMappingJson PADDING =
      new PortMappingJson(0, null, null, null, "tcp", 0, null);

  private final Violations out;
  private final Network network;
  private final @Nullable Container container;
  private final List<PortSpec> ports;

  NetworkForms(AppJson app, Violations out) {
    this.out = out;
    this.network = network(app.networks() == null ? List.of() : app.networks());
    this.container = container(app.container());
    this.ports = isHost() ? definitions(app) : mappings(app);
  }

  Network network() {
    return network;
  }

  @Nullable Container container() {
    return container;
  }

  List<PortSpec> ports() {
    return ports;
  }

  boolean isHost() {
    return network.mode() == Network.Mode.HOST;
  }

  private Network network(List<NetworkJson> given) {
    List<Network.Mode> modes = given.stream().map(NetworkForms::mode).toList();
    for (int i = 0; i < given.size(); i++) {
      NetworkJson net = given.get(i);
      boolean labels = net.labels() != null && !net.labels().isEmpty();
      Network.Mode mode = modes.get(i);
      out.addIf(
          mode == Network.Mode.HOST && (net.name() != null || labels),
          "/networks",
          "Host networks may not have names or labels");
      out.addIf(
          mode == Network.Mode.BRIDGE && net.name() != null,
          "/networks",
          "Bridge networks may not have names");
      out.addIf(
          mode == Network.Mode.CONTAINER && net.name() == null,
          "/networks",
          "Network name must be specified when container network is selected.");
    }
    List<String> names = given.stream().map(NetworkJson::name).filter(Objects::nonNull).toList();
    out.addIf(
        new HashSet<>(names).size() < names.size(),
        "/networks",
        "Duplicate networks are not allowed");
    boolean containers = modes.stream().allMatch(m -> m == Network.Mode.CONTAINER);
    out.addIf(
        given.size() > 1 && !containers,
        "/networks",
        "May specify a single host network, single bridge network, or else 1-to-n container"
            + " networks");
    return network(modes.isEmpty() ? Network.Mode.HOST : modes.get(0), given);
  }

  private static Network network(Network.Mode mode, List<NetworkJson> given) {
    return switch (mode) {
      case HOST -> Network.HOST;
      case BRIDGE -> {
        Map<String, String> labels = requireNonNullElse(given.get(0).labels(), Map.of());
        yield labels.isEmpty()
            ? Network.BRIDGE
            : new Network(mode, List.of(new Network.Attachment("bridge", labels)));
      }
      case CONTAINER ->
          new Network(
              mode,
              given.stream()
                  .map(
                      n ->
                          new Network.Attachment(
                              requireNonNullElse(n.name(), ""),
                              requireNonNullElse(n.labels(), Map.of())))
                  .toList());
    };
  }

  private static Network.Mode mode(NetworkJson network) {
    return switch (requireNonNullElse(network.mode(), "container").toLowerCase(Locale.ROOT)) {
      case "host" -> Network.Mode.HOST;
      case "container/bridge" -> Network.Mode.BRIDGE;
      default -> Network.Mode.CONTAINER;
    };
  }

  private @Nullable Container container(@Nullable ContainerJson given) {
    if (given == null) {
      return isHost()
          ? null
          : new Container(Container.Type.MESOS, null, false, false, List.of(), List.of());
    }
    Container.Type type =
        "MESOS".equalsIgnoreCase(given.type()) ? Container.Type.MESOS : Container.Type.DOCKER;
    DockerJson docker = given.docker();
    out.addIf(docker == null && type == Container.Type.DOCKER, "/container/docker", "not defined");
    out.addIf(given.linuxInfo() != null, "/container/linuxInfo", "linuxInfo is not supported");
    return new Container(
        type,
        docker == null ? null : image(docker, type),
        docker != null && requireNonNullElse(docker.forcePullImage(), false),
        docker != null && requireNonNullElse(docker.privileged(), false),
        docker == null ? List.of() : parameters(docker),
        volumes(given.volumes() == null ? List.of() : given.volumes()));
  }

  private @Nullable String image(DockerJson docker, Container.Type type) {
    out.addIf(
        docker.pullConfig() != null,
        "/container/docker/pullConfig",
        type == Container.Type.DOCKER
            ? "pullConfig is not supported with Docker containerizer"
            : "pullConfig.secret must refer to an existing secret");
    return docker.image();
  }

  private static List<Container.Parameter> parameters(DockerJson docker) {
    return docker.parameters() == null
        ? List.of()
        : docker.parameters().stream()
            .map(
                p ->
                    new Container.Parameter(
                        requireNonNullElse(p.key(), ""), requireNonNullElse(p.value(), "")))
            .toList();
  }

  private List<Container.Volume> volumes(List<VolumeJson> given) {
    List<Container.Volume> volumes = new ArrayList<>();
    for (int i = 0; i < given.size(); i++) {
      VolumeJson volume = given.get(i);
      String path = "/container/volumes(" + i + ")";
      out.addIf(
          volume.persistent() != null,
          path + "/persistent",
          "persistent volumes are not supported");
      out.addIf(
          volume.external() != null,
          path + "/external",
          "Feature external_volumes is not enabled. Enable with --enable_features"
              + " external_volumes)");
      out.addIf(
          volume.secret() != null,
          path + "/secret",
          "volume.secret must refer to an existing secret");
      volumes.add(
          new Container.Volume(
              requireNonNullElse(volume.containerPath(), ""),
              requireNonNullElse(volume.hostPath(), ""),
              "RO".equalsIgnoreCase(volume.mode())));
    }
    return volumes;
  }

  private static List<PortSpec> definitions(AppJson app) {
    List<PortDefinitionJson> given =
        app.portDefinitions() == null ? List.of(DEFAULT_DEFINITION) : app.portDefinitions();
    boolean required = requireNonNullElse(app.requirePorts(), false);
    return given.stream()
        .map(
            port -> {
              int number = requireNonNullElse(port.port(), 0);
              return new PortSpec(
                  null,
                  required ? number : 0,
                  number,
                  protocols(port.protocol()),
                  port.name(),
                  requireNonNullElse(port.labels(), Map.of()));
            })
        .toList();
  }

  private List<PortSpec> mappings(AppJson app) {
    ContainerJson given = app.container();
    List<PortMappingJson> mappings =
        new ArrayList<>(
            given == null || given.portMappings() == null
                ? List.of(DEFAULT_MAPPING)
                : given.portMappings());
    int defined = app.portDefinitions() == null ? 0 : app.portDefinitions().size();
    while (given != null && mappings.size() < defined) {
      mappings.add(PADDING);
    }
    List<PortSpec> specs = new ArrayList<>();
    for (int i = 0; i < mappings.size(); i++) {
      specs.add(mapping(mappings.get(i), "/container/portMappings(" + i + ")"));
    }
    return specs;
  }

  private PortSpec mapping(PortMappingJson port, String path) {
    List<String> names = port.networkNames() == null ? List.of() : port.networkNames();
    List<String> known =
        network.mode() == Network.Mode.CONTAINER
            ? network.attachments().stream().map(Network.Attachment::name).toList()
            : List.of();
    out.addIf(
        !known.containsAll(names),
        path + "/networkNames",
        "is not one of (" + String.join(",", known) + ")");
    out.addIf(
        known.size() > 1 && port.hostPort() != null && names.size() != 1,
        path,
        "networkNames must be a single item list when hostPort is specified and more than 1"
            + " container network is defined");
    out.addIf(
        known.size() > 1 && !names.isEmpty(),
        path + "/networkNames",
        "mappings to one of several container networks are not supported");
    boolean bridge = network.mode() == Network.Mode.BRIDGE;
    return new PortSpec(
        requireNonNullElse(port.containerPort(), 0),
        bridge ? Integer.valueOf(requireNonNullElse(port.hostPort(), 0)) : port.hostPort(),
        requireNonNullElse(port.servicePort(), 0),
        protocols(port.protocol()),
        port.name(),
        requireNonNullElse(port.labels(), Map.of()));
  }

  private static List<Protocol> protocols(@Nullable String given) {
    return switch (requireNonNullElse(given, "tcp").toLowerCase(Locale.ROOT)) {
      case "udp" -> List.of(Protocol.UDP);
      case "udp,tcp", "tcp,udp" -> List.of(Protocol.UDP, Protocol.TCP);
      default -> List.of(Protocol.TCP);
    };
  }
}
