package io.dromos.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dromos.app.AppId;
import io.dromos.app.HealthCheck;
import io.dromos.deployment.Deployment;
import io.dromos.deployment.DeploymentAction;
import io.dromos.deployment.DeploymentStep;
import io.dromos.store.ClusterEvent;
import io.dromos.store.EventEncoder;
import io.dromos.store.StoredEvent;
import io.dromos.task.Task;
import io.dromos.task.TaskState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Events in the words of Marathon 1.11, with light deployment plans (marathon-api reference, 6.2;
 * {@code Events.scala}). One addition of ours: {@code drain_timed_out_event}.
 */
public final class MarathonEventEncoder implements EventEncoder {
  private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

  private final UnaryOperator<String> agentIds;
  private final Map<String, String> known = new ConcurrentHashMap<>();

  /**
   * @param agentIds the stable Mesos-style id of a node name ({@code AgentStore.agentId})
   */
  public MarathonEventEncoder(UnaryOperator<String> agentIds) {
    this.agentIds = agentIds;
  }

  @Override
  public List<StoredEvent> encode(ClusterEvent event) {
    if (event instanceof ClusterEvent.TaskStatus status) {
      return List.of(statusUpdate(status), instanceChanged(status));
    } else if (event instanceof ClusterEvent.HealthChecksAdded added) {
      return added.checks().stream().map(check -> checkAdded(added, check)).toList();
    } else if (event instanceof ClusterEvent.DeploymentFailed failed) {
      return deploymentFailed(failed);
    }
    StoredEvent encoded = ofDeployment(event);
    if (encoded == null) {
      encoded = ofHealth(event);
    }
    return List.of(encoded == null ? ofRequest(event) : encoded);
  }

  private @Nullable StoredEvent ofDeployment(ClusterEvent event) {
    if (event instanceof ClusterEvent.DeploymentStepBegan began) {
      return step("deployment_info", began.at(), began.deployment());
    } else if (event instanceof ClusterEvent.DeploymentStepDone done) {
      return step("deployment_step_success", done.at(), done.deployment());
    } else if (event instanceof ClusterEvent.DeploymentSucceeded succeeded) {
      Deployment deployment = succeeded.deployment();
      ObjectNode json = fields().put("id", deployment.id());
      json.set("plan", plan(deployment));
      return stamped("deployment_success", succeeded.at(), null, json);
    }
    return null;
  }

  /** A step under way fails with its deployment. */
  private static List<StoredEvent> deploymentFailed(ClusterEvent.DeploymentFailed failed) {
    Deployment deployment = failed.deployment();
    ObjectNode json = fields().put("id", deployment.id());
    json.set("plan", plan(deployment));
    json.put("reason", failed.reason());
    StoredEvent end = stamped("deployment_failed", failed.at(), null, json);
    return deployment.currentActions().isEmpty()
        ? List.of(end)
        : List.of(step("deployment_step_failure", failed.at(), deployment), end);
  }

  private @Nullable StoredEvent ofHealth(ClusterEvent event) {
    if (event instanceof ClusterEvent.InstanceHealth health) {
      Task task = health.task();
      ObjectNode json =
          fields()
              .put("instanceId", task.id().instanceId())
              .put("runSpecId", task.appId().path())
              .put("healthy", health.healthy())
              .put("runSpecVersion", Json.time(task.goal().version()));
      return stamped("instance_health_changed_event", health.at(), task.appId(), json);
    } else if (event instanceof ClusterEvent.HealthStatus status) {
      Task task = status.task();
      ObjectNode json =
          fields()
              .put("appId", task.appId().path())
              .put("instanceId", task.id().instanceId())
              .put("version", Json.time(task.goal().version()))
              .put("alive", status.alive());
      return stamped("health_status_changed_event", status.at(), task.appId(), json);
    } else if (event instanceof ClusterEvent.HealthCheckFailed failed) {
      Task task = failed.task();
      ObjectNode json = fields().put("appId", task.appId().path());
      json.set("healthCheck", healthCheck(failed.check()));
      // Marathon puts the instance id into the field called taskId.
      json.put("taskId", task.id().instanceId());
      return stamped("failed_health_check_event", failed.at(), task.appId(), json);
    } else if (event instanceof ClusterEvent.HealthChecksRemoved removed) {
      ObjectNode json = fields().put("appId", removed.app().path());
      return stamped("remove_health_check_event", removed.at(), removed.app(), json);
    } else if (event instanceof ClusterEvent.HealthKillsHeld held) {
      ObjectNode json = fields().put("message", held.message());
      json.put("failing", held.failing()).put("watched", held.watched());
      return stamped("health_kills_held_event", held.at(), null, onAgent(json, held.agent()));
    } else if (event instanceof ClusterEvent.HealthKillsResumed resumed) {
      ObjectNode json = onAgent(fields(), resumed.agent());
      return stamped("health_kills_resumed_event", resumed.at(), null, json);
    } else if (event instanceof ClusterEvent.UnhealthyKill kill) {
      return unhealthyKill(kill);
    } else if (event instanceof ClusterEvent.UnknownTerminated unknown) {
      AppId app = unknown.task().appId();
      ObjectNode json =
          fields()
              .put("instanceId", unknown.task().instanceId())
              .put("runSpecId", app.path())
              .put("condition", TaskState.KILLED.condition());
      return stamped("unknown_instance_terminated_event", unknown.at(), app, json);
    }
    return null;
  }

  private static ObjectNode onAgent(ObjectNode json, @Nullable String agent) {
    return agent == null ? json : json.put("agent", agent);
  }

