package io.dromos.launcher;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Brings a cluster to life: adopts the server that runs, else starts one and waits until it serves.
 */
final class PostgresStart {
  private static final Logger LOG = System.getLogger(EmbeddedPostgres.class.getName());

  /** After a crash the server replays its log before it answers; that may take a while. */
  private static final long START_SECONDS = 120;

  /** How long a leftover may take to answer, end, or vanish from the process table. */
  static final long LEFTOVER_SECONDS = 30;

  private static final long POLL_MILLIS = 50;
  private static final int PORT_ATTEMPTS = 5;

  /** SQL states of a server that lives but takes no connection: starting, stopping, full. */
  private static final List<String> BUSY = List.of("57P03", "57P01", "53300");

  private PostgresStart() {}

  /** A server that serves. {@code adopted} when somebody else had started it. */
  record Running(PostgresProcess process, boolean adopted) {}

  static Running bring(PostgresCluster cluster) throws IOException {
    Running adopted = adopt(cluster);
    return adopted != null ? adopted : launch(cluster);
  }

  // ---- a server that is there already ----

  private static @Nullable Running adopt(PostgresCluster cluster) throws IOException {
    if (!cluster.isInitialized()) {
      return null;
    }
    long deadline = deadline(LEFTOVER_SECONDS);
    PostgresProcess seen = null;
    while (PostgresProcess.anyIn(cluster.data())) {
      Optional<PostgresProcess> running = PostgresProcess.read(cluster.data());
      if (running.isPresent() && running.get().isOf(cluster.data())) {
        seen = running.get();
        if (serves(cluster, seen.port())) {
          LOG.log(
              Level.INFO, "adopted the running PostgreSQL (pid {0})", String.valueOf(seen.pid()));
          return new Running(seen, true);
        }
      }
      if (System.nanoTime() > deadline) {
        end(cluster, seen);
        return null;
      }
      pause();
    }
    // Nobody works there any more, so a pid file is stale. PostgreSQL itself would hesitate when
    // the number has been given to another process meanwhile.
    Files.deleteIfExists(cluster.data().resolve("postmaster.pid"));
    return null;
  }

  private static void end(PostgresCluster cluster, @Nullable PostgresProcess leftover)
      throws IOException {
    if (leftover != null) {
      LOG.log(
          Level.WARNING,
          "a leftover PostgreSQL (pid {0}) does not answer; stopping it",
          String.valueOf(leftover.pid()));
      leftover.signal("INT");
      if (waitUntilGone(cluster.data(), LEFTOVER_SECONDS)) {
        return;
      }
      leftover.signal("QUIT");
    }
    if (!waitUntilGone(cluster.data(), LEFTOVER_SECONDS)) {
      throw new IOException(
          "a PostgreSQL process still works in " + cluster.data() + " and does not end: stop it");
    }
  }

