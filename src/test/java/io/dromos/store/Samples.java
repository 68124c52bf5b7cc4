package io.dromos.store;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.app.Artifact;
import io.dromos.app.BackoffSpec;
import io.dromos.app.Constraint;
import io.dromos.app.Container;
import io.dromos.app.HealthCheck;
import io.dromos.app.KillSelection;
import io.dromos.app.Network;
import io.dromos.app.PortSpec;
import io.dromos.app.Protocol;
import io.dromos.app.ReadinessCheck;
import io.dromos.app.Resources;
import io.dromos.app.UnreachableStrategy;
import io.dromos.app.UpgradeStrategy;
import io.dromos.deployment.Deployment;
import io.dromos.deployment.DeploymentAction;
import io.dromos.deployment.DeploymentStep;
import io.dromos.deployment.LaunchDelay;
import io.dromos.deployment.QueueEntry;
import io.dromos.placement.Agent;
import io.dromos.placement.Refusal;
import io.dromos.placement.RefusalReason;
import io.dromos.task.TaskFailure;
import io.dromos.task.TaskGoal;
import io.dromos.task.TaskId;
import io.dromos.task.TaskState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Values with something in every field, for store tests. */
public final class Samples {
  public static final Instant T0 = Instant.parse("2026-11-02T10:00:00.123Z");

  private Samples() {}

  /** An app that uses every part of a definition. */
  public static AppSpec app(String id, Instant version) {
    return new AppSpec(
        AppId.of(id),
        "echo 'ä\n\"quoted\"' && sleep 1",
        List.of("a", "b c"),
        "nobody",
        Map.of("KEY", "value", "ÜMLAUT", ""),
        Map.of("HAPROXY_GROUP", "external", "HAPROXY_0_VHOST", "example.com"),
        3,
        new Resources(0.1, 32, 0.5, 1),
        new Container(
            Container.Type.DOCKER,
            "mhausenblas/simpleservice:0.3.0",
            true,
            false,
            List.of(new Container.Parameter("hostname", "x")),
            List.of(new Container.Volume("/in", "/out", true))),
        new Network(
            Network.Mode.CONTAINER, List.of(new Network.Attachment("dcos", Map.of("l", "v")))),
        List.of(
            new PortSpec(
                8080,
                null,
                10_010,
                List.of(Protocol.TCP, Protocol.UDP),
                "http",
                Map.of("VIP_0", "/sise:80")),
            new PortSpec(null, 0, 0, List.of(Protocol.TCP), null, Map.of())),
        true,
        List.of(
            new HealthCheck(
                HealthCheck.Protocol.MESOS_HTTP,
                "/health",
                0,
                null,
                null,
                300,
                60,
                20,
                3,
                15,
                false,
                "IPv4")),
        List.of(
            new ReadinessCheck("ready", false, "/", "http-api", 30, 10, List.of(200, 204), true)),
        new UpgradeStrategy(0.5, 0.25),
        UnreachableStrategy.DISABLED,
        KillSelection.OLDEST_FIRST,
        new BackoffSpec(1, 1.15, 300),
        7,
        List.of(
            new Constraint("hostname", Constraint.Operator.UNIQUE, null),
            new Constraint("rack", Constraint.Operator.GROUP_BY, "2")),
        List.of("*"),
        "*",
        List.of(new Artifact("http://example.com/a.tgz", true, false, true, null)),
        List.of(AppId.of("/db")),
        "",
        true,
        version,
        version,
        version.minusSeconds(60));
  }

  public static TaskId taskId(String app) {
    return TaskId.create(AppId.of(app), UUID.randomUUID().toString());
  }

  public static TaskGoal goal(TaskId id, AppSpec app, String agent) {
    return new TaskGoal(
        id,
        app.id(),
        app.version(),
        agent,
        "127.0.0.1",
        List.of(31_000, 31_001),
        app.resources(),
        T0,
        null,
        null,
        0);
  }

  public static TaskGoal goal(String app, String agent) {
    return goal(taskId(app), app(app, T0), agent);
  }

  public static TaskFailure failure(String app, String message) {
    return new TaskFailure(
        AppId.of(app), taskId(app), "host", "agent-S0", TaskState.FAILED, message, T0, T0);
  }

  public static Deployment deployment(String id, Instant startedAt, String... apps) {
    List<AppSpec> target = java.util.Arrays.stream(apps).map(app -> app(app, startedAt)).toList();
    return new Deployment(
        id,
        startedAt,
        List.of(),
        target,
        target.stream()
            .map(
                app ->
                    new DeploymentStep(
                        List.of(
                            new DeploymentAction(
                                DeploymentAction.Kind.StartApplication, app.id()))))
            .toList(),
        0,
        startedAt,
        startedAt,
        Deployment.Status.RUNNING,
        null,
        null,
        Deployment.Terms.NONE);
  }

  public static LaunchDelay delay(String app, int failures) {
    return new LaunchDelay(AppId.of(app), T0, 1_150, T0.plusSeconds(1), failures);
  }

  public static QueueEntry queued(String app, int count) {
    return new QueueEntry(
        AppId.of(app),
        count,
        T0,
        null,
        new Refusal(
            T0,
            List.of(
                new Refusal.AgentRefusal("n1", RefusalReason.InsufficientMemory, "32 of 16 MiB")),
            "no agent has enough memory"),
        1,
        1);
  }

  public static Agent agent(String name, String id, Instant startedAt, long servedRevision) {
    return new Agent(
        name,
        id,
        "10.0.0.1",
        "10.0.0.1:8080",
        List.of("master", "agent"),
        new Resources(4, 8192, 10_000, 0),
        List.of(new Agent.PortRange(31_000, 32_000)),
        Map.of("rack", "r1"),
        List.of("process"),
        Map.of("docker", "no engine at unix:///var/run/docker.sock"),
        servedRevision,
        Map.of("dns", "serves 1"),
        startedAt,
        Instant.EPOCH);
  }

  public static StoredEvent event(String type) {
    return new StoredEvent(0, type, T0, "/a", "{\"eventType\":\"" + type + "\"}");
  }
}
