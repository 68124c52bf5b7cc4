package io.dromos.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.app.AppSpec;
import io.dromos.app.PortSpec;
import io.dromos.app.Protocol;
import io.dromos.app.Resources;
import io.dromos.cluster.ChangeFeed;
import io.dromos.cluster.Topic;
import io.dromos.health.HttpReadinessProbe;
import io.dromos.health.Probes;
import io.dromos.placement.Agent;
import io.dromos.platform.NodeInfo;
import io.dromos.platform.Settings;
import io.dromos.platform.ThreadLoops;
import io.dromos.routing.Planes;
import io.dromos.runtime.AnApp;
import io.dromos.runtime.HostPorts;
import io.dromos.runtime.RuntimeProbe;
import io.dromos.runtime.RuntimeStatus;
import io.dromos.runtime.Sandboxes;
import io.dromos.store.ClusterEvent;
import io.dromos.store.EventLog;
import io.dromos.store.Stores;
import io.dromos.store.memory.MemoryStores;
import io.dromos.task.KillReason;
import io.dromos.task.Task;
import io.dromos.task.TaskGoal;
import io.dromos.task.TaskId;
import io.dromos.task.TaskState;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One turn after another, with a runtime that sees what the test says. */
class AgentLoopTest {
  private static final Instant START = Instant.parse("2026-11-25T10:00:00Z");
  private static final List<Protocol> TCP = List.of(Protocol.TCP);

  @TempDir Path dir;
  private final List<ClusterEvent> events = new ArrayList<>();
  private final List<TaskId> withdrawn = new ArrayList<>();
  private final ScriptedRuntime runtime = new ScriptedRuntime();
  private Instant now = START;
  private long served;
  private Stores stores;
  private AgentLoop loop;

  @BeforeEach
  void open() {
    Clock clock =
        new Clock() {
          @Override
          public Instant instant() {
            return now;
          }

          @Override
          public ZoneId getZone() {
            return ZoneOffset.UTC;
          }

          @Override
          public Clock withZone(ZoneId zone) {
            return this;
          }
        };
    stores = MemoryStores.create(clock);
    EventLog log =
        new EventLog(
            stores.events(),
            event -> {
              events.add(event);
              return List.of();
            });
    ThreadFactory threads =
        work -> {
          Thread thread = new Thread(work);
          thread.setDaemon(true);
          return thread;
        };
    loop =
        new AgentLoop(
            new NodeInfo("one", "127.0.0.1", "127.0.0.1:8080", List.of("agent"), dir, "test"),
            Settings.of(Map.of()),
            stores,
            log,
            new SilentFeed(),
            new ScriptedPlanes(),
            new Runtimes(List.of(runtime)),
            new Sandboxes(dir.resolve("sandboxes")),
            new AgentLoop.Means(
                clock,
                new ThreadLoops(threads),
                HostPorts::isTaken,
                c -> new Probes(c, threads),
                new HttpReadinessProbe(threads)));
  }

  @AfterEach
  void close() {
    loop.close();
  }

  @Test
  void theIntentionIsCommittedBeforeTheTaskIsLaunched() {
    TaskId id = place(AnApp.named("/a").cmd("x").build());
    runtime.onLaunch = () -> assertEquals(TaskState.STARTING, state(id));
    loop.turn();
    assertEquals(List.of("launch " + id), runtime.calls);
    assertEquals("one.invalid", runtime.launched.get(0).env().get("HOST"));
    assertTrue(Files.isDirectory(dir.resolve("sandboxes").resolve(id.value())));

    runtime.tasks.put(id, new RuntimeStatus.Running(now, "42"));
    loop.turn();
    assertEquals(TaskState.RUNNING, state(id));
    assertEquals("42", seen(id).seen().runtimeId());
    assertEquals(List.of(TaskState.STARTING, TaskState.RUNNING), published());
    loop.turn();
    assertEquals(2, published().size(), "nothing new, nothing told");
  }

  @Test
  void aCrashBetweenIntentionAndLaunchIsMadeUpFor() {
    TaskId id = place(AnApp.named("/a").cmd("x").build());
    loop.turn();
    runtime.tasks.clear();
    loop.turn();
    assertEquals(List.of("launch " + id, "launch " + id), runtime.calls);
  }

