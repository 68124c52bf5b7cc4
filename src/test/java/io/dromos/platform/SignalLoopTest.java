package io.dromos.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Only close ends a loop. */
class SignalLoopTest {
  private final Semaphore turns = new Semaphore(0);
  private final AtomicReference<Thread> thread = new AtomicReference<>();

  private SignalLoop loop(SignalLoop.Turn turn) {
    return new SignalLoop(
            "test",
            turn,
            work -> {
              Thread made = new Thread(work);
              made.setDaemon(true);
              thread.set(made);
              return made;
            },
            1)
        .start();
  }

  private void awaitTurn() throws InterruptedException {
    assertTrue(turns.tryAcquire(10, TimeUnit.SECONDS), "no turn was taken");
  }

  @Test
  void anErrorIsTriedAgainLikeAnyFailure() throws InterruptedException {
    AtomicInteger attempts = new AtomicInteger();
    try (SignalLoop loop =
        loop(
            () -> {
              switch (attempts.incrementAndGet()) {
                case 1 -> throw new NoClassDefFoundError("gone");
                case 2 -> throw new OutOfMemoryError("none left");
                case 3 -> throw new InterruptedException();
                default -> turns.release();
              }
            })) {
      loop.signal();
      awaitTurn();
      assertEquals(4, attempts.get());
    }
  }

  @Test
  void aStrayInterruptNeitherEndsTheLoopNorReachesTheNextTurn() throws InterruptedException {
    AtomicBoolean seen = new AtomicBoolean();
    try (SignalLoop loop =
        loop(
            () -> {
              seen.set(Thread.currentThread().isInterrupted());
              turns.release();
            })) {
      loop.signal();
      awaitTurn();
      thread.get().interrupt();
      loop.signal();
      awaitTurn();
      assertFalse(seen.get());
      assertTrue(thread.get().isAlive());
    }
  }

  @Test
  void aSignalWhileClosingBeginsNoTurn() throws InterruptedException {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch leave = new CountDownLatch(1);
    AtomicInteger count = new AtomicInteger();
    SignalLoop loop =
        loop(
            () -> {
              count.incrementAndGet();
              inside.countDown();
              leave.await();
            });
    loop.signal();
    assertTrue(inside.await(10, TimeUnit.SECONDS));
    Thread closer = new Thread(loop::close);
    closer.start();
    loop.signal();
    while (closer.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    loop.signal();
    leave.countDown();
    closer.join(10_000);
    loop.signal();
    thread.get().join(10_000);
    assertFalse(thread.get().isAlive());
    assertEquals(1, count.get());
  }

  @Test
  void aTurnMayCloseItsOwnLoop() throws InterruptedException {
    AtomicReference<SignalLoop> self = new AtomicReference<>();
    SignalLoop loop =
        loop(
            () -> {
              self.get().close();
              turns.release();
            });
    self.set(loop);
    loop.signal();
    awaitTurn();
    thread.get().join(1_000);
    assertFalse(thread.get().isAlive());
  }
}
