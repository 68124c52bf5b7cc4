package io.dromos.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dromos.api.AppJson.ArtifactJson;
import io.dromos.api.AppJson.DiscoveryJson;
import io.dromos.api.AppJson.DiscoveryPortJson;
import io.dromos.api.AppJson.IpAddressJson;
import io.dromos.api.AppJson.NetworkJson;
import io.dromos.api.AppJson.PortDefinitionJson;
import io.dromos.api.ContainerJson.DockerJson;
import io.dromos.api.ContainerJson.PortMappingJson;
import io.dromos.app.Violation;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The forms that Marathon stopped showing with 1.5 and accepts for ever: {@code ports}, {@code
 * uris}, {@code ipAddress}, {@code container.docker.network} and {@code .portMappings}. Checks how
 * they mix with the canonical ones and translates them (marathon-api reference, 2.5).
 */
final class LegacyForms {
  /** Mesos' own name for the bridge; asking for it by name means bridge networking. */
  private static final String MESOS_BRIDGE = "mesos-bridge";

  private static final Pattern EXTRACTED =
      Pattern.compile(".*\\.(tar|tar\\.gz|tar\\.bz2|tar\\.xz|gz|tgz|tbz2|txz|zip)");

  private LegacyForms() {}

  /** Rules about legacy fields, for whole definitions and for parts alike. */
  static List<Violation> check(AppJson app) {
    Violations out = new Violations();
    ports(app, out);
    networks(app, out);
    portMappings(app, out);
    List<String> uris = orEmpty(app.uris());
    for (int i = 0; i < uris.size(); i++) {
      out.addIf(!isUri(uris.get(i)), "/uris(" + i + ")", "URI has invalid syntax.");
    }
    out.addIf(
        !uris.isEmpty() && !orEmpty(app.fetch()).isEmpty(),
        "/uris",
        "may not be set in conjunction with fetch");
    return out.found();
  }

  /**
   * The same fields in canonical form: what was absent stays absent.
   *
   * @param complete a whole definition, not a part of one
   */
  static ObjectNode translate(AppJson app, boolean complete) {
    ObjectNode tree = Json.MAPPER.valueToTree(app);
    tree.remove(List.of("ports", "uris", "ipAddress"));
    put(tree, "networks", translatedNetworks(app));
    put(tree, "container", container(app));
    if (app.portDefinitions() == null && app.ports() != null) {
      put(
          tree,
          "portDefinitions",
          app.ports().stream().map(p -> new PortDefinitionJson(p, null, null, "tcp")).toList());
    }
    List<String> uris = orEmpty(app.uris());
    if (!uris.isEmpty()) {
      put(tree, "fetch", uris.stream().map(LegacyForms::artifact).toList());
    }
    if (app.healthChecks() != null && (!complete || namesPorts(app))) {
      put(tree, "healthChecks", app.healthChecks().stream().map(LegacyForms::withPort).toList());
    }
    return tree;
  }

