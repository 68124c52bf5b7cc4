package io.dromos.app;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The container of an app. {@code image} is null for a Mesos container without one: a plain
 * process.
 */
public record Container(
    Type type,
    @Nullable String image,
    boolean forcePullImage,
    boolean privileged,
    List<Parameter> parameters,
    List<Volume> volumes) {
  /** Marathon's containerizer name; both run on the Docker Engine when an image is given. */
  public enum Type {
    DOCKER,
    MESOS
  }

  /** An option of the docker command line, such as {@code hostname=x}. */
  public record Parameter(String key, String value) {}

  /** A host volume. */
  public record Volume(String containerPath, String hostPath, boolean readOnly) {}

  public Container {
    parameters = List.copyOf(parameters);
    volumes = List.copyOf(volumes);
  }
}
