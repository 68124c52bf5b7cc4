package io.dromos.deployment;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is to become of an app right now.
 *
 * @param spec definition that new tasks are launched from; null when there is none
 * @param mode how to get there
 */
record AppCourse(AppId id, @Nullable AppSpec spec, Mode mode) {
  private static final DeploymentAction.Kind STOP_KIND = DeploymentAction.Kind.StopApplication;

  /** How an app is steered. */
  enum Mode {
    /** In no deployment: as many tasks as the definition says, and nobody waits for them. */
    SETTLED,
    /** As many tasks as the definition says, of whatever version. */
    SCALE,
    /** The same, and tasks of another configuration make way. */
    REPLACE,
    /** Its step has not come yet: keep what is there, replace what is lost, kill nothing. */
    HOLD,
    /** Nothing of it may run. */
    STOP,
    /** A step that asks for nothing. */
    PASS
  }

  /** Of an app that is in no deployment. */
  static AppCourse settled(AppId id, World world) {
    AppSpec spec = world.apps().get(id);
    return new AppCourse(id, spec, spec == null ? Mode.STOP : Mode.SETTLED);
  }

  /** Of an app that {@code deployment} moves, at the step where the deployment stands. */
  static AppCourse of(AppId id, Deployment deployment, World world) {
    if (!deployment.isRunning()) {
      return settled(id, world);
    }
    AppSpec origin = find(deployment.origin(), id);
    AppSpec target = find(deployment.target(), id);
    DeploymentAction.Kind past = null;
    for (int step = 1; step <= deployment.steps().size(); step++) {
      Optional<DeploymentAction> action =
          deployment.steps().get(step - 1).actions().stream()
              .filter(a -> a.app().equals(id))
              .findFirst();
      if (action.isEmpty()) {
        continue;
      }
      DeploymentAction.Kind kind = action.get().kind();
      if (step < deployment.currentStep()) {
        past = kind;
      } else if (step == deployment.currentStep()) {
        return new AppCourse(id, kind == STOP_KIND ? null : target, mode(kind));
      } else {
        return new AppCourse(id, origin, Mode.HOLD);
      }
    }
    return past == STOP_KIND
        ? new AppCourse(id, null, Mode.STOP)
        : new AppCourse(id, target, Mode.SCALE);
  }

  private static Mode mode(DeploymentAction.Kind kind) {
    return switch (kind) {
      case StartApplication -> Mode.PASS;
      case ScaleApplication -> Mode.SCALE;
      case RestartApplication -> Mode.REPLACE;
      case StopApplication -> Mode.STOP;
    };
  }

  private static @Nullable AppSpec find(Iterable<AppSpec> specs, AppId id) {
    for (AppSpec spec : specs) {
      if (spec.id().equals(id)) {
        return spec;
      }
    }
    return null;
  }
}