  static boolean isUri(String text) {
    try {
      return !new URI(text).toString().isEmpty();
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static void ports(AppJson app, Violations out) {
    List<Integer> fixed = orEmpty(app.ports()).stream().filter(p -> p != 0).toList();
    out.addIf(new HashSet<>(fixed).size() < fixed.size(), "/", "ports must be unique");
    if (app.ports() != null && app.portDefinitions() != null) {
      List<Integer> defined =
          app.portDefinitions().stream().map(p -> Objects.requireNonNullElse(p.port(), 0)).toList();
      out.addIf(
          !defined.equals(app.ports()), "/", "cannot specify both ports and port definitions");
    }
    boolean given = !orEmpty(app.ports()).isEmpty() || !orEmpty(app.portDefinitions()).isEmpty();
    out.addIf(app.ipAddress() != null && given, "/", "cannot specify both an IP address and port");
  }

  private static void networks(AppJson app, Violations out) {
    String dockerNetwork = dockerNetwork(app);
    boolean given = !orEmpty(app.networks()).isEmpty();
    out.addIf(
        dockerNetwork != null && given,
        "/",
        "must not specify both container.docker.network and networks");
    out.addIf(
        app.ipAddress() != null && given, "/", "must not specify both networks and ipAddress");
    out.addIf(
        "NONE".equals(dockerNetwork),
        "/container/docker/network",
        "unsupported docker network type NONE");
    DockerJson docker = app.container() == null ? null : app.container().docker();
    if (docker != null) {
      out.addIf(docker.credential() != null, "/container/docker/credential", "must be empty");
      boolean mesos = isMesos(app);
      out.addIf(mesos && docker.network() != null, "/container/docker/network", "must be empty");
      out.addIf(
          mesos && !orEmpty(docker.parameters()).isEmpty(),
          "/container/docker/parameters",
          "must be empty");
      out.addIf(
          mesos && !orEmpty(docker.portMappings()).isEmpty(),
          "/container/docker/portMappings",
          "must be empty");
    }
  }

  private static void portMappings(AppJson app, Violations out) {
    ContainerJson container = app.container();
    DiscoveryJson discovery = app.ipAddress() == null ? null : app.ipAddress().discovery();
    if (container == null) {
      return;
    }
    List<PortMappingJson> legacy =
        container.docker() == null ? null : container.docker().portMappings();
    out.addIf(
        container.portMappings() != null && !orEmpty(legacy).isEmpty(),
        "/container",
        "cannot specify both portMappings and docker.portMappings");
    out.addIf(
        discovery != null && !isMesos(app),
        "/ipAddress",
        "ipAddress/discovery is not allowed for Docker containers");
    out.addIf(
        discovery != null
            && !orEmpty(discovery.ports()).isEmpty()
            && container.portMappings() != null,
        "/ipAddress",
        "container.portMappings and ipAddress.discovery.ports must not both be set");
  }

  private static @Nullable List<NetworkJson> translatedNetworks(AppJson app) {
    IpAddressJson ip = app.ipAddress();
    String docker = dockerNetwork(app);
    if (docker == null && ip == null) {
      return app.networks();
    }
    boolean bridge = "BRIDGE".equals(docker) || (docker == null && isBridgeName(ip));
    if ("HOST".equals(docker)) {
      return List.of(new NetworkJson(null, "host", null));
    }
    if (bridge) {
      return List.of(new NetworkJson(null, "container/bridge", ip == null ? null : ip.labels()));
    }
    return List.of(
        new NetworkJson(
            ip == null ? null : ip.networkName(), "container", ip == null ? null : ip.labels()));
  }

  private static boolean isBridgeName(@Nullable IpAddressJson ip) {
    return ip != null && MESOS_BRIDGE.equals(ip.networkName());
  }

  private static @Nullable ContainerJson container(AppJson app) {
    ContainerJson given = app.container();
    IpAddressJson ip = app.ipAddress();
    if (given == null) {
      return ip == null
          ? null
          : new ContainerJson("MESOS", null, List.of(), discovered(ip.discovery()), null);
    }
    DockerJson docker = given.docker();
    List<PortMappingJson> mappings = given.portMappings();
    if (mappings == null && docker != null) {
      mappings = docker.portMappings();
    }
    if (mappings == null && ip != null) {
      mappings = discovered(ip.discovery());
    }
    return new ContainerJson(
        given.type(),
        docker == null ? null : withoutNetwork(docker),
        given.volumes(),
        mappings,
        given.linuxInfo());
  }

  private static @Nullable List<PortMappingJson> discovered(@Nullable DiscoveryJson discovery) {
    List<DiscoveryPortJson> ports = discovery == null ? null : discovery.ports();
    return orEmpty(ports).isEmpty()
        ? null
        : orEmpty(ports).stream()
            .map(
                p ->
                    new PortMappingJson(
                        p.number(), null, p.labels(), p.name(), p.protocol(), null, null))
            .toList();
  }

  private static DockerJson withoutNetwork(DockerJson docker) {
    return new DockerJson(
        null,
        docker.forcePullImage(),
        docker.image(),
        null,
        docker.parameters(),
        null,
        docker.privileged(),
        docker.pullConfig());
  }

  private static ArtifactJson artifact(String uri) {
    return new ArtifactJson(
        uri, EXTRACTED.matcher(uri.toLowerCase(Locale.ROOT)).matches(), false, false, null);
  }

  /** Only with explicit ports does a check without port mean the first one. */
  private static boolean namesPorts(AppJson app) {
    ContainerJson container = container(app);
    List<NetworkJson> networks = orEmpty(translatedNetworks(app));
    boolean host = networks.isEmpty() || "host".equalsIgnoreCase(networks.get(0).mode());
    boolean mapped =
        !host
            && container != null
            && (container.portMappings() == null || !container.portMappings().isEmpty());
    return mapped || !orEmpty(app.portDefinitions()).isEmpty();
  }

  private static HealthCheckJson withPort(HealthCheckJson check) {
    boolean command = "COMMAND".equalsIgnoreCase(check.protocol());
    if (command || check.port() != null || check.portIndex() != null) {
      return check;
    }
    return new HealthCheckJson(
        check.command(),
        check.gracePeriodSeconds(),
        check.ignoreHttp1xx(),
        check.intervalSeconds(),
        check.maxConsecutiveFailures(),
        check.path(),
        null,
        0,
        check.protocol(),
        check.ipProtocol(),
        check.timeoutSeconds(),
        check.delaySeconds());
  }

  private static @Nullable String dockerNetwork(AppJson app) {
    DockerJson docker = app.container() == null ? null : app.container().docker();
    String network = docker == null ? null : docker.network();
    return network == null ? null : network.toUpperCase(Locale.ROOT);
  }

  private static boolean isMesos(AppJson app) {
    return app.container() != null && "MESOS".equalsIgnoreCase(app.container().type());
  }

  private static void put(ObjectNode tree, String field, @Nullable Object value) {
    if (value == null) {
      tree.remove(field);
    } else {
      tree.set(field, Json.MAPPER.valueToTree(value));
    }
  }

  private static <T> List<T> orEmpty(@Nullable List<T> values) {
    return values == null ? List.of() : values;
  }
}
