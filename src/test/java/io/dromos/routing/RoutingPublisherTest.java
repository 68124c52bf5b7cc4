package io.dromos.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.app.AppSpec;
import io.dromos.platform.ThreadLoops;
import io.dromos.task.TaskId;
import io.dromos.task.TaskState;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Newest only, each on its own thread, removals at once, failures retried. */
class RoutingPublisherTest {
  private static final AppSpec APP = Scene.app("/one", Scene.port(10000, "/one:80"));

  /** A plane that records what it applied and can be told to fail, to lag or to be degraded. */
  private static final class RecordingPlane implements DataPlane {
    final String name;
    final List<RoutingSnapshot> applied = new CopyOnWriteArrayList<>();
    volatile @Nullable String failing;
    volatile @Nullable Error broken;
    volatile PlaneReport report = PlaneReport.ALL_SERVED;
    volatile @Nullable CountDownLatch gate;
    volatile boolean closed;
    volatile Duration mendEvery = Duration.ZERO;

    RecordingPlane(String name) {
      this.name = name;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public PlaneReport apply(RoutingSnapshot next) throws Exception {
      CountDownLatch closedGate = gate;
      if (closedGate != null) {
        closedGate.await();
      }
      Error error = broken;
      if (error != null) {
        throw error;
      }
      String failure = failing;
      if (failure != null) {
        throw new IllegalStateException(failure);
      }
      applied.add(next);
      return report;
    }

    @Override
    public Duration mendEvery() {
      return mendEvery;
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private final RecordingPlane fast = new RecordingPlane("fast");
  private final RecordingPlane slow = new RecordingPlane("slow");
  private final RoutingTable table = new RoutingTable();
  private final Semaphore advanced = new Semaphore(0);
  private final RoutingPublisher publisher =
      new RoutingPublisher(
          table,
          List.of(fast, slow),
          new ThreadLoops(
              work -> {
                Thread thread = new Thread(work);
                thread.setDaemon(true);
                return thread;
              }),
          Clock.fixed(Scene.T0.plusMillis(40), ZoneOffset.UTC),
          Duration.ofMillis(20),
          advanced::release);

  @AfterEach
  void close() {
    publisher.close();
    assertTrue(fast.closed && slow.closed);
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, "waited too long");
      Thread.onSpinWait();
    }
  }

  private static Scene running() {
    return new Scene().with(APP).run(APP, "one.1", 31000).run(APP, "one.2", 31001);
  }

  private int backends() {
    return table.current().vips().get(0).backends().size();
  }

  @Test
  void theServedRevisionIsThatOfTheSlowestPlaneAndItsAdvanceIsTold() throws InterruptedException {
    CountDownLatch gate = new CountDownLatch(1);
    slow.gate = gate;
    publisher.publish(running().revision(5).input());
    await(() -> fast.applied.size() == 1);
    assertEquals(0, publisher.servedRevision());
    assertEquals("serves nothing yet", publisher.reports().get("slow"));
    gate.countDown();
    assertTrue(advanced.tryAcquire(10, TimeUnit.SECONDS));
    assertEquals(5, publisher.servedRevision());
    assertEquals(Map.of("fast", "serves 5", "slow", "serves 5"), publisher.reports());
    assertEquals(Duration.ofMillis(40), publisher.latencies().get("slow").last());
  }

  @Test
  void aPlaneThatWasBusySkipsToTheNewest() {
    CountDownLatch gate = new CountDownLatch(1);
    slow.gate = gate;
    for (int revision = 1; revision <= 5; revision++) {
      publisher.publish(
          running().run(APP, "one.3" + revision, 31100 + revision).revision(revision).input());
    }
    gate.countDown();
    await(() -> publisher.servedRevision() == 5);
    assertTrue(slow.applied.size() <= 2, slow.applied.size() + " applied");
    assertEquals(5, slow.applied.get(slow.applied.size() - 1).version());
  }

  @Test
  void aRevisionWithoutNewRoutesIsAcknowledgedWithoutWork() {
    publisher.publish(running().revision(1).input());
    await(() -> publisher.servedRevision() == 1);
    publisher.publish(running().revision(2).input());
    await(() -> publisher.servedRevision() == 2);
    assertEquals(1, fast.applied.size());
  }

  @Test
  void whatDidNotChangeIsTheSameObjectSoThatPlanesCompareItAtOnce() {
    publisher.publish(running().revision(1).input());
    RoutingSnapshot first = table.current();
    publisher.publish(running().run(APP, "one.3", 31002).revision(2).input());
    RoutingSnapshot second = table.current();
    publisher.publish(running().run(APP, "one.3", 31002).revision(3).input());
    RoutingSnapshot third = table.current();
    assertEquals(3, third.version());
    assertNotEquals(first.vips(), second.vips());
    assertSame(second.vips(), third.vips());
    assertSame(second.dns(), third.dns());
    assertSame(first.vhosts(), third.vhosts());
  }

