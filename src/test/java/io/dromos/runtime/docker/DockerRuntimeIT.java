package io.dromos.runtime.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.NotFoundException;
import io.dromos.app.AppSpec;
import io.dromos.it.e2e.Requirement;
import io.dromos.platform.NodeInfo;
import io.dromos.runtime.AnApp;
import io.dromos.runtime.ContainerName;
import io.dromos.runtime.LogLimits;
import io.dromos.runtime.NameServers;
import io.dromos.runtime.RuntimeProbe;
import io.dromos.runtime.RuntimeStatus;
import io.dromos.runtime.Sandboxes;
import io.dromos.runtime.TaskRuntime;
import io.dromos.runtime.TaskRuntimeContract;
import io.dromos.task.TaskId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Containers of a real Docker Engine. */
class DockerRuntimeIT implements TaskRuntimeContract {
  private static final String IMAGE = "mhausenblas/simpleservice:0.3.0";

  @TempDir Path dir;
  private final String host =
      System.getenv().getOrDefault("DROMOS_TEST_DOCKER_HOST", "unix:///var/run/docker.sock");
  private final String node = "test-" + UUID.randomUUID();
  private Sandboxes sandboxes;
  private Engine engine;

  @BeforeEach
  void need() {
    sandboxes = new Sandboxes(dir.resolve("sandboxes"));
    engine = new Engine(host);
    boolean answers;
    try {
      engine.quick().pingCmd().exec();
      answers = true;
    } catch (RuntimeException e) {
      answers = false;
    }
    Requirement.need(answers, "a Docker Engine at " + host);
    boolean present;
    try {
      engine.quick().inspectImageCmd(IMAGE).exec();
      present = true;
    } catch (NotFoundException e) {
      present = false;
    }
    Requirement.need(present, "the image " + IMAGE);
  }

  @AfterEach
  void close() {
    engine.close();
  }

  @Override
  public TaskRuntime open() {
    return open(new LogLimits(1_000_000, 2));
  }

  private DockerRuntime open(LogLimits limits) {
    return new DockerRuntime(
        host,
        new NodeInfo(node, "127.0.0.1", "127.0.0.1:8080", List.of("agent"), dir, "test"),
        sandboxes,
        RuntimeProbe.artifacts(dir),
        limits,
        NameServers.NONE,
        work -> {
          Thread thread = new Thread(work);
          thread.setDaemon(true);
          return thread;
        },
        Clock.systemUTC());
  }

  @Override
  public Sandboxes sandboxes() {
    return sandboxes;
  }

  @Override
  public String sandboxSeenBy(TaskId id) {
    return Sandboxes.IN_CONTAINER;
  }

  @Override
  public AppSpec shell(String line) {
    return AnApp.named("/x").image(IMAGE).cmd(line).build();
  }

  @Override
  public boolean endedMeanwhile(TaskId id) {
    return "exited".equals(inspect(id).getState().getStatus());
  }

  private InspectContainerResponse inspect(TaskId id) {
    return engine.quick().inspectContainerCmd(ContainerName.of(id)).exec();
  }

  @Test
  void theContainerIsMadeAsMesosWouldMakeIt() throws Exception {
    TaskRuntime runtime = open();
    TaskId id = RuntimeProbe.id("made");
    try {
      launch(runtime, id, "exec sleep 100");
      RuntimeProbe.awaitRunning(runtime, id);
      InspectContainerResponse made = inspect(id);
      assertEquals(102, made.getHostConfig().getCpuShares());
      assertEquals(33554432L, made.getHostConfig().getMemory());
      assertEquals("host", made.getHostConfig().getNetworkMode());
      assertEquals(id.value(), made.getConfig().getLabels().get("MESOS_TASK_ID"));
      assertTrue(made.getName().startsWith("/mesos-"), made.getName());
    } finally {
      RuntimeProbe.end(runtime, id);
      runtime.close();
    }
  }

  @Test
  void aKilledContainerIsNoticedSoon() throws Exception {
    TaskRuntime runtime = open();
    TaskId id = RuntimeProbe.id("shot");
    try {
      launch(runtime, id, "exec sleep 100");
      RuntimeProbe.awaitRunning(runtime, id);
      AtomicLong noticed = new AtomicLong();
      runtime.onChange(changed -> noticed.compareAndSet(0, System.nanoTime()));
      long pid = inspect(id).getState().getPidLong();
      long killed = System.nanoTime();
      ProcessHandle.of(pid).orElseThrow().destroyForcibly();
      assertEquals(137, RuntimeProbe.awaitEnded(runtime, id).exitCode());
      RuntimeProbe.await("told", () -> noticed.get() != 0);
      System.out.println(
          "container exit noticed after "
              + Duration.ofNanos(noticed.get() - killed).toMillis()
              + " ms");
    } finally {
      RuntimeProbe.end(runtime, id);
      runtime.close();
    }
  }

