package io.dromos.runtime;

import io.dromos.app.AppSpec;
import io.dromos.task.TaskId;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Everything needed to start one task.
 *
 * @param env complete environment, user's settings included
 * @param sandbox existing directory of the task; {@code stdout} and {@code stderr} go there
 */
public record LaunchSpec(
    TaskId id, AppSpec app, Map<String, String> env, List<Integer> hostPorts, Path sandbox) {
  public LaunchSpec {
    env = Map.copyOf(env);
    hostPorts = List.copyOf(hostPorts);
  }
}
