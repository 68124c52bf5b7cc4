package io.dromos.runtime.docker;

import com.github.dockerjava.api.model.Frame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A health check's command, run inside the container. */
final class ContainerProbe {
  private ContainerProbe() {}

  static int run(Engine engine, String container, String command, Duration timeout)
      throws IOException, InterruptedException {
    try {
      String exec =
          engine
              .quick()
              .execCreateCmd(container)
              .withAttachStdout(true)
              .withAttachStderr(true)
              .withCmd("/bin/sh", "-c", command)
              .exec()
              .getId();
      try (Unheard output = engine.lasting().execStartCmd(exec).exec(new Unheard())) {
        if (!output.await(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
          String left = end(engine, exec, container) ? "" : "; it is left in the container";
          throw new IOException(
              "Command has not returned after " + timeout.toSeconds() + "secs" + left);
        }
      }
      Long status = engine.quick().inspectExecCmd(exec).exec().getExitCodeLong();
      if (status == null) {
        throw new IOException("the Docker Engine knows no exit status of the command");
      }
      return status.intValue();
    } catch (RuntimeException e) {
      throw new IOException(EngineWords.of(e), e);
    }
  }

  /**
   * The Engine cannot end what it ran in a container, and a probe that hangs would leave one more
   * process each time. Its number is one of this machine only with an Engine on this machine, so
   * the process must belong to the container's control group.
   */
  private static boolean end(Engine engine, String exec, String container) {
    try {
      Long pid = engine.quick().inspectExecCmd(exec).exec().getPidLong();
      if (pid == null
          || pid < 1
          || !Files.readString(Path.of("/proc", pid.toString(), "cgroup")).contains(container)) {
        return false;
      }
      return ProcessHandle.of(pid).map(ContainerProbe::endAll).orElse(true);
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }

  private static boolean endAll(ProcessHandle process) {
    List<ProcessHandle> below = process.descendants().toList();
    boolean ended = process.destroyForcibly();
    below.forEach(ProcessHandle::destroyForcibly);
    return ended;
  }

  /** Output that nobody wants. */
  private static final class Unheard extends EngineStream<Frame> {
    @Override
    void take(Frame frame) {}
  }
}
