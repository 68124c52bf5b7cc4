package io.dromos.launcher;

import static io.dromos.launcher.StartRefusedException.ENVIRONMENT;

import fish.payara.micro.BootstrapException;
import io.dromos.platform.DataDirLock;
import io.dromos.platform.Setting;
import io.dromos.platform.Settings;
import io.dromos.platform.Settings.InvalidSettingException;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** {@code up}: a node in the foreground, from settings to signals. */
final class Up {
  /** Exit status for what nobody foresaw. */
  private static final int FAILED = 1;

  private Up() {}

  /** Runs until SIGTERM or SIGINT; returns an exit status only when the node can't start. */
  static int run(List<String> arguments) {
    if (arguments.contains("--help") || arguments.contains("-h")) {
      System.out.println(UpFlags.help());
      return 0;
    }
    long began = System.nanoTime();
    try {
      UpFlags.parse(arguments).forEach(System::setProperty);
      Settings.refuseUnknown(
          Stream.concat(
              System.getProperties().stringPropertyNames().stream(),
              System.getenv().keySet().stream()));
      Settings settings = new Settings(Up::setting);
      StartChecks.values(settings);
      InetAddress address = StartChecks.apiAddress(settings);
      Path dataDir = settings.path(Setting.DATA_DIR);
      try (DataDirLock lock = take(dataDir)) {
        serve(settings, address, StartChecks.apiPort(settings, address), dataDir, began, lock);
      }
      return 0;
    } catch (StartRefusedException e) {
      System.err.println("dromos: " + e.getMessage());
      return e.status();
    } catch (InvalidSettingException e) {
      System.err.println("dromos: " + e.getMessage());
      return StartRefusedException.USAGE;
    } catch (IOException e) {
      System.err.println("dromos: " + e.getMessage());
      return ENVIRONMENT;
    } catch (RuntimeException | Error e) {
      // Thrown on, it would leave a process of Payara's threads that serves nothing and never ends.
      System.err.println("dromos: the start failed: " + e);
      e.printStackTrace();
      return FAILED;
    }
  }

  private static void serve(
      Settings settings, InetAddress address, int port, Path dataDir, long began, DataDirLock lock)
      throws StartRefusedException, IOException {
    System.setProperty(Setting.API_ADDRESS.key(), settings.text(Setting.API_ADDRESS));
    System.setProperty(Setting.API_PORT.key(), String.valueOf(port));
    System.setProperty(Setting.DATA_DIR.key(), dataDir.toString());
    Path home = dataDir.resolve("payara");
    Path war = PayaraServer.unpackApplication(home);
    Traffic traffic = Traffic.prepare(settings, dataDir, war);
    // The database's own start takes a second: beside Payara's, not before it.
    Opening opening = Opening.begin(settings, dataDir);
    StopSignals signals = StopSignals.take(status -> giveUp(traffic, opening, status));
    traffic.begin();
    PayaraServer server;
    Database database;
    try {
      server = boot(home, address, port);
      traffic.awaitServing();
      database = opening.await();
      System.setProperty(Setting.DB_URL.key(), PostgresUrl.withDefaults(database.url()));
      System.setProperty(Setting.DB_USER.key(), database.user());
      System.setProperty(Setting.DB_PASSWORD.key(), database.password());
      if (!server.deploy(war)) {
        throw new StartRefusedException(
            ENVIRONMENT, "the application could not be deployed; the lines above say why");
      }
    } catch (Throwable e) {
      signals.parkIfGivenUp();
      traffic.giveUp();
      opening.close();
      throw e;
    }
    System.out.printf(
        Locale.ROOT,
        "Dromos is ready after %.1f s: console and API on http://%s:%d, data in %s, %s%n",
        (System.nanoTime() - began) / 1e9,
        address.isAnyLocalAddress() ? "127.0.0.1" : address.getHostAddress(),
        port,
        dataDir,
        database.isEmbedded() ? "embedded PostgreSQL" : database.url());
    signals.await();
    System.out.println("Dromos stops; tasks go on and are found again at the next start.");
    stop(server, traffic, opening, lock);
  }

  private static PayaraServer boot(Path home, InetAddress address, int port)
      throws StartRefusedException, IOException {
    try {
      return PayaraServer.boot(home, address, port);
    } catch (BootstrapException | IllegalStateException e) {
      throw new StartRefusedException(
          ENVIRONMENT,
          "Payara Micro could not start ("
              + e.getMessage()
              + "): is "
              + address.getHostAddress()
              + ":"
              + port
              + " free?");
    }
  }

  /** Halts, since Payara's threads would hold an exit up: half started, they stop for nobody. */
  private static void giveUp(Traffic traffic, Opening opening, int status) {
    try {
      System.out.println("Dromos gives up its start.");
      traffic.giveUp();
      opening.close();
    } finally {
      System.out.flush();
      Runtime.getRuntime().halt(status);
    }
  }

  private static void stop(
      PayaraServer server, Traffic traffic, Opening opening, DataDirLock lock) {
    try {
      server.stop();
    } catch (BootstrapException | RuntimeException e) {
      System.err.println("dromos: while stopping: " + e);
    }
    try {
      traffic.close();
      opening.close();
      lock.close();
    } catch (IOException | RuntimeException e) {
      System.err.println("dromos: while stopping: " + e);
    } finally {
      System.out.flush();
      System.err.flush();
      Runtime.getRuntime().halt(0);
    }
  }

  private static DataDirLock take(Path dataDir) throws StartRefusedException {
    try {
      return DataDirLock.take(dataDir);
    } catch (IOException e) {
      throw new StartRefusedException(ENVIRONMENT, String.valueOf(e.getMessage()));
    }
  }

  /** Flags and -D first, then the environment: the order of MicroProfile Config. */
  private static @org.jspecify.annotations.Nullable String setting(String key) {
    String property = System.getProperty(key);
    if (property != null) {
      return property;
    }
    return System.getenv(key.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT));
  }
}
