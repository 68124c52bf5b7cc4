package io.dromos.dcos;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.app.PortSpec;
import io.dromos.app.Resources;
import io.dromos.deployment.Deployment;
import io.dromos.deployment.HealthLimits;
import io.dromos.deployment.LaunchDelay;
import io.dromos.deployment.QueueEntry;
import io.dromos.deployment.World;
import io.dromos.placement.Agent;
import io.dromos.placement.Refusal;
import io.dromos.routing.RoutingSnapshot;
import io.dromos.task.Task;
import io.dromos.task.TaskFailure;
import io.dromos.task.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Says in plain sentences why an app is not running, not healthy or not reachable, the most telling
 * first. A pure function of what is known at one instant.
 */
final class WhyExplainer {
  /** An agent that has not reported for so long is called silent. */
  static final long SILENCE_SECONDS = 15;

  /**
   * Everything an explanation may draw on.
   *
   * @param failures newest failure by app
   * @param ended deployments that ended, newest first
   * @param planes what this node's data planes say of themselves
   * @param health when kills because of health stop
   */
  record Facts(
      World world,
      Map<AppId, TaskFailure> failures,
      List<Deployment> ended,
      RoutingSnapshot snapshot,
      Map<String, String> planes,
      HealthLimits health,
      Instant now) {}

  private final Facts facts;
  private final AppSpec app;
  private final List<Task> tasks;
  private final List<String> sentences = new ArrayList<>();

  private WhyExplainer(Facts facts, AppSpec app) {
    this.facts = facts;
    this.app = app;
    this.tasks =
        facts.world().tasksOf(app.id()).stream().sorted(Comparator.comparing(Task::id)).toList();
  }

  /** At least one sentence. */
  static List<String> explain(Facts facts, AppSpec app) {
    return new WhyExplainer(facts, app).explain();
  }

  private List<String> explain() {
    QueueEntry queued =
        facts.world().queue().stream()
            .filter(q -> q.appId().equals(app.id()))
            .findFirst()
            .orElse(null);
    counts();
    delay(queued);
    failure(queued);
    refusal(queued);
    agents();
    preparing();
    HealthReasons.of(facts, app, tasks).forEach(this::say);
    leaving();
    dependencies();
    deployments();
    routes();
    return List.copyOf(sentences);
  }

  private void counts() {
    if (app.instances() == 0) {
      long left = tasks.stream().filter(Task::isActive).count();
      say(
          left == 0
              ? "No instances are wanted: the app is stopped. Scale it up to run it."
              : "No instances are wanted: the app is stopping, "
                  + Words.tasksAre(left)
                  + " still there.");
      return;
    }
    long running = tasks.stream().filter(t -> wanted(t) && t.isRunning()).count();
    int checks = app.healthChecks().size();
    long healthy =
        tasks.stream().filter(t -> wanted(t) && t.isRunning() && t.isHealthy(checks)).count();
    if (running == 0) {
      say(
          "None of "
              + app.instances()
              + " wanted "
              + Words.plural(app.instances(), "instance")
              + " runs.");
    } else {
      say(
          running
              + " of "
              + app.instances()
              + " wanted "
              + Words.plural(app.instances(), "instance")
              + (running == 1 ? " runs" : " run")
              + (checks == 0 ? "." : ", " + healthy + " healthy."));
    }
  }

  private void delay(@Nullable QueueEntry queued) {
    LaunchDelay delay =
        facts.world().delays().stream()
            .filter(d -> d.appId().equals(app.id()))
            .findFirst()
            .orElse(null);
    Instant notBefore = queued == null ? null : queued.notBefore();
    if (notBefore == null && delay != null && lacking() > 0) {
      notBefore = delay.notBefore();
    }
    if (notBefore != null && notBefore.isAfter(facts.now())) {
      say(
          "The next launch waits "
              + Words.span(Duration.between(facts.now(), notBefore))
              + (delay == null || delay.failures() == 0
                  ? "."
                  : " after " + delay.failures() + Words.plural(delay.failures(), " failure") + ".")
              + " 'DELETE /v2/queue"
              + app.id()
              + "/delay' ends the wait.");
    }
  }

  private void failure(@Nullable QueueEntry queued) {
    TaskFailure failure = facts.failures().get(app.id());
    if (failure == null || (queued == null && lacking() == 0)) {
      return;
    }
    say(
        "The last failure, "
            + Words.span(Duration.between(failure.timestamp(), facts.now()))
            + " ago on "
            + failure.agent()
            + ", was "
            + failure.state().mesosName()
            + (failure.message().isBlank() ? "." : ": " + Words.sentence(failure.message()))
            + " See its log: task log "
            + failure.taskId()
            + " stderr.");
  }

  private void refusal(@Nullable QueueEntry queued) {
    if (queued == null) {
      return;
    }
    Refusal refusal = queued.lastRefusal();
    if (refusal == null) {
      return;
    }
    say(
        queued.count()
            + Words.plural(queued.count(), " instance")
            + (queued.count() == 1 ? " has" : " have")
            + " no place yet: "
            + Words.sentence(refusal.summary()));
    tooLarge();
    for (Refusal.AgentRefusal one : refusal.agents()) {
      say("On " + one.agent() + " (" + one.reason() + "): " + Words.sentence(one.detail()));
    }
    List<Integer> fixed =
        app.requirePorts()
            ? app.ports().stream().map(WhyExplainer::fixedPort).filter(p -> p > 0).toList()
            : List.of();
    if (!fixed.isEmpty()) {
      say(
          "It insists on the host "
              + Words.plural(fixed.size(), "port")
              + " "
              + Words.join(fixed)
              + ".");
    }
  }

