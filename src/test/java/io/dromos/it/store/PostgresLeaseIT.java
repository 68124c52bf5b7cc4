package io.dromos.it.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.cluster.Lease;
import io.dromos.cluster.PostgresLease;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Leadership in a real database. */
class PostgresLeaseIT {
  private static LocalPersistence persistence;

  @BeforeAll
  static void open() {
    persistence = new LocalPersistence();
  }

  @AfterAll
  static void close() {
    persistence.close();
  }

  @BeforeEach
  void reset() {
    persistence.reset();
  }

  private static PostgresLease lease(String node) {
    return new PostgresLease(persistence.dataSource(), persistence, node, node + ":8080");
  }

  private static void expire() throws SQLException {
    try (Connection connection = persistence.source().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("update lease set expires_at = clock_timestamp() - interval '1 second'");
    }
  }

  @Test
  void oneNodeLeadsAndKeepsItsEpochWhileItRenews() {
    Lease a = lease("a");
    Lease b = lease("b");
    assertTrue(a.holder().isEmpty());
    assertEquals(Optional.of(1L), a.acquire());
    assertEquals(Optional.empty(), b.acquire());
    assertEquals(Optional.of(1L), a.acquire());
    Lease.Holder holder = b.holder().orElseThrow();
    assertEquals("a", holder.node());
    assertEquals("a:8080", holder.api());
    assertEquals(1, holder.epoch());
  }

  @Test
  void anExpiredLeaseGoesToTheFirstWhoAsksWithANewEpoch() throws SQLException {
    Lease a = lease("a");
    Lease b = lease("b");
    a.acquire();
    expire();
    assertTrue(a.holder().isEmpty());
    assertEquals(Optional.of(2L), b.acquire());
    assertEquals(Optional.empty(), a.acquire());
    assertThrows(Lease.StaleEpochException.class, () -> persistence.run(() -> a.verify(1)));
    persistence.run(() -> b.verify(2));
  }

  @Test
  void aLateRenewalKeepsTheEpochWhenNobodyElseAsked() throws SQLException {
    Lease a = lease("a");
    a.acquire();
    expire();
    assertEquals(Optional.of(1L), a.acquire());
  }

  @Test
  void aNodeThatComesBackTakesOverFromItsFormerSelfAtOnceAndOnlyOnce() {
    Lease before = lease("a");
    before.acquire();
    Lease after = lease("a");
    assertEquals(Optional.of(2L), after.acquire());
    assertThrows(Lease.StaleEpochException.class, () -> persistence.run(() -> before.verify(1)));
    // Two living nodes of one name must not take the lease from each other in turns.
    assertEquals(Optional.empty(), before.acquire());
    assertEquals(Optional.of(2L), after.acquire());
  }

  @Test
  void aReleasedLeaseIsFree() {
    Lease a = lease("a");
    Lease b = lease("b");
    a.acquire();
    b.release();
    assertTrue(a.holder().isPresent());
    a.release();
    assertTrue(a.holder().isEmpty());
    assertEquals(Optional.of(2L), b.acquire());
  }

  @Test
  void aTakeoverWaitsForTheLeadersRunningTransaction() throws Exception {
    Lease a = lease("a");
    Lease b = lease("b");
    a.acquire();
    CountDownLatch verified = new CountDownLatch(1);
    CountDownLatch commit = new CountDownLatch(1);
    CompletableFuture<Void> leader =
        CompletableFuture.runAsync(
            () ->
                persistence.run(
                    () -> {
                      a.verify(1);
                      verified.countDown();
                      await(commit);
                    }));
    await(verified);
    CompletableFuture<Optional<Long>> taker =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                expire();
              } catch (SQLException e) {
                throw new IllegalStateException(e);
              }
              return b.acquire();
            });
    assertThrows(TimeoutException.class, () -> taker.get(300, TimeUnit.MILLISECONDS));
    commit.countDown();
    leader.get(10, TimeUnit.SECONDS);
    assertEquals(Optional.of(2L), taker.get(10, TimeUnit.SECONDS));
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(10, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
