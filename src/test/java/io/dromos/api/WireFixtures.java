package io.dromos.api;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.app.Resources;
import io.dromos.placement.Agent;
import io.dromos.task.Task;
import io.dromos.task.TaskGoal;
import io.dromos.task.TaskId;
import io.dromos.task.TaskObservation;
import io.dromos.task.TaskState;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Apps, tasks, agents and clients as the tests of the doors need them. */
public final class WireFixtures {
  public static final Instant NOON = Instant.parse("2024-01-01T12:00:00Z");
  public static final String UUID = "c7c311a4-b669-11e6-a48f-0ea4f4b1778";

  private WireFixtures() {}

  /** From Marathon JSON, at version noon. */
  public static AppSpec app(String json) {
    AppJson wire = Json.read(json.getBytes(StandardCharsets.UTF_8), AppJson.class);
    String id = wire.id() == null ? "/" : wire.id();
    Normalized normalized = AppNormalizer.create(AppId.of(id), wire, AppId.ROOT);
    if (normalized instanceof Normalized.Complete complete) {
      return complete.spec().withVersion(NOON, NOON, NOON);
    }
    throw new IllegalArgumentException(normalized.toString());
  }

  /** On agent n1 at 10.0.0.5; {@code number} is a hex digit. */
  public static Task task(AppSpec app, int number, TaskState state, int... ports) {
    TaskId id = TaskId.create(app.id(), UUID + Integer.toHexString(number));
    List<Integer> hostPorts = Arrays.stream(ports).boxed().toList();
    boolean started = state != TaskState.STAGING && state != TaskState.STARTING;
    return new Task(
        new TaskGoal(
            id,
            app.id(),
            app.version(),
            "n1",
            "10.0.0.5",
            hostPorts,
            app.resources(),
            NOON,
            null,
            null,
            1),
        new TaskObservation(
            id,
            state,
            NOON.plusSeconds(3),
            started ? NOON.plusSeconds(2) : null,
            "",
            null,
            started ? "4711" : null,
            List.of(),
            List.of(),
            List.of(),
            1));
  }

  public static Agent agent(String name, String... features) {
    return new Agent(
        name,
        "b1f1c8e4-S0",
        "10.0.0.5",
        "10.0.0.5:8080",
        List.of("master", "agent", "edge"),
        new Resources(4, 4096, 10000, 0),
        List.of(new Agent.PortRange(31000, 32000)),
        Map.of(),
        List.of(features),
        Map.of("docker", "no Docker Engine at unix:///var/run/docker.sock"),
        1,
        Map.of("edge", "serves 1"),
        NOON,
        NOON);
  }

  /** Fails after ten seconds; looks again every few milliseconds. */
  public static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not within ten seconds: " + what);
      }
      Thread.onSpinWait();
      LockSupport.parkNanos(2_000_000);
    }
  }

  /** A client that takes everything, or nothing while it is {@link #block blocked}. */
  public static final class FakeClient extends ServletOutputStream {
    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
    private final AsyncSink sink;
    private volatile boolean blocked;
    private volatile boolean completed;

    public FakeClient(Runnable onDrained, Runnable onClosed) {
      sink = new AsyncSink(this, () -> completed = true, onDrained, onClosed);
      sink.onWritePossible();
    }

    public AsyncSink sink() {
      return sink;
    }

    public void block() {
      blocked = true;
    }

    public void unblock() {
      blocked = false;
      sink.onWritePossible();
    }

    public boolean completed() {
      return completed;
    }

    public synchronized String text() {
      return taken.toString(StandardCharsets.UTF_8);
    }

    @Override
    public boolean isReady() {
      return !blocked;
    }

    @Override
    public void setWriteListener(WriteListener listener) {
      throw new UnsupportedOperationException("the sink is told directly");
    }

    @Override
    public synchronized void write(int value) {
      taken.write(value);
    }
  }
}
