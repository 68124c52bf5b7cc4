package io.dromos.runtime.docker;

import com.github.dockerjava.api.model.Frame;
import java.io.IOException;
import java.time.Duration;
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
          throw new IOException("Command has not returned after " + timeout.toSeconds() + "secs");
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

  /** Output that nobody wants. */
  private static final class Unheard extends EngineStream<Frame> {
    @Override
    void take(Frame frame) {}
  }
}
