package io.dromos.app;

import java.util.List;
import java.util.TreeSet;

/**
 * What the container of a definition must not say (Marathon 1.11: {@code AppValidation}), and what
 * neither a container nor a plain process can be given here.
 */
final class ContainerRules {
  private ContainerRules() {}

  static void check(AppSpec app, List<Violation> out) {
    Container container = app.container();
    boolean docker = container != null && container.type() == Container.Type.DOCKER;
    int networks = app.network().attachments().size();
    if (docker && app.network().mode() == Network.Mode.CONTAINER && networks > 1) {
      out.add(
          new Violation(
              "/",
              "may only specify a single container network when using the Docker container"
                  + " engine"));
    }
    gpus(app, docker, out);
    if (container == null) {
      return;
    }
    for (int i = 0; i < container.volumes().size(); i++) {
      volume(container.volumes().get(i), app, "/container/volumes(" + i + ")", out);
    }
    for (int i = 0; i < container.parameters().size(); i++) {
      String key = container.parameters().get(i).key();
      if (!DockerParameters.SUPPORTED.contains(key)) {
        out.add(
            new Violation(
                "/container/docker/parameters(" + i + ")/key",
                "'"
                    + key
                    + "' is not supported; supported are "
                    + String.join(", ", new TreeSet<>(DockerParameters.SUPPORTED))));
      }
    }
  }

  private static void gpus(AppSpec app, boolean docker, List<Violation> out) {
    if (app.resources().gpus() > 0) {
      out.add(
          new Violation(
              "/",
              docker
                  ? "GPU resources only work with the Mesos containerizer"
                  : "Feature gpu_resources is not enabled. Enable with --enable_features"
                      + " gpu_resources)"));
    }
  }

  private static void volume(
      Container.Volume volume, AppSpec app, String path, List<Violation> out) {
    String inside = volume.containerPath();
    if (inside.isEmpty()) {
      out.add(new Violation(path + "/containerPath", "must not be empty"));
    }
    if (volume.hostPath().isEmpty()) {
      out.add(new Violation(path + "/hostPath", "must not be empty"));
    }
    if (app.needsDocker()) {
      return;
    }
    // A plain process has the machine's own files: a volume is a link in its sandbox.
    boolean outside = inside.startsWith("/") || List.of(inside.split("/")).contains("..");
    if (outside && !inside.equals(volume.hostPath())) {
      out.add(
          new Violation(
              path + "/containerPath",
              "a plain process sees the machine's own files: give a path relative to its sandbox,"
                  + " the hostPath itself, or a Docker image"));
    }
    if (volume.readOnly()) {
      out.add(
          new Violation(
              path + "/mode",
              "a plain process cannot be kept from writing: use RW, or a Docker image"));
    }
  }
}
