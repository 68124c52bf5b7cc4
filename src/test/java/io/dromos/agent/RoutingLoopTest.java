package io.dromos.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.app.AppSpec;
import io.dromos.cluster.MemoryLease;
import io.dromos.deployment.AnApp;
import io.dromos.platform.Settings;
import io.dromos.platform.ThreadLoops;
import io.dromos.routing.RoutingPublisher;
import io.dromos.routing.RoutingSnapshot;
import io.dromos.routing.RoutingTable;
import io.dromos.routing.VipNames;
import io.dromos.store.Samples;
import io.dromos.store.Stores;
import io.dromos.store.Transactions;
import io.dromos.store.memory.MemoryStores;
import io.dromos.task.Task;
import io.dromos.task.TaskEvent;
import io.dromos.task.TaskId;
import io.dromos.task.TaskTransitions;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** From what is stored to what is routed, one turn after another. */
class RoutingLoopTest {
  private static final AppSpec WEB =
      AnApp.called("/web").port(0, 10000, Map.of("VIP_0", "/web:80")).spec();

  private final Clock clock = Clock.fixed(Samples.T0, ZoneOffset.UTC);
  private final Stores memory = MemoryStores.create(clock);
  private final RoutingTable table = new RoutingTable();
  private final RoutingPublisher publisher =
      new RoutingPublisher(table, List.of(), new ThreadLoops(Thread::new), clock, () -> {});
  private final MemoryLease lease =
      new MemoryLease(MemoryLease.freeRow(), clock, "n1", "10.0.0.1:8080");
  private boolean databaseGone;
  private final RoutingLoop loop = loop(Map.of());

  private RoutingLoop loop(Map<String, String> settings) {
    return new RoutingLoop(
        new Stores(
            memory.apps(),
            memory.tasks(),
            memory.deployments(),
            memory.events(),
            memory.revisions(),
            memory.agents(),
            memory.vips(),
            memory.world(),
            new Transactions() {
              @Override
              public <T> T inTransaction(Supplier<T> work) {
                if (databaseGone) {
                  throw new IllegalStateException("connection refused");
                }
                return memory.transactions().inTransaction(work);
              }
            }),
        lease,
        publisher,
        Settings.of(settings),
        clock);
  }

  @AfterEach
  void close() {
    publisher.close();
  }

  private void launch(String task) {
    memory
        .transactions()
        .run(
            () -> {
              memory.apps().save(WEB);
              memory.vips().retain(VipNames.canonicalNames(List.of(WEB)), Samples.T0);
              memory.tasks().launch(List.of(Samples.goal(new TaskId(task), WEB, "n1")));
              memory.revisions().next();
            });
    Task launched = memory.tasks().find(new TaskId(task)).orElseThrow();
    memory
        .transactions()
        .run(
            () -> {
              memory
                  .tasks()
                  .observe(
                      List.of(
                          TaskTransitions.next(
                              launched.seen(), new TaskEvent.Started(Samples.T0, "1"))));
              memory.revisions().next();
            });
  }

  @Test
  void whatRunsIsRoutedAtTheRevisionThatWasRead() {
    lease.acquire();
    memory.agents().heartbeat(Samples.agent("n1", "c1-S0", Samples.T0, 0));
    launch("web.1");
    loop.turn();
    RoutingSnapshot snapshot = table.current();
    assertEquals(memory.revisions().current(), snapshot.version());
    assertEquals("10.0.0.1:31000", snapshot.vips().get(0).backends().get(0).endpoint());
    assertTrue(snapshot.vips().get(0).localAddress().startsWith("127."));
    assertEquals(List.of("10.0.0.1"), snapshot.dns().addresses().get("leader.mesos"));
    assertEquals(snapshot.version(), publisher.servedRevision());
  }

  @Test
  void anUnchangedWorldIsNotCompiledAgainAndANewNodeIsAChange() {
    launch("web.1");
    loop.turn();
    RoutingSnapshot first = table.current();
    loop.turn();
    assertSame(first, table.current());
    memory.agents().heartbeat(Samples.agent("n2", "c1-S1", Samples.T0, 0));
    loop.turn();
    assertEquals(List.of("10.0.0.1"), table.current().dns().addresses().get("master.mesos"));
  }

  @Test
  void withTheDatabaseGoneTheLastSnapshotStaysAndWithdrawalsWork() {
    launch("web.1");
    launch("web.2");
    loop.turn();
    RoutingSnapshot last = table.current();
    databaseGone = true;
    assertThrows(IllegalStateException.class, loop::turn);
    assertSame(last, table.current());
    publisher.withdraw(new TaskId("web.1"));
    assertEquals(1, table.current().vips().get(0).backends().size());
    databaseGone = false;
    launch("web.3");
    loop.turn();
    assertEquals(2, table.current().vips().get(0).backends().size());
  }

  @Test
  void aPoolThatCannotBeUsedStopsTheStartWithItsKey() {
    Settings.InvalidSettingException refused =
        assertThrows(
            Settings.InvalidSettingException.class,
            () -> loop(Map.of("dromos.vip.local.pool", "127.0.0.0/24")));
    assertTrue(refused.getMessage().startsWith("dromos.vip.local.pool="), refused.getMessage());
  }
}
