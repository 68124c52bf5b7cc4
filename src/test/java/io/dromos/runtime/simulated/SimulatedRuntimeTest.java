package io.dromos.runtime.simulated;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.app.AppSpec;
import io.dromos.platform.ThreadLoops;
import io.dromos.runtime.AnApp;
import io.dromos.runtime.LaunchSpec;
import io.dromos.runtime.RuntimeProbe;
import io.dromos.runtime.RuntimeStatus;
import io.dromos.runtime.TaskRuntime;
import io.dromos.task.TaskId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulatedRuntimeTest {
  @TempDir Path dir;
  private TaskRuntime runtime;

  private TaskRuntime open() {
    runtime =
        new SimulatedRuntime(
            Script.PLAIN.with("start=5ms"),
            dir.resolve("simulated").resolve("node.journal"),
            new ThreadLoops(
                work -> {
                  Thread thread = new Thread(work);
                  thread.setDaemon(true);
                  return thread;
                }),
            Clock.systemUTC());
    return runtime;
  }

  @AfterEach
  void close() {
    runtime.close();
  }

  private LaunchSpec launch(String name, AppSpec app) {
    LaunchSpec spec =
        new LaunchSpec(RuntimeProbe.id(name), app, Map.of(), List.of(31_000), dir.resolve(name));
    runtime.launch(spec);
    return spec;
  }

  private static AppSpec scripted(String script) {
    return AnApp.named("/a").cmd("x").env(Map.of(Script.NAME, script)).build();
  }

  @Test
  void aTaskRunsByItselfAndTellsOfIt() throws Exception {
    open();
    BlockingQueue<TaskId> changes = new LinkedBlockingQueue<>();
    runtime.onChange(changes::add);
    TaskId id = launch("a", scripted("run=30ms,exit=4")).id();
    assertTrue(runtime.inspect().containsKey(id), "listed from the start");
    assertEquals(4, RuntimeProbe.awaitEnded(runtime, id).exitCode());
    RuntimeProbe.await("its end is told", () -> changes.contains(id));
    runtime.forget(id);
    assertFalse(runtime.inspect().containsKey(id));
    assertFalse(Files.exists(dir.resolve("a")), "no sandbox is touched");
  }

  @Test
  void itRunsWhatProcessesAndDockerWouldAndTakesTheScriptFromALabelToo() throws Exception {
    open();
    AppSpec app =
        AnApp.named("/a").image("nginx").labels(Map.of(Script.NAME, "launch=refuse")).build();
    assertTrue(runtime.accepts(app));
    assertEquals(Set.of("process", "docker", "simulated"), runtime.features());
    assertTrue(RuntimeProbe.awaitFailed(runtime, launch("a", app).id()).permanent());
  }

  @Test
  void aScriptThatCannotBeReadFailsTheTaskForGoodAndSaysWhy() throws Exception {
    open();
    RuntimeStatus.Failed failed =
        RuntimeProbe.awaitFailed(runtime, launch("a", scripted("run=soon")).id());
    assertTrue(failed.permanent());
    assertTrue(failed.message().startsWith("DROMOS_SIMULATED: run=soon"), failed.message());
  }

  @Test
  void aRepeatedLaunchFindsTheFirstAttempt() throws Exception {
    open();
    LaunchSpec spec = launch("a", scripted(""));
    RuntimeStatus.Running first = RuntimeProbe.awaitRunning(runtime, spec.id());
    runtime.launch(spec);
    assertEquals(first, runtime.inspect().get(spec.id()));
  }

  @Test
  void tasksGoOnWhileNobodyPlaysThem() throws Exception {
    open();
    TaskId stays = launch("stays", scripted("")).id();
    TaskId ends = launch("ends", scripted("run=100ms,exit=7")).id();
    TaskId gone = launch("gone", scripted("run=1ms")).id();
    RuntimeStatus.Running before = RuntimeProbe.awaitRunning(runtime, stays);
    RuntimeProbe.awaitEnded(runtime, gone);
    runtime.forget(gone);
    TaskId stopped = launch("stopped", scripted("stop=10s")).id();
    RuntimeProbe.awaitRunning(runtime, stopped);
    runtime.stop(stopped, Duration.ofMillis(50));
    runtime.close();

    open();
    assertEquals(before, runtime.inspect().get(stays));
    assertEquals(7, RuntimeProbe.awaitEnded(runtime, ends).exitCode());
    assertEquals(137, RuntimeProbe.awaitEnded(runtime, stopped).exitCode());
    assertFalse(runtime.inspect().containsKey(gone));
    runtime.forget(stays);
    assertInstanceOf(
        RuntimeStatus.Running.class, runtime.inspect().get(stays), "what runs is not forgotten");
  }

  @Test
  void aLineThatACrashCutOffLosesNothingElse() throws Exception {
    open();
    TaskId one = launch("one", scripted("")).id();
    runtime.close();
    Files.writeString(
        dir.resolve("simulated").resolve("node.journal"),
        "launch torn.b5d1",
        StandardOpenOption.APPEND);

    open();
    TaskId two = launch("two", scripted("")).id();
    runtime.close();
    open();
    assertEquals(Set.of(one, two), runtime.inspect().keySet());
  }

  @Test
  void theJournalDoesNotGrowForEver() throws Exception {
    open();
    TaskId stays = launch("stays", scripted("")).id();
    for (int i = 0; i < 11_000; i++) {
      TaskId id = launch("brief-" + i, scripted("launch=fail,start=0ms")).id();
      runtime.forget(id);
    }
    long lines;
    try (var all = Files.lines(dir.resolve("simulated").resolve("node.journal"))) {
      lines = all.count();
    }
    assertTrue(lines < 20_100, lines + " lines");
    runtime.close();
    open();
    assertEquals(Set.of(stays), runtime.inspect().keySet());
  }

  @Test
  void probesAreAnsweredByTheScript() throws Exception {
    open();
    LaunchSpec well = launch("well", scripted(""));
    LaunchSpec ill = launch("ill", scripted("sick=0ms"));
    RuntimeProbe.awaitRunning(runtime, well.id());
    RuntimeProbe.awaitRunning(runtime, ill.id());
    assertEquals(0, runtime.probe(well, "false", Duration.ofSeconds(1)));
    assertEquals(1, runtime.probe(ill, "true", Duration.ofSeconds(1)));
  }
}