  @Test
  void outputIsCopiedOnceOverARestart() throws Exception {
    TaskId id = RuntimeProbe.id("chatty");
    TaskRuntime before = open();
    launch(
        before,
        id,
        "i=0; while [ $i -lt 400 ]; do i=$((i+1)); echo line $i; sleep 0.005; done; exec sleep"
            + " 100");
    RuntimeProbe.await("some lines", () -> read(id, "stdout").lines().count() > 50);
    before.close();
    TaskRuntime after = open();
    try {
      RuntimeProbe.await("all lines", () -> read(id, "stdout").contains("line 400\n"));
      assertEquals(
          IntStream.rangeClosed(1, 400)
              .mapToObj(i -> "line " + i + "\n")
              .collect(Collectors.joining()),
          read(id, "stdout"));
    } finally {
      RuntimeProbe.end(after, id);
      after.close();
    }
  }

  @Test
  void theOutputOfATaskThatEndedAtOnceIsKept() throws Exception {
    TaskRuntime runtime = open();
    TaskId id = RuntimeProbe.id("brief");
    runtime.onChange(
        changed -> {
          if (runtime.inspect().get(changed) instanceof RuntimeStatus.Ended) {
            runtime.forget(changed);
          }
        });
    launch(runtime, id, "echo last words >&2; exit 3");
    RuntimeProbe.await("forgotten", () -> !runtime.inspect().containsKey(id));
    RuntimeProbe.await("words", () -> read(id, "stderr").equals("last words\n"));
    runtime.close();
  }

  @Test
  void longLinesArriveWhole() throws Exception {
    TaskRuntime runtime = open();
    TaskId id = RuntimeProbe.id("long");
    try {
      launch(
          runtime,
          id,
          "i=0; while [ $i -lt 4000 ]; do i=$((i+1)); printf 0123456789; done; echo; exec sleep"
              + " 100");
      RuntimeProbe.await("line", () -> read(id, "stdout").endsWith("\n"));
      assertEquals("0123456789".repeat(4000) + "\n", read(id, "stdout"));
    } finally {
      RuntimeProbe.end(runtime, id);
      runtime.close();
    }
  }

  @Test
  void outputIsRotatedAndBounded() throws Exception {
    TaskRuntime runtime = open(new LogLimits(20_000, 2));
    TaskId id = RuntimeProbe.id("endless");
    try {
      launch(
          runtime,
          id,
          "i=0; while [ $i -lt 4000 ]; do i=$((i+1)); echo line $i of many lines; done; exec sleep"
              + " 100");
      RuntimeProbe.await("last line", () -> read(id, "stdout").contains("line 4000 of"));
      for (String file : List.of("stdout", "stdout.1", "stdout.2")) {
        assertTrue(Files.size(sandboxes.of(id).resolve(file)) < 21_000, file);
      }
      assertFalse(Files.exists(sandboxes.of(id).resolve("stdout.3")));
    } finally {
      RuntimeProbe.end(runtime, id);
      runtime.close();
    }
  }

  @Test
  void anotherNodesContainersAreLeftAlone() throws Exception {
    TaskId id = RuntimeProbe.id("mine");
    TaskRuntime runtime = open();
    TaskRuntime other =
        new DockerRuntime(
            host,
            new NodeInfo("other-" + node, "127.0.0.1", "", List.of("agent"), dir, "test"),
            sandboxes,
            RuntimeProbe.artifacts(dir),
            new LogLimits(1_000, 1),
            NameServers.NONE,
            Thread::new,
            Clock.systemUTC());
    try {
      launch(runtime, id, "exec sleep 100");
      RuntimeProbe.awaitRunning(runtime, id);
      assertEquals(java.util.Map.of(), other.inspect());
    } finally {
      other.close();
      RuntimeProbe.end(runtime, id);
      runtime.close();
    }
  }

  @Test
  void anImageThatCannotBeHadIsNamedInTheEnginesWords() throws Exception {
    TaskRuntime runtime = open();
    TaskId id = RuntimeProbe.id("ghost");
    try {
      launch(runtime, id, AnApp.named("/x").image("127.0.0.1:1/has-this:1").build());
      RuntimeStatus.Failed failed = RuntimeProbe.awaitFailed(runtime, id);
      System.out.println(failed.message());
      assertFalse(failed.permanent());
      assertTrue(failed.message().contains("127.0.0.1:1/has-this:1"), failed.message());
    } finally {
      runtime.close();
    }
  }

  @Test
  void anAbsentEngineIsToldWithTheFixAndEndsNothing() {
    TaskRuntime runtime =
        new DockerRuntime(
            "unix://" + dir.resolve("none.sock"),
            new NodeInfo(node, "127.0.0.1", "", List.of("agent"), dir, "test"),
            sandboxes,
            RuntimeProbe.artifacts(dir),
            new LogLimits(1_000, 1),
            NameServers.NONE,
            Thread::new,
            Clock.systemUTC());
    try {
      String why = runtime.unavailable().orElseThrow();
      assertTrue(why.contains("none.sock"), why);
      assertTrue(why.contains("dromos.runtime.docker.host"), why);
    } finally {
      runtime.close();
    }
  }
}
