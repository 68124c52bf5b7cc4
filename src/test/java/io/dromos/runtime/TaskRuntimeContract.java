package io.dromos.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.app.AppSpec;
import io.dromos.task.TaskId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

/** What every runtime must do, whatever it starts tasks with. */
public interface TaskRuntimeContract {
  /**
   * A runtime as after a start of Dromos; the test's sandboxes and tasks are the same each time.
   */
  TaskRuntime open();

  Sandboxes sandboxes();

  /** An app whose task runs a shell line. */
  AppSpec shell(String line);

  /** Where a task sees its sandbox. */
  String sandboxSeenBy(TaskId id);

  @Test
  default void runsATaskAndReportsItsExitCode() throws Exception {
    TaskRuntime runtime = open();
    try {
      TaskId id = RuntimeProbe.id("ends");
      launch(runtime, id, "echo out; echo err >&2; exit 7");
      RuntimeStatus.Ended ended = RuntimeProbe.awaitEnded(runtime, id);
      assertEquals(7, ended.exitCode());
      RuntimeProbe.await("logs", () -> read(id, "stdout").equals("out\n"));
      RuntimeProbe.await("logs", () -> read(id, "stderr").equals("err\n"));
      runtime.forget(id);
      assertFalse(runtime.inspect().containsKey(id));
      assertEquals("out\n", read(id, "stdout"), "logs stay");
    } finally {
      runtime.close();
    }
  }

  @Test
  default void aRepeatedLaunchFindsTheFirstAttempt() throws Exception {
    TaskRuntime runtime = open();
    TaskId id = RuntimeProbe.id("twice");
    try {
      launch(runtime, id, "echo started; exec sleep 100");
      launch(runtime, id, "echo started; exec sleep 100");
      RuntimeStatus.Running first = RuntimeProbe.awaitRunning(runtime, id);
      launch(runtime, id, "echo started; exec sleep 100");
      RuntimeProbe.await("log", () -> !read(id, "stdout").isEmpty());
      assertEquals("started\n", read(id, "stdout"));
      assertEquals(first, runtime.inspect().get(id));
    } finally {
      RuntimeProbe.end(runtime, id);
      runtime.close();
    }
  }

  @Test
  default void aTaskOutlivesTheRuntimeAndIsTakenOver() throws Exception {
    TaskId id = RuntimeProbe.id("stays");
    TaskRuntime before = open();
    launch(before, id, "exec sleep 100");
    String runtimeId = RuntimeProbe.awaitRunning(before, id).runtimeId();
    before.close();

    TaskRuntime after = open();
    try {
      assertEquals(runtimeId, RuntimeProbe.awaitRunning(after, id).runtimeId());
      BlockingQueue<TaskId> changes = new LinkedBlockingQueue<>();
      after.onChange(changes::add);
      after.stop(id, Duration.ofSeconds(5));
      RuntimeProbe.awaitEnded(after, id);
      RuntimeProbe.await("the end is told", () -> changes.contains(id));
    } finally {
      RuntimeProbe.end(after, id);
      after.close();
    }
  }

  @Test
  default void anExitWhileNobodyWatchedIsReportedWithItsCode() throws Exception {
    TaskId id = RuntimeProbe.id("alone");
    TaskRuntime before = open();
    launch(before, id, "while [ ! -e $MESOS_SANDBOX/trigger ]; do sleep 0.05; done; exit 9");
    RuntimeProbe.awaitRunning(before, id);
    before.close();
    Files.createFile(sandboxes().of(id).resolve("trigger"));

    RuntimeProbe.await("the task wrote its end", () -> endedMeanwhile(id));
    TaskRuntime after = open();
    try {
      assertEquals(9, RuntimeProbe.awaitEnded(after, id).exitCode());
    } finally {
      RuntimeProbe.end(after, id);
      after.close();
    }
  }

  /** Asks the machine, not the runtime, whether a task is over. */
  boolean endedMeanwhile(TaskId id) throws Exception;