  @Test
  void aDeadTaskLeavesTheRoutesBeforeItsDeathIsWritten() {
    TaskId id = running(AnApp.named("/a").cmd("x").build());
    runtime.tasks.put(id, new RuntimeStatus.Ended(now, 7, "Command exited with status 7"));
    runtime.onInspect = () -> assertEquals(TaskState.RUNNING, state(id));
    loop.turn();
    assertEquals(List.of(id), withdrawn);
    assertEquals(TaskState.FAILED, state(id));
    assertEquals(7, seen(id).seen().exitCode());
    assertEquals(
        "Command exited with status 7",
        stores.tasks().lastFailures().get(seen(id).appId()).message());
    assertTrue(runtime.calls.contains("forget " + id), runtime.calls.toString());
  }

  @Test
  void aTaskWithoutATraceHasVanishedUnlessTheRuntimeIsAway() {
    TaskId id = running(AnApp.named("/a").cmd("x").build());
    runtime.tasks.clear();
    runtime.unavailable = java.util.Optional.of("the engine is away");
    loop.turn();
    assertEquals(TaskState.RUNNING, state(id));
    runtime.unavailable = java.util.Optional.empty();
    loop.turn();
    assertEquals(TaskState.GONE, state(id));
  }

  @Test
  void aTaskWaitsForItsRuntimeAndSaysWhy() {
    runtime.unavailable = java.util.Optional.of("no Docker Engine; start one");
    TaskId id = place(AnApp.named("/a").image("x").build());
    loop.turn();
    assertEquals(TaskState.STARTING, state(id));
    assertEquals("no Docker Engine; start one", seen(id).seen().message());
    assertEquals(List.of(), runtime.calls);
    runtime.unavailable = java.util.Optional.empty();
    loop.turn();
    assertEquals(List.of("launch " + id), runtime.calls);
  }

  @Test
  void nothingIsStoppedWhileALivePlaneSendsItNewConnections() {
    TaskId id = running(portApp());
    stores.agents().heartbeat(agent("two", 0));
    kill(id);
    long revision = seen(id).goal().revision();
    served = revision;
    loop.turn();
    assertEquals(TaskState.RUNNING, state(id), "two does not serve the kill yet");
    stores.agents().served("two", revision);
    loop.turn();
    assertEquals(TaskState.KILLING, state(id));
    assertTrue(runtime.calls.contains("stop " + id + " 3"), runtime.calls.toString());

    runtime.tasks.put(id, new RuntimeStatus.Ended(now, 143, "terminated"));
    loop.turn();
    assertEquals(TaskState.KILLED, state(id));
    assertNull(stores.tasks().lastFailures().get(seen(id).appId()), "a wish is not a failure");
  }

  @Test
  void aDrainThatNobodyAnswersIsCutShortAndTold() {
    TaskId id = running(portApp());
    kill(id);
    loop.turn();
    assertEquals(TaskState.RUNNING, state(id));
    now = now.plus(Duration.ofMillis(1999));
    loop.turn();
    assertEquals(TaskState.RUNNING, state(id));
    now = now.plus(Duration.ofMillis(1));
    loop.turn();
    assertEquals(TaskState.KILLING, state(id));
    assertEquals(1, events.stream().filter(e -> e instanceof ClusterEvent.DrainTimedOut).count());
  }

  @Test
  void aTimedOutDrainIsToldOnceHoweverLongTheRuntimeIsAway() {
    TaskId id = running(portApp());
    kill(id);
    loop.turn();
    runtime.tasks.clear();
    runtime.unavailable = java.util.Optional.of("the engine is away");
    for (int i = 0; i < 5; i++) {
      now = now.plusSeconds(2);
      loop.turn();
    }
    assertEquals(TaskState.RUNNING, state(id));
    assertEquals(1, events.stream().filter(e -> e instanceof ClusterEvent.DrainTimedOut).count());
  }

  @Test
  void aTaskThatCannotBeLaunchedKeepsNoOtherWaiting() {
    place(AnApp.named("/a").cmd("x").build());
    place(AnApp.named("/b").cmd("x").build());
    int[] attempts = {0};
    runtime.onLaunch =
        () -> {
          if (attempts[0]++ == 0) {
            throw new IllegalStateException("no threads left");
          }
        };
    loop.turn();
    assertEquals(1, runtime.launched.size());
    loop.turn();
    assertEquals(2, runtime.launched.size(), "and is tried again");
  }

  @Test
  void aTaskThatNobodyCanReachIsStoppedAtOnce() {
    TaskId id = running(AnApp.named("/a").cmd("x").build());
    kill(id);
    loop.turn();
    assertEquals(TaskState.KILLING, state(id));
  }

  @Test
  void aTaskWantedGoneBeforeItWasLaunchedIsNeverLaunched() {
    TaskId id = place(AnApp.named("/a").cmd("x").build());
    kill(id);
    loop.turn();
    assertEquals(TaskState.KILLED, state(id));
    assertEquals(List.of(), runtime.calls);
  }

