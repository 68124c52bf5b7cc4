package io.dromos.it.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.app.AppId;
import io.dromos.deployment.World;
import io.dromos.store.Samples;
import io.dromos.store.StoredEvent;
import io.dromos.store.Stores;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What several writers at once may not break. */
class CommitOrderIT {
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

  private static Stores stores() {
    return persistence.stores();
  }

  @Test
  void aReaderThatFollowsEventsMissesNone() throws Exception {
    long writers = 4;
    long each = 20;
    List<CompletableFuture<Void>> running = new ArrayList<>();
    for (int w = 0; w < writers; w++) {
      running.add(
          CompletableFuture.runAsync(
              () -> {
                for (int i = 0; i < each; i++) {
                  persistence.run(
                      () -> {
                        stores().revisions().next();
                        stores().events().append(List.of(Samples.event("e"), Samples.event("f")));
                      });
                }
              }));
    }
    List<Long> seen = new ArrayList<>();
    while (seen.size() < writers * each * 2
        && running.stream().noneMatch(CompletableFuture::isCompletedExceptionally)) {
      long last = seen.isEmpty() ? 0 : seen.get(seen.size() - 1);
      stores().events().after(last, 100).stream().map(StoredEvent::id).forEach(seen::add);
    }
    for (CompletableFuture<Void> writer : running) {
      writer.get(30, TimeUnit.SECONDS);
    }
    assertEquals(LongStream.rangeClosed(1, writers * each * 2).boxed().toList(), seen);
    assertEquals(writers * each, stores().revisions().current());
  }

  @Test
  void aLockedRootMakesTheSecondChangeWaitAndSeeTheFirst() throws Exception {
    CountDownLatch locked = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    Instant later = Samples.T0.plusSeconds(1);
    CompletableFuture<Void> first =
        CompletableFuture.runAsync(
            () ->
                persistence.run(
                    () -> {
                      stores().apps().lockRoot();
                      locked.countDown();
                      await(go);
                      stores().apps().save(Samples.app("/a", Samples.T0));
                      stores().apps().setRootVersion(Samples.T0, List.of());
                    }));
    await(locked);
    CompletableFuture<Instant> second =
        CompletableFuture.supplyAsync(
            () ->
                persistence.inTransaction(
                    () -> {
                      // Read before the lock: must not be what is believed after it.
                      assertTrue(stores().apps().find(AppId.of("/a")).isEmpty());
                      go.countDown();
                      Instant version = stores().apps().lockRoot();
                      assertTrue(stores().apps().find(AppId.of("/a")).isPresent());
                      stores().apps().setRootVersion(later, List.of());
                      return version;
                    }));
    first.get(30, TimeUnit.SECONDS);
    assertEquals(Samples.T0, second.get(30, TimeUnit.SECONDS));
    assertEquals(later, stores().apps().rootVersion());
  }

  @Test
  void aWorldIsNeverHalfOfATransaction() throws Exception {
    CompletableFuture<Void> writer =
        CompletableFuture.runAsync(
            () -> {
              for (int i = 1; i <= 30; i++) {
                Instant version = Samples.T0.plusSeconds(i);
                persistence.run(
                    () -> {
                      stores().apps().save(Samples.app("/a", version));
                      stores().deployments().save(Samples.deployment("d", version, "/a"));
                    });
              }
            });
    long revision = 0;
    while (!writer.isDone()) {
      World world = stores().world().load();
      assertFalse(world.revision() < revision);
      revision = world.revision();
      if (revision > 0) {
        Instant version = Samples.T0.plusSeconds(revision);
        assertEquals(version, world.apps().get(AppId.of("/a")).version());
        assertEquals(version, world.deployments().get(0).version());
      }
    }
    writer.get(30, TimeUnit.SECONDS);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(20, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