  static boolean waitUntilGone(Path data, long seconds) throws IOException {
    long deadline = deadline(seconds);
    while (PostgresProcess.anyIn(data)) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      pause();
    }
    return true;
  }

  // ---- a new one ----

  private static Running launch(PostgresCluster cluster) throws IOException {
    Path binaries = PostgresBinaries.unpack(cluster.home());
    PostgresAccount account = PostgresAccount.choose(cluster.data(), binaries);
    if (!cluster.isInitialized()) {
      LOG.log(Level.INFO, "creating the database in {0}", cluster.data());
      cluster.initialize(binaries, account);
    }
    cluster.checkVersion();
    cluster.rotateLog();
    int port = (int) cluster.savedPort().orElse(0);
    for (int attempt = 1; ; attempt++) {
      port = port == 0 || !isFree(port) ? freePort() : port;
      Process child = spawn(cluster, binaries, account, port);
      if (waitUntilServing(cluster, child, port)) {
        cluster.savePort(port);
        LOG.log(
            Level.INFO,
            "PostgreSQL serves 127.0.0.1:{0} (pid {1})",
            String.valueOf(port),
            String.valueOf(child.pid()));
        return new Running(new PostgresProcess(child.pid(), port), false);
      }
      // Between our look at the port and the server's bind somebody else may have taken it.
      if (attempt == PORT_ATTEMPTS || isFree(port)) {
        throw new IOException(
            "PostgreSQL ended with status "
                + child.exitValue()
                + ": "
                + cluster.lastWords()
                + " (log: "
                + cluster.log()
                + ")");
      }
      port = 0;
    }
  }

  private static Process spawn(
      PostgresCluster cluster, Path binaries, PostgresAccount account, int port)
      throws IOException {
    List<String> server =
        new ArrayList<>(
            List.of(
                binaries.resolve("bin/postgres").toString(),
                "-D",
                cluster.data().toString(),
                "-p",
                String.valueOf(port)));
    parameters().forEach((name, value) -> server.addAll(List.of("-c", name + "=" + value)));
    // A session of its own: the terminal's Ctrl-C is for the node, which stops its database last.
    List<String> command = new ArrayList<>(List.of("setsid"));
    command.addAll(account.command(server));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
            .redirectOutput(ProcessBuilder.Redirect.appendTo(cluster.log().toFile()));
    PostgresCluster.cleanEnvironment(builder.environment());
    return builder.start();
  }

  /** On the command line, so that they hold whatever the files in the data directory say. */
  private static Map<String, String> parameters() {
    Map<String, String> parameters = new TreeMap<>();
    parameters.put("listen_addresses", "127.0.0.1");
    parameters.put("unix_socket_directories", "");
    parameters.put("fsync", "on");
    parameters.put("synchronous_commit", "on");
    parameters.put("full_page_writes", "on");
    parameters.put("password_encryption", "scram-sha-256");
    parameters.put("shared_buffers", "64MB");
    parameters.put("max_connections", "60");
    parameters.put("max_wal_size", "512MB");
    parameters.put("timezone", "UTC");
    parameters.put("log_timezone", "UTC");
    return parameters;
  }

  private static boolean waitUntilServing(PostgresCluster cluster, Process child, int port)
      throws IOException {
    long deadline = deadline(START_SECONDS);
    while (child.isAlive()) {
      try {
        if (serves(cluster, port)) {
          return true;
        }
      } catch (IOException e) {
        child.destroy();
        throw e;
      }
      if (System.nanoTime() > deadline) {
        child.destroy();
        throw new IOException(
            "PostgreSQL did not answer within "
                + START_SECONDS
                + " s: "
                + cluster.lastWords()
                + " (log: "
                + cluster.log()
                + ")");
      }
      pause();
    }
    return false;
  }

  /** It lets us in with our password and says that it serves our directory. */
  private static boolean serves(PostgresCluster cluster, int port) throws IOException {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(url(port));
    source.setUser(PostgresCluster.NAME);
    source.setPassword(cluster.password());
    source.setConnectTimeout(2);
    source.setSocketTimeout(5);
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement();
        ResultSet answer = statement.executeQuery("show data_directory")) {
      return answer.next()
          && Path.of(answer.getString(1)).toRealPath().equals(cluster.data().toRealPath());
    } catch (SQLException e) {
      if ("28P01".equals(e.getSQLState()) || "28000".equals(e.getSQLState())) {
        throw new IOException(
            "the PostgreSQL on port "
                + port
                + " refuses the password in "
                + cluster.home().resolve("password")
                + ": restore that file, or move "
                + cluster.data()
                + " away to begin anew",
            e);
      }
      if (e.getSQLState() != null && !e.getSQLState().startsWith("08")) {
        LOG.log(
            BUSY.contains(e.getSQLState()) ? Level.DEBUG : Level.WARNING,
            "PostgreSQL on port {0}: {1}",
            String.valueOf(port),
            e.getMessage());
      }
      return false;
    }
  }

  static String url(int port) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + PostgresCluster.NAME;
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static long deadline(long seconds) {
    return System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
  }

  private static void pause() throws IOException {
    try {
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for PostgreSQL", e);
    }
  }
}
