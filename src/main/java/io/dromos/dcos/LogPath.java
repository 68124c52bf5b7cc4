package io.dromos.dcos;

import io.dromos.task.TaskId;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The log that a request path names, in either form of dcos-log v2 (dcos-cli-api reference, 6.2):
 * by task, or by the sandbox coordinates that the real service redirects to.
 *
 * @param agentId as the client believes; null when it did not say
 * @param file relative to the sandbox
 */
record LogPath(@Nullable String agentId, TaskId task, String file) {
  private static final Pattern BY_TASK =
      Pattern.compile("/system/v1/(?:agent/([^/]+)/)?logs/v2/task/([^/]+)(?:/file/(.+))?");
  private static final Pattern BY_SANDBOX =
      Pattern.compile(
          "/system/v1/(?:agent/([^/]+)/)?logs/v2/task/frameworks/[^/]+/executors/([^/]+)"
              + "/runs/[^/]+/(?:tasks/[^/]+/)?(.+)");

  /** {@code path} is decoded already. */
  static Optional<LogPath> parse(String path) {
    Matcher sandbox = BY_SANDBOX.matcher(path);
    Matcher matcher = sandbox.matches() ? sandbox : BY_TASK.matcher(path);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String file = matcher.group(3) == null ? "stdout" : matcher.group(3);
    String agentId = matcher.group(1);
    return TaskId.parse(matcher.group(2)).map(task -> new LogPath(agentId, task, file));
  }
}