  @Test
  void aRestoredDatabaseDoesNotFreezeTheRoutes() {
    publisher.publish(running().revision(100).input());
    await(() -> publisher.servedRevision() == 100);
    advanced.drainPermits();
    publisher.publish(running().run(APP, "one.3", 31002).revision(60).input());
    await(() -> publisher.servedRevision() == 60);
    assertEquals(3, backends());
    await(() -> advanced.tryAcquire());
  }

  @Test
  void aTaskThatDiedBeforeTheStoreToldOfItStaysOut() {
    Scene before = new Scene().with(APP).run(APP, "one.1", 31000);
    publisher.publish(before.revision(1).input());
    publisher.withdraw(new TaskId("one.2"));
    publisher.publish(before.revision(2).input());
    publisher.publish(running().revision(3).input());
    assertEquals(1, backends());
  }

  @Test
  void aWithdrawnTaskLeavesAtOnceAndStaysOutUntilTheStoreShowsItsEnd() {
    publisher.publish(running().revision(1).input());
    long sequence = table.current().sequence();
    publisher.withdraw(new TaskId("one.1"));
    publisher.withdraw(new TaskId("one.1"));
    assertEquals(1, backends());
    assertEquals(1, table.current().version());
    assertEquals(sequence + 1, table.current().sequence());
    await(
        () ->
            !fast.applied.isEmpty()
                && fast.applied.get(fast.applied.size() - 1).sequence() == sequence + 1);
    publisher.publish(running().revision(2).input());
    assertEquals(1, backends(), "the store still takes it for running");
    Scene ended =
        new Scene()
            .with(APP)
            .run(APP, Scene.task(APP, "one.1", TaskState.FAILED, 31000))
            .run(APP, "one.2", 31001);
    publisher.publish(ended.revision(3).input());
    assertEquals(1, backends());
    publisher.publish(running().revision(4).input());
    assertEquals(2, backends(), "the withdrawal was forgotten with the task's end");
  }

  @Test
  void manyDeathsAtOnceAreOneSnapshot() {
    publisher.publish(running().revision(1).input());
    long sequence = table.current().sequence();
    publisher.withdraw(List.of(new TaskId("one.1"), new TaskId("one.2"), new TaskId("other")));
    assertEquals(0, backends());
    assertEquals(sequence + 1, table.current().sequence());
  }

  @Test
  void aWithdrawalBeforeTheFirstSnapshotCountsToo() {
    publisher.withdraw(new TaskId("one.2"));
    publisher.publish(running().input());
    assertEquals(1, backends());
  }

  @Test
  void aFailingPlaneKeepsNobodyWaitingSaysWhyAndIsTriedAgain() {
    publisher.publish(running().revision(1).input());
    await(() -> publisher.servedRevision() == 1);
    slow.failing = "no sockets left";
    publisher.publish(running().run(APP, "one.3", 31002).revision(2).input());
    await(() -> publisher.servedRevision() == 2);
    await(
        () ->
            "serves 1; newer routes failed, retrying: no sockets left"
                .equals(publisher.reports().get("slow")));
    slow.failing = null;
    await(() -> "serves 2".equals(publisher.reports().get("slow")));
    assertEquals(3, slow.applied.get(slow.applied.size() - 1).vips().get(0).backends().size());
  }

  @Test
  void aPlaneThatBreaksOnAnErrorSaysSoAndIsTriedAgain() {
    slow.broken = new NoClassDefFoundError("io/netty/Gone");
    publisher.publish(running().revision(1).input());
    await(() -> publisher.servedRevision() == 1);
    await(() -> publisher.reports().get("slow").contains("io/netty/Gone"));
    slow.broken = null;
    await(() -> "serves 1".equals(publisher.reports().get("slow")));
  }

  @Test
  void aDegradedPlaneServesAndIsTriedAgain() {
    slow.report = new PlaneReport(Map.of("one:80/tcp", "not permitted"));
    publisher.publish(running().revision(1).input());
    await(() -> publisher.servedRevision() == 1);
    assertEquals("serves 1, degraded: one:80/tcp: not permitted", publisher.reports().get("slow"));
    slow.report = PlaneReport.ALL_SERVED;
    publisher.publish(running().revision(2).input());
    await(() -> "serves 2".equals(publisher.reports().get("slow")));
    assertEquals(2, slow.applied.size());
  }

  @Test
  void aPlaneThatOthersCanDamageIsAskedToMendWhatItHas() {
    RecordingPlane exposed = new RecordingPlane("exposed");
    exposed.mendEvery = Duration.ofMillis(20);
    RoutingTable own = new RoutingTable();
    try (RoutingPublisher mending =
        new RoutingPublisher(
            own,
            List.of(exposed),
            new ThreadLoops(Thread::new),
            Clock.fixed(Scene.T0, ZoneOffset.UTC),
            () -> {})) {
      mending.publish(running().revision(1).input());
      await(() -> exposed.applied.size() >= 3);
      assertEquals(1, exposed.applied.stream().distinct().count());
    }
    assertTrue(exposed.closed);
  }
}