  private StoredEvent ofRequest(ClusterEvent event) {
    if (event instanceof ClusterEvent.ApiPost post) {
      ObjectNode json = fields().put("clientIp", post.clientIp()).put("uri", post.uri());
      json.set("appDefinition", Json.MAPPER.valueToTree(AppJson.created(post.app())));
      return stamped("api_post_event", post.at(), post.app().id(), json);
    } else if (event instanceof ClusterEvent.GroupChanged changed) {
      ObjectNode json =
          fields()
              .put("groupId", changed.group().path())
              .put("version", Json.time(changed.version()));
      return stamped("group_change_success", changed.at(), null, json);
    } else if (event instanceof ClusterEvent.GroupChangeFailed failed) {
      ObjectNode json =
          fields()
              .put("groupId", failed.group().path())
              .put("version", Json.time(failed.version()))
              .put("reason", failed.reason());
      return stamped("group_change_failed", failed.at(), null, json);
    } else if (event instanceof ClusterEvent.AppTerminated terminated) {
      ObjectNode json = fields().put("appId", terminated.app().path());
      return stamped("app_terminated_event", terminated.at(), terminated.app(), json);
    } else if (event instanceof ClusterEvent.DrainTimedOut drain) {
      ObjectNode json =
          fields()
              .put("appId", drain.app().path())
              .put("taskId", drain.task().value())
              .put("revision", drain.revision());
      return stamped("drain_timed_out_event", drain.at(), drain.app(), json);
    }
    throw new IllegalArgumentException("no wire form for " + event);
  }

  private StoredEvent statusUpdate(ClusterEvent.TaskStatus status) {
    Task task = status.task();
    ObjectNode json =
        fields()
            .put("slaveId", agentId(task))
            .put("taskId", task.id().value())
            .put("taskStatus", task.state().mesosName())
            .put("message", task.seen().message())
            .put("appId", task.appId().path())
            .put("host", task.goal().host());
    ArrayNode addresses = json.putArray("ipAddresses");
    for (String ip : addresses(task)) {
      addresses
          .addObject()
          .put("ipAddress", ip)
          .put("protocol", ip.contains(":") ? "IPv6" : "IPv4");
    }
    task.goal().hostPorts().forEach(json.putArray("ports")::add);
    json.put("version", Json.time(task.goal().version()));
    return stamped("status_update_event", status.at(), task.appId(), json);
  }

  private StoredEvent instanceChanged(ClusterEvent.TaskStatus status) {
    Task task = status.task();
    ObjectNode json =
        fields()
            .put("instanceId", task.id().instanceId())
            .put("condition", task.state().condition())
            .put("runSpecId", task.appId().path())
            .put("agentId", agentId(task))
            .put("host", task.goal().host())
            .put("runSpecVersion", Json.time(task.goal().version()));
    return stamped("instance_changed_event", status.at(), task.appId(), json);
  }

  private StoredEvent checkAdded(ClusterEvent.HealthChecksAdded added, HealthCheck check) {
    ObjectNode json = fields().put("appId", added.app().path());
    json.set("healthCheck", healthCheck(check));
    json.put("version", Json.time(added.version()));
    return stamped("add_health_check_event", added.at(), added.app(), json);
  }

  private StoredEvent unhealthyKill(ClusterEvent.UnhealthyKill kill) {
    Task task = kill.task();
    ObjectNode json =
        fields()
            .put("appId", task.appId().path())
            .put("taskId", task.id().value())
            .put("instanceId", task.id().instanceId())
            .put("version", Json.time(task.goal().version()))
            .put("reason", kill.reason())
            .put("host", task.goal().host())
            .put("slaveId", agentId(task));
    return stamped("unhealthy_instance_kill_event", kill.at(), task.appId(), json);
  }

  private static StoredEvent step(String type, Instant at, Deployment deployment) {
    ObjectNode json = fields();
    json.set("plan", plan(deployment));
    json.set("currentStep", actions(deployment.currentActions()));
    return stamped(type, at, null, json);
  }

  private static ObjectNode plan(Deployment deployment) {
    ObjectNode plan = fields().put("id", deployment.id());
    var steps = plan.putArray("steps");
    for (DeploymentStep step : deployment.steps()) {
      steps.add(actions(step.actions()));
    }
    return plan.put("version", Json.time(deployment.version()));
  }

  private static ObjectNode actions(List<DeploymentAction> actions) {
    ObjectNode step = fields();
    var array = step.putArray("actions");
    for (DeploymentAction action : actions) {
      array.addObject().put("action", action.kind().name()).put("app", action.app().path());
    }
    return step;
  }

  private static ObjectNode healthCheck(HealthCheck check) {
    return Json.MAPPER.valueToTree(HealthCheckJson.of(check));
  }

  private String agentId(Task task) {
    return known.computeIfAbsent(task.goal().agent(), agentIds);
  }

  /** Of a task whose process is there: its own, or else that of its agent if it is one. */
  private static List<String> addresses(Task task) {
    boolean up = task.state() == TaskState.RUNNING || task.state() == TaskState.KILLING;
    if (up && !task.seen().addresses().isEmpty()) {
      return task.seen().addresses();
    }
    String host = task.goal().host();
    return up && IPV4.matcher(host).matches() ? List.of(host) : List.of();
  }

  private static ObjectNode fields() {
    return Json.MAPPER.createObjectNode();
  }

  private static StoredEvent stamped(
      String type, Instant at, @Nullable AppId app, ObjectNode json) {
    json.put("eventType", type).put("timestamp", Json.time(at));
    return new StoredEvent(0, type, at, app == null ? null : app.path(), Json.write(json));
  }
}
