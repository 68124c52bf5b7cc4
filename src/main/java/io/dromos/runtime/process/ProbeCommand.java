package io.dromos.runtime.process;

import io.dromos.runtime.LaunchException;
import io.dromos.runtime.LaunchSpec;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A health check's command, run in the sandbox with the task's environment and user. */
final class ProbeCommand {
  private ProbeCommand() {}

  static int run(LaunchSpec spec, String command, Duration timeout, Preparation means)
      throws IOException, InterruptedException {
    Tools tools = means.tools();
    List<String> words = new ArrayList<>(means.resolver().prefix());
    ProcessBuilder builder = new ProcessBuilder();
    try {
      words.addAll(TaskUser.prefix(spec.app().user(), tools));
      builder.environment().clear();
      builder.environment().putAll(LaunchScript.environment(spec, means.ambient()));
    } catch (LaunchException e) {
      throw new IOException(e.getMessage(), e);
    }
    words.addAll(List.of(tools.shell().toString(), "-c", command));
    Process process =
        builder
            .command(words)
            .directory(spec.sandbox().toFile())
            .redirectInput(new java.io.File("/dev/null"))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      if (process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        return process.exitValue();
      }
      throw new IOException("Command has not returned after " + timeout.toSeconds() + "secs");
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}
