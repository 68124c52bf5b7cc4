package io.dromos.traffic;

import io.dromos.platform.Setting;
import io.dromos.platform.Settings;
import io.dromos.platform.TrafficDir;
import java.util.Optional;

/** Where the planes of this server run. The one place that decides it. */
public final class TrafficPlace {
  private TrafficPlace() {}

  /**
   * Where the traffic process is found; empty when the planes run in this server, which is so
   * wherever {@code up} has not started one.
   *
   * @throws Settings.InvalidSettingException for a process that nobody started, or another word
   */
  public static Optional<TrafficDir> of(Settings settings) {
    String place = settings.text(Setting.TRAFFIC_PROCESS);
    Optional<TrafficDir> started = TrafficDir.inUse();
    return switch (place) {
      case "auto" -> started;
      case "in" -> Optional.empty();
      case "own" -> {
        if (started.isEmpty()) {
          throw new Settings.InvalidSettingException(
              Setting.TRAFFIC_PROCESS.key()
                  + "=own: only java -jar dromos.jar up starts a traffic process; give auto or in");
        }
        yield started;
      }
      default ->
          throw new Settings.InvalidSettingException(
              Setting.TRAFFIC_PROCESS.key() + "=" + place + ": give auto, own or in");
    };
  }
}
