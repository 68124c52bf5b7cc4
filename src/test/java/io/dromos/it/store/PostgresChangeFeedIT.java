package io.dromos.it.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.cluster.PostgresChangeFeed;
import io.dromos.cluster.Topic;
import io.dromos.it.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Announcements through a real database. */
class PostgresChangeFeedIT {
  private static final String LISTENER = "feed-under-test";
  private static final Set<Topic> EVERYTHING = EnumSet.allOf(Topic.class);

  private static LocalPersistence persistence;

  private final LinkedBlockingQueue<Set<Topic>> heard = new LinkedBlockingQueue<>();
  private PostgresChangeFeed feed;

  @BeforeAll
  static void open() {
    persistence = new LocalPersistence();
  }

  @AfterAll
  static void close() {
    persistence.close();
  }

  @BeforeEach
  void listen() throws InterruptedException {
    String url = persistence.url().replace("ApplicationName=dromos", "ApplicationName=" + LISTENER);
    feed =
        new PostgresChangeFeed(
            persistence.dataSource(),
            url,
            TestDatabase.user(),
            TestDatabase.password(),
            Thread::new);
    feed.subscribe(heard::add);
    feed.start();
    assertEquals(EVERYTHING, next(), "the first look at everything");
  }

  @AfterEach
  void stop() {
    feed.close();
  }

  private Set<Topic> next() throws InterruptedException {
    Set<Topic> topics = heard.poll(20, TimeUnit.SECONDS);
    assertNotNull(topics);
    return topics;
  }

  @Test
  void aCommitAnnouncesAllItsTopicsAtOnce() throws InterruptedException {
    persistence.run(
        () -> {
          feed.announce(Set.of(Topic.INTENT, Topic.EVENTS));
          feed.announce(Set.of(Topic.INTENT));
          assertNull(heard.peek());
        });
    assertEquals(Set.of(Topic.INTENT, Topic.EVENTS), next());
    assertNull(heard.poll());
  }

  @Test
  void aRollbackAnnouncesNothing() throws InterruptedException {
    assertThrows(
        IllegalStateException.class,
        () ->
            persistence.run(
                () -> {
                  feed.announce(Set.of(Topic.GOALS));
                  throw new IllegalStateException("on purpose");
                }));
    persistence.run(() -> feed.announce(Set.of(Topic.AGENTS)));
    assertEquals(Set.of(Topic.AGENTS), next());
  }

  @Test
  void aLostConnectionIsMadeAgainAndWakesEverybodyOnce() throws Exception {
    assertTrue(cutConnections() >= 1);
    assertEquals(EVERYTHING, next());
    persistence.run(() -> feed.announce(Set.of(Topic.OBSERVATIONS)));
    assertEquals(Set.of(Topic.OBSERVATIONS), next());
  }

  @Test
  void aFailingListenerDoesNotSilenceTheOthers() throws InterruptedException {
    feed.subscribe(
        topics -> {
          throw new IllegalStateException("on purpose");
        });
    LinkedBlockingQueue<Set<Topic>> second = new LinkedBlockingQueue<>();
    feed.subscribe(second::add);
    persistence.run(() -> feed.announce(Set.of(Topic.EVENTS)));
    assertEquals(Set.of(Topic.EVENTS), next());
    assertEquals(Set.of(Topic.EVENTS), second.poll(20, TimeUnit.SECONDS));
  }

  private static int cutConnections() throws SQLException {
    try (Connection connection = persistence.source().getConnection();
        Statement statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "select count(pg_terminate_backend(pid)) from pg_stat_activity"
                    + " where application_name = '"
                    + LISTENER
                    + "'")) {
      rows.next();
      return rows.getInt(1);
    }
  }
}
