package io.dromos.agent;

import io.dromos.app.AppSpec;
import io.dromos.app.Container;
import io.dromos.app.Network;
import io.dromos.app.PortSpec;
import io.dromos.runtime.ContainerName;
import io.dromos.task.TaskGoal;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The environment that Marathon and Mesos give a task (marathon-api reference, 4.3): the task's
 * context, then its ports, then what the definition says, each winning over those before.
 */
public final class TaskEnvironment {
  private static final DateTimeFormatter VERSION =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final int LABEL_NAME_LIMIT = 493;
  private static final int LABEL_VALUE_LIMIT = 512;
  private static final int FIRST_INVENTED_PORT = 1025;

  private TaskEnvironment() {}

  /**
   * The variables of one task.
   *
   * @param sandbox path of the sandbox as the task sees it
   */
  public static Map<String, String> of(AppSpec app, TaskGoal goal, String sandbox) {
    Map<String, String> env = new TreeMap<>();
    context(env, app, goal, sandbox);
    labels(env, app.labels());
    ports(env, app, goal);
    env.putAll(app.env());
    return env;
  }

  private static void context(Map<String, String> env, AppSpec app, TaskGoal goal, String sandbox) {
    env.put("HOST", goal.host());
    env.put("LIBPROCESS_IP", goal.host());
    env.put("MESOS_TASK_ID", goal.id().value());
    env.put("MESOS_SANDBOX", sandbox);
    env.put("MESOS_CONTAINER_NAME", ContainerName.of(goal.id()));
    env.put("MARATHON_APP_ID", app.id().path());
    env.put("MARATHON_APP_VERSION", VERSION.format(app.version()));
    env.put("MARATHON_APP_RESOURCE_CPUS", Double.toString(app.resources().cpus()));
    env.put("MARATHON_APP_RESOURCE_MEM", Double.toString(app.resources().memMiB()));
    env.put("MARATHON_APP_RESOURCE_DISK", Double.toString(app.resources().diskMiB()));
    env.put("MARATHON_APP_RESOURCE_GPUS", Integer.toString(app.resources().gpus()));
    Container container = app.container();
    if (container != null
        && container.type() == Container.Type.DOCKER
        && container.image() != null) {
      env.put("MARATHON_APP_DOCKER_IMAGE", container.image());
    }
  }

  private static void labels(Map<String, String> env, Map<String, String> labels) {
    List<String> names = new ArrayList<>();
    new TreeMap<>(labels)
        .forEach(
            (key, value) -> {
              if (key.length() < LABEL_NAME_LIMIT && value.length() < LABEL_VALUE_LIMIT) {
                String name = key.replaceAll("[^A-Za-z0-9_]+", "_").toUpperCase(Locale.ROOT);
                names.add(name);
                env.put("MARATHON_APP_LABEL_" + name, value);
              }
            });
    env.put("MARATHON_APP_LABELS", String.join(" ", names));
  }

  private static void ports(Map<String, String> env, AppSpec app, TaskGoal goal) {
    List<String> listed = new ArrayList<>();
    int nextHostPort = 0;
    int invented = FIRST_INVENTED_PORT;
    for (int i = 0; i < app.ports().size(); i++) {
      PortSpec spec = app.ports().get(i);
      int requested = requested(app, spec);
      int effective;
      if (hasHostPort(app, spec) && nextHostPort < goal.hostPorts().size()) {
        effective = goal.hostPorts().get(nextHostPort++);
        listed.add(Integer.toString(effective));
      } else if (requested != 0) {
        effective = requested;
      } else {
        effective = invented++;
        listed.add(Integer.toString(effective));
      }
      String port = Integer.toString(effective);
      env.put("PORT" + i, port);
      env.putIfAbsent("PORT", port);
      env.put("PORT_" + (requested == 0 ? effective : requested), port);
      if (spec.name() != null) {
        env.put("PORT_" + spec.name().toUpperCase(Locale.ROOT), port);
      }
    }
    if (!app.ports().isEmpty()) {
      env.put("PORTS", String.join(",", listed));
    }
  }

  /** In host networking a port is known by its service port, elsewhere by its container port. */
  private static int requested(AppSpec app, PortSpec spec) {
    if (app.network().mode() == Network.Mode.HOST) {
      return spec.servicePort();
    }
    return spec.containerPort() == null ? 0 : spec.containerPort();
  }

  private static boolean hasHostPort(AppSpec app, PortSpec spec) {
    return app.network().mode() == Network.Mode.HOST || spec.hostPort() != null;
  }
}
