package io.dromos.launcher;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A real PostgreSQL server below the data directory, for a machine without one: durable, password
 * protected, on loopback only. It is a process and a session of its own, so neither Ctrl-C nor the
 * death of this JVM reaches it; a server left behind by a killed node is found again and adopted.
 * If the server itself dies, it is started again under the same URL.
 */
public final class EmbeddedPostgres implements AutoCloseable {
  private static final Logger LOG = System.getLogger(EmbeddedPostgres.class.getName());

  /** Between two attempts to start a server that died. */
  private static final long RETRY_SECONDS = 2;

  private final PostgresCluster cluster;
  private final FileChannel lock;
  private final String password;
  private final int port;
  private final CountDownLatch closing = new CountDownLatch(1);
  private volatile PostgresStart.Running running;

  private EmbeddedPostgres(
      PostgresCluster cluster, FileChannel lock, String password, PostgresStart.Running running) {
    this.cluster = cluster;
    this.lock = lock;
    this.password = password;
    this.port = running.process().port();
    this.running = running;
  }

  /**
   * Starts the server of {@code dataDir}, creating it the first time, or adopts the one that runs.
   *
   * @throws IOException with one line for the user: what is wrong and how to mend it
   */
  public static EmbeddedPostgres start(Path dataDir) throws IOException {
    PostgresBinaries.resourceFor(System.getProperty("os.name"), System.getProperty("os.arch"));
    PostgresCluster cluster = new PostgresCluster(dataDir);
    FileChannel lock = cluster.lock();
    try {
      PostgresStart.Running running = PostgresStart.bring(cluster);
      EmbeddedPostgres postgres = new EmbeddedPostgres(cluster, lock, cluster.password(), running);
      postgres.watch();
      return postgres;
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /**
   * {@code jdbc:postgresql://127.0.0.1:<port>/dromos}, without any option; see {@link PostgresUrl}.
   */
  public String jdbcUrl() {
    return PostgresStart.url(port);
  }

  public String user() {
    return PostgresCluster.NAME;
  }

  public String password() {
    return password;
  }

  public int port() {
    return port;
  }

  /** Process id of the postmaster. */
  public long pid() {
    return running.process().pid();
  }

  /** True when the server was found running. */
  public boolean adopted() {
    return running.adopted();
  }

  /** Stops the server in order: open connections are ended, everything is written. */
  @Override
  public void close() {
    if (isClosing()) {
      return;
    }
    closing.countDown();
    try {
      synchronized (this) {
        if (!stopped("INT") && !stopped("QUIT")) {
          LOG.log(Level.WARNING, "PostgreSQL (pid {0}) does not end", String.valueOf(pid()));
        }
      }
      lock.close();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "PostgreSQL could not be stopped: {0}", e.getMessage());
    }
  }

  /** Ends as if the JVM had been killed: the server runs on. For tests of adoption. */
  void abandon() throws IOException {
    closing.countDown();
    lock.close();
  }

  private boolean isClosing() {
    return closing.getCount() == 0;
  }

  private boolean stopped(String signal) throws IOException {
    running.process().signal(signal);
    return PostgresStart.waitUntilGone(cluster.data(), PostgresStart.LEFTOVER_SECONDS);
  }

  private void watch() {
    Thread thread = new Thread(this::keepAlive, "dromos-postgres-watch");
    thread.setDaemon(true);
    thread.start();
  }

  /** A killed postmaster takes the node's memory with it unless somebody starts another. */
  private void keepAlive() {
    while (!isClosing()) {
      ProcessHandle.of(pid()).ifPresent(process -> process.onExit().join());
      if (isClosing()) {
        return;
      }
      LOG.log(Level.WARNING, "PostgreSQL (pid {0}) ended by itself", String.valueOf(pid()));
      try {
        revive();
      } catch (IOException | RuntimeException e) {
        LOG.log(Level.ERROR, "PostgreSQL does not start again: {0}", e.getMessage());
        if (closesWithin(RETRY_SECONDS)) {
          return;
        }
      }
    }
  }

  private synchronized void revive() throws IOException {
    if (isClosing()) {
      return;
    }
    running = PostgresStart.bring(cluster);
    if (running.process().port() != port) {
      LOG.log(
          Level.ERROR,
          "port {0} was taken meanwhile: restart the node to use the new one",
          String.valueOf(port));
    }
  }

  private boolean closesWithin(long seconds) {
    try {
      return closing.await(seconds, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }
}