  /** What would not fit even on an agent with nothing on it: waiting cannot help. */
  private void tooLarge() {
    List<Agent> agents = facts.world().agents().stream().filter(Agent::isAgent).toList();
    tooLarge(agents, Resources::memMiB, "MiB of memory");
    tooLarge(agents, Resources::cpus, "CPUs");
    tooLarge(agents, Resources::diskMiB, "MiB of disk");
    tooLarge(agents, Resources::gpus, "GPUs");
  }

  private void tooLarge(List<Agent> agents, ToDoubleFunction<Resources> amount, String unit) {
    double wanted = amount.applyAsDouble(app.resources());
    double most = agents.stream().mapToDouble(a -> amount.applyAsDouble(a.total())).max().orElse(0);
    if (!agents.isEmpty() && wanted > most) {
      say(
          "No agent is large enough: an instance asks for "
              + Words.number(wanted)
              + " "
              + unit
              + ", the largest agent has "
              + Words.number(most)
              + " in all.");
    }
  }

  private static int fixedPort(PortSpec port) {
    Integer host = port.hostPort();
    return host != null && host > 0 ? host : port.servicePort();
  }

  private void agents() {
    if (lacking() == 0) {
      return;
    }
    List<Agent> all = facts.world().agents().stream().filter(Agent::isAgent).toList();
    List<Agent> alive = all.stream().filter(a -> a.isAlive(facts.now(), SILENCE_SECONDS)).toList();
    if (alive.isEmpty()) {
      say("No agent reports: start a node with the role agent.");
      return;
    }
    String feature = app.needsDocker() ? "docker" : "process";
    if (alive.stream().noneMatch(a -> a.features().contains(feature))) {
      for (Agent agent : alive) {
        say(
            agent.name()
                + " cannot run "
                + (app.needsDocker() ? "Docker containers: " : "plain processes: ")
                + Words.sentence(agent.problems().getOrDefault(feature, "it does not offer it")));
      }
    }
    for (Agent agent : all) {
      if (!alive.contains(agent)) {
        say(
            agent.name()
                + " has been silent for "
                + Words.span(Duration.between(agent.seenAt(), facts.now()))
                + ".");
      }
    }
  }

  private void preparing() {
    for (Task task : tasks) {
      if (wanted(task)
          && (task.state() == TaskState.STAGING || task.state() == TaskState.STARTING)) {
        String message = task.seen().message();
        say(
            "Task "
                + task.id()
                + " on "
                + task.goal().agent()
                + " has been starting for "
                + Words.span(Duration.between(task.goal().stagedAt(), facts.now()))
                + (message.isBlank() ? image() : ": " + Words.sentence(message)));
      } else if (task.state() == TaskState.UNREACHABLE) {
        say(
            "Task "
                + task.id()
                + " is unreachable: its agent "
                + task.goal().agent()
                + " has not reported since "
                + task.seen().since()
                + ".");
      }
    }
  }

  private String image() {
    return app.container() == null || app.container().image() == null
        ? "."
        : " with the image " + app.container().image() + ".";
  }

  private void leaving() {
    for (Task task : tasks) {
      Instant killAt = task.goal().killAt();
      if (killAt != null && task.isActive()) {
        say(
            "Task "
                + task.id()
                + " is being stopped ("
                + task.goal().kill()
                + ") since "
                + Words.span(Duration.between(killAt, facts.now()))
                + ": "
                + (task.state() == TaskState.KILLING
                    ? "it has been told to end."
                    : "traffic is leaving it first."));
      }
    }
  }

  private void dependencies() {
    if (lacking() == 0) {
      return;
    }
    for (AppId needed : app.dependencies()) {
      AppSpec other = facts.world().apps().get(needed);
      long running =
          facts.world().tasksOf(needed).stream().filter(t -> wanted(t) && t.isRunning()).count();
      if (other != null && running < other.instances()) {
        say(
            "It depends on "
                + needed
                + ", of which "
                + running
                + " of "
                + other.instances()
                + " run.");
      }
    }
  }

  private void deployments() {
    DeploymentWords.about(app.id(), facts.world(), facts.ended(), facts.now()).forEach(this::say);
  }

  private void routes() {
    facts
        .snapshot()
        .warnings()
        .getOrDefault(app.id().path(), List.of())
        .forEach(w -> say("Routing: " + Words.sentence(w)));
    new TreeMap<>(facts.planes())
        .forEach(
            (plane, report) -> {
              if (report.contains("degraded") || report.contains("failed")) {
                say("The " + plane + " plane of this node " + Words.sentence(report));
              }
            });
  }

  /** Wanted instances that don't run, or run and are not healthy. */
  private long lacking() {
    int checks = app.healthChecks().size();
    long fine =
        tasks.stream().filter(t -> wanted(t) && t.isRunning() && t.isHealthy(checks)).count();
    return Math.max(0, app.instances() - fine);
  }

  private static boolean wanted(Task task) {
    return task.goal().wantsRunning();
  }

  private void say(String text) {
    if (!sentences.contains(text)) {
      sentences.add(text);
    }
  }
}
