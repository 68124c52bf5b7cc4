package io.dromos.traffic;

import io.dromos.platform.ProcessSignals;
import io.dromos.platform.Settings;
import io.dromos.platform.TrafficDir;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/**
 * {@code java io.dromos.traffic.TrafficMain FILES SOCKETS IDENTITY}: started by {@code up}, which
 * wrote the settings into the traffic directory. Takes no input.
 */
public final class TrafficMain {
  /** Exit status for settings that cannot be used: starting again would not help. */
  private static final int USAGE = 2;

  private static final int FAILED = 1;

  private TrafficMain() {}

  public static void main(String[] arguments) {
    int status = FAILED;
    try {
      run(new TrafficDir(Path.of(arguments[0]), Path.of(arguments[1])), arguments[2]);
      status = 0;
    } catch (Settings.InvalidSettingException e) {
      System.err.println("dromos: " + e.getMessage());
      status = USAGE;
    } catch (IOException | RuntimeException | Error e) {
      System.err.println("dromos: the traffic process failed: " + e);
      e.printStackTrace();
    }
    System.exit(status);
  }

  private static void run(TrafficDir directory, String identity) throws IOException {
    Properties given = new Properties();
    try (InputStream in = Files.newInputStream(directory.settings(identity))) {
      given.load(in);
    }
    Map<String, String> values = new HashMap<>();
    given.forEach((key, value) -> values.put(String.valueOf(key), String.valueOf(value)));
    TrafficProcess process = TrafficProcess.start(directory, identity, Settings.of(values));
    // A terminal's Ctrl-C reaches the whole group; who started us decides.
    ProcessSignals.handle("INT", () -> {});
    ProcessSignals.handle("HUP", process::renew);
    ProcessSignals.handle("TERM", process::stop);
    process.awaitEnd();
  }
}
