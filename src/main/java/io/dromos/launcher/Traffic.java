package io.dromos.launcher;

import static io.dromos.launcher.StartRefusedException.USAGE;

import io.dromos.platform.Setting;
import io.dromos.platform.Settings;
import io.dromos.platform.TrafficDir;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where this node's planes run: in a process of their own, unless the settings say otherwise. */
final class Traffic implements AutoCloseable {
  private final @Nullable TrafficSupervisor supervisor;

  private Traffic(@Nullable TrafficSupervisor supervisor) {
    this.supervisor = supervisor;
  }

  /** Nothing is started yet. */
  static Traffic prepare(Settings settings, Path dataDir, Path war)
      throws IOException, StartRefusedException {
    String where = settings.text(Setting.TRAFFIC_PROCESS);
    switch (where) {
      case "in" -> {
        return new Traffic(null);
      }
      case "auto", "own" -> {
        TrafficDir.use(TrafficDir.of(dataDir));
        return new Traffic(
            new TrafficSupervisor(
                TrafficProgram.prepare(settings, dataDir, war),
                settings.flag(Setting.TRAFFIC_KEEP)));
      }
      default ->
          throw new StartRefusedException(
              USAGE, Setting.TRAFFIC_PROCESS.key() + "=" + where + ": give auto, own or in");
    }
  }

  /** Traffic is served as soon as that process is up, from the last routes it was told. */
  void begin() {
    if (supervisor != null) {
      supervisor.begin();
    }
  }

  void awaitServing() throws StartRefusedException {
    if (supervisor != null) {
      supervisor.awaitServing();
    }
  }

  void giveUp() {
    if (supervisor != null) {
      supervisor.giveUp();
    }
  }

  @Override
  public void close() {
    if (supervisor != null) {
      supervisor.close();
    }
  }
}
