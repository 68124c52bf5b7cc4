package io.dromos.cluster;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The change feed on {@code LISTEN/NOTIFY}. Announcements travel with the commit; PostgreSQL folds
 * equal ones of a transaction into one. A thread with a connection of its own listens (a pooled one
 * would lose its subscription). When that connection is lost it is made again, and everybody is
 * woken once, since nobody knows what was missed.
 */
public final class PostgresChangeFeed implements ChangeFeed, AutoCloseable {
  private static final Logger LOG = System.getLogger(PostgresChangeFeed.class.getName());
  private static final String CHANNEL = "dromos";
  private static final int WAIT_MILLIS = 1_000;

  /** A network that swallows packets is noticed by a question, never by waiting. */
  private static final int SILENT_ROUNDS_BEFORE_PROBE = 10;

  private static final long FIRST_BACKOFF_MILLIS = 100;
  private static final long MAX_BACKOFF_MILLIS = 5_000;

  private final DataSource database;
  private final PGSimpleDataSource listening = new PGSimpleDataSource();
  private final Thread thread;
  private final List<Consumer<Set<Topic>>> listeners = new CopyOnWriteArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile @Nullable Connection current;

  /**
   * @param database takes part in the transactions of those who announce
   * @param jdbcUrl for the listening connection, as {@code user} with {@code password}
   */
  public PostgresChangeFeed(
      DataSource database, String jdbcUrl, String user, String password, ThreadFactory threads) {
    this.database = database;
    this.listening.setUrl(jdbcUrl);
    this.listening.setUser(user);
    this.listening.setPassword(password);
    this.thread = threads.newThread(this::listen);
    this.thread.setName("dromos-change-feed");
  }

  public PostgresChangeFeed start() {
    thread.start();
    return this;
  }

  @Override
  public void announce(Set<Topic> topics) {
    if (topics.isEmpty()) {
      return;
    }
    try (Connection connection = database.getConnection();
        PreparedStatement notify =
            connection.prepareStatement(
                "select pg_notify('" + CHANNEL + "', topic) from unnest(?) as topic")) {
      Object[] names = topics.stream().sorted().map(Topic::name).toArray();
      notify.setArray(1, connection.createArrayOf("text", names));
      notify.execute();
    } catch (SQLException e) {
      throw new IllegalStateException("cannot announce " + topics + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void subscribe(Consumer<Set<Topic>> listener) {
    listeners.add(listener);
  }

  @Override
  public void close() {
    closed.countDown();
    Connection connection = current;
    if (connection != null) {
      try {
        connection.abort(Runnable::run);
      } catch (SQLException e) {
        LOG.log(Level.DEBUG, "closing the change feed: {0}", e.getMessage());
      }
    }
    boolean interrupted = false;
    try {
      thread.join(5_000);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void listen() {
    long backoff = FIRST_BACKOFF_MILLIS;
    boolean lost = false;
    while (!isClosed()) {
      try (Connection connection = listening.getConnection()) {
        current = connection;
        subscribe(connection);
        if (lost) {
          LOG.log(Level.INFO, "change feed is back");
          lost = false;
        }
        backoff = FIRST_BACKOFF_MILLIS;
        // What was announced while we didn't listen is lost: look at everything once.
        deliver(EnumSet.allOf(Topic.class));
        receive(connection);
      } catch (SQLException e) {
        if (!lost && !isClosed()) {
          LOG.log(
              Level.WARNING,
              "change feed is lost, timers wake the loops meanwhile: {0}",
              e.getMessage());
          lost = true;
        }
      } finally {
        current = null;
      }
      if (pausedUntilClosed(backoff)) {
        return;
      }
      backoff = Math.min(backoff * 2, MAX_BACKOFF_MILLIS);
    }
  }

  private static void subscribe(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("listen " + CHANNEL);
    }
  }

  private void receive(Connection connection) throws SQLException {
    PGConnection notifications = connection.unwrap(PGConnection.class);
    int silentRounds = 0;
    while (!isClosed()) {
      PGNotification[] batch = notifications.getNotifications(WAIT_MILLIS);
      if (batch == null || batch.length == 0) {
        if (++silentRounds >= SILENT_ROUNDS_BEFORE_PROBE) {
          silentRounds = 0;
          probe(connection);
        }
        continue;
      }
      silentRounds = 0;
      Set<Topic> topics = EnumSet.noneOf(Topic.class);
      for (PGNotification notification : batch) {
        topic(notification.getParameter(), topics);
      }
      deliver(topics);
    }
  }

  private static void probe(Connection connection) throws SQLException {
    if (!connection.isValid(5)) {
      throw new SQLException("the connection is dead");
    }
  }

  /** A newer node may announce topics that we don't know; they don't concern us. */
  private static void topic(String name, Set<Topic> topics) {
    for (Topic topic : Topic.values()) {
      if (topic.name().equals(name)) {
        topics.add(topic);
      }
    }
  }

  private void deliver(Set<Topic> topics) {
    if (topics.isEmpty()) {
      return;
    }
    for (Consumer<Set<Topic>> listener : listeners) {
      try {
        listener.accept(Set.copyOf(topics));
      } catch (RuntimeException e) {
        LOG.log(Level.WARNING, "a listener of the change feed failed", e);
      }
    }
  }

  private boolean isClosed() {
    return closed.getCount() == 0;
  }

  private boolean pausedUntilClosed(long millis) {
    try {
      return closed.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      // The container takes its threads back.
      Thread.currentThread().interrupt();
      return true;
    }
  }
}