  @Test
  default void aTaskThatIgnoresTheRequestIsKilledAfterItsGrace() throws Exception {
    TaskRuntime runtime = open();
    TaskId id = RuntimeProbe.id("stubborn");
    try {
      launch(runtime, id, "trap '' TERM; echo ready; while :; do sleep 0.1; done");
      RuntimeProbe.awaitRunning(runtime, id);
      RuntimeProbe.await("trap is set", () -> read(id, "stdout").contains("ready"));
      long asked = System.nanoTime();
      runtime.stop(id, Duration.ofSeconds(1));
      runtime.stop(id, Duration.ofSeconds(1));
      RuntimeStatus.Ended ended = RuntimeProbe.awaitEnded(runtime, id);
      long millis = Duration.ofNanos(System.nanoTime() - asked).toMillis();
      assertEquals(137, ended.exitCode());
      assertTrue(millis >= 900, "killed after " + millis + " ms, before its grace was over");
      assertTrue(millis < 6_000, "killed after " + millis + " ms");
    } finally {
      RuntimeProbe.end(runtime, id);
      runtime.close();
    }
  }

  @Test
  default void aProbeRunsBesideTheTask() throws Exception {
    TaskRuntime runtime = open();
    TaskId id = RuntimeProbe.id("probed");
    try {
      LaunchSpec spec = launch(runtime, id, "exec sleep 100");
      RuntimeProbe.awaitRunning(runtime, id);
      Duration timeout = Duration.ofSeconds(10);
      assertEquals(0, runtime.probe(spec, "test \"$MARK\" = here", timeout));
      assertEquals(3, runtime.probe(spec, "exit 3", timeout));
    } finally {
      RuntimeProbe.end(runtime, id);
      runtime.close();
    }
  }

  @Test
  default void aProbeThatHangsIsEndedWithAllItStarted() throws Exception {
    TaskRuntime runtime = open();
    TaskId id = RuntimeProbe.id("hangs");
    String marked = "87" + System.nanoTime() % 1_000_000;
    try {
      LaunchSpec spec = launch(runtime, id, "exec sleep 100");
      RuntimeProbe.awaitRunning(runtime, id);
      assertThrows(
          IOException.class,
          () -> runtime.probe(spec, "sleep " + marked + "; true", Duration.ofSeconds(1)));
      RuntimeProbe.await("its process has ended", () -> !runs("sleep " + marked));
    } finally {
      RuntimeProbe.end(runtime, id);
      runtime.close();
    }
  }

  private static boolean runs(String line) {
    return ProcessHandle.allProcesses()
        .anyMatch(process -> process.info().commandLine().orElse("").endsWith(line));
  }

  @Test
  default void aTaskNeverHeardOfIsNotListedAndMayBeStoppedAndForgotten() {
    TaskRuntime runtime = open();
    try {
      TaskId id = RuntimeProbe.id("nobody");
      runtime.stop(id, Duration.ZERO);
      runtime.forget(id);
      assertFalse(runtime.inspect().containsKey(id));
      assertEquals(Optional.empty(), runtime.unavailable());
    } finally {
      runtime.close();
    }
  }

  default LaunchSpec launch(TaskRuntime runtime, TaskId id, String line) throws IOException {
    return launch(runtime, id, shell(line));
  }

  default LaunchSpec launch(TaskRuntime runtime, TaskId id, AppSpec app) throws IOException {
    Path sandbox = sandboxes().create(id);
    LaunchSpec spec =
        new LaunchSpec(
            id,
            app,
            Map.of("MARK", "here", "PORT_HTTP-API", "1", "MESOS_SANDBOX", sandboxSeenBy(id)),
            java.util.List.of(),
            sandbox);
    assertTrue(runtime.accepts(app));
    runtime.launch(spec);
    assertInstanceOf(RuntimeStatus.class, runtime.inspect().get(id), "listed from the start");
    return spec;
  }

  default String read(TaskId id, String file) throws IOException {
    Path path = sandboxes().of(id).resolve(file);
    return Files.exists(path) ? Files.readString(path) : "";
  }
}