  @Test
  void strangersAreStoppedOnlyAfterAGrace() {
    TaskId id = RuntimeProbe.id("stranger");
    runtime.tasks.put(id, new RuntimeStatus.Running(now, "9"));
    loop.turn();
    loop.turn();
    assertEquals(List.of(), runtime.calls);
    now = now.plusSeconds(6);
    loop.turn();
    assertEquals(List.of("stop " + id + " 3"), runtime.calls);
    runtime.tasks.put(id, new RuntimeStatus.Ended(now, 143, ""));
    loop.turn();
    assertTrue(runtime.calls.contains("forget " + id), runtime.calls.toString());
    assertTrue(events.contains(new ClusterEvent.UnknownTerminated(now, id)), events.toString());
  }

  @Test
  void aTaskThoughtDeadThatRunsIsStopped() {
    TaskId id = running(AnApp.named("/a").cmd("x").build());
    runtime.tasks.clear();
    loop.turn();
    assertEquals(TaskState.GONE, state(id));
    runtime.tasks.put(id, new RuntimeStatus.Running(now, "42"));
    loop.turn();
    assertTrue(runtime.calls.contains("stop " + id + " 3"), runtime.calls.toString());
  }

  @Test
  void aTakenPortIsNamed() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      AppSpec app = portApp();
      TaskId id = place(app, List.of(taken.getLocalPort()));
      loop.turn();
      assertEquals(TaskState.DROPPED, state(id));
      assertTrue(
          seen(id).seen().message().contains("Port " + taken.getLocalPort()),
          seen(id).seen().message());
      assertEquals(List.of(), runtime.calls);
    }
  }

  @Test
  void aDefinitionThatIsGoneIsAnErrorThatSaysSo() {
    AppSpec app = AnApp.named("/a").cmd("x").build();
    TaskId id = launchGoal(app, List.of());
    loop.turn();
    assertEquals(TaskState.ERROR, state(id));
    assertFalse(seen(id).seen().message().isEmpty());
  }

  private AppSpec portApp() {
    return AnApp.named("/a")
        .cmd("x")
        .ports(new PortSpec(null, 0, 10000, TCP, null, Map.of()))
        .build();
  }

  private TaskId running(AppSpec app) {
    TaskId id = place(app, app.ports().isEmpty() ? List.of() : List.of(freePort()));
    loop.turn();
    runtime.tasks.put(id, new RuntimeStatus.Running(now, "42"));
    loop.turn();
    assertEquals(TaskState.RUNNING, state(id));
    return id;
  }

  private TaskId place(AppSpec app) {
    return place(app, List.of());
  }

  private TaskId place(AppSpec app, List<Integer> ports) {
    stores.transactions().run(() -> stores.apps().save(app));
    return launchGoal(app, ports);
  }

  private TaskId launchGoal(AppSpec app, List<Integer> ports) {
    TaskId id = RuntimeProbe.id(app.id().name());
    TaskGoal goal =
        new TaskGoal(
            id,
            app.id(),
            app.version(),
            "one",
            "one.invalid",
            ports,
            Resources.NONE,
            now,
            null,
            null,
            0);
    stores.transactions().run(() -> stores.tasks().launch(List.of(goal)));
    return id;
  }

  private void kill(TaskId id) {
    stores.transactions().run(() -> stores.tasks().kill(List.of(id), KillReason.SCALED_DOWN, now));
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private Agent agent(String name, long revision) {
    return new Agent(
        name,
        name,
        "127.0.0.1",
        "",
        List.of("agent"),
        Resources.NONE,
        List.of(),
        Map.of(),
        List.of(),
        Map.of(),
        revision,
        Map.of("l4", "serves " + revision),
        now,
        now);
  }

  private Task seen(TaskId id) {
    return stores.tasks().find(id).orElseThrow();
  }

  private TaskState state(TaskId id) {
    return seen(id).state();
  }

  private List<TaskState> published() {
    return events.stream()
        .filter(ClusterEvent.TaskStatus.class::isInstance)
        .map(event -> ((ClusterEvent.TaskStatus) event).task().state())
        .toList();
  }

  private static final class SilentFeed implements ChangeFeed {
    @Override
    public void announce(Set<Topic> topics) {}

    @Override
    public void subscribe(Consumer<Set<Topic>> listener) {}
  }

  private final class ScriptedPlanes implements Planes {
    @Override
    public void withdraw(TaskId task) {
      withdrawn.add(task);
    }

    @Override
    public long servedRevision() {
      return served;
    }

    @Override
    public Map<String, String> reports() {
      return Map.of("l4", "serves " + served);
    }
  }
}
