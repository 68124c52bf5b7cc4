package io.dromos.api;

import io.dromos.app.AppId;
import io.dromos.app.Violation;
import io.dromos.control.CommandResult;
import io.dromos.control.Rejection;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;

/** Answers in Marathon's wording, statuses and headers (marathon-api reference, 1.3 and 1.4). */
public final class Responses {
  /** Names the deployment that a request started. */
  public static final String DEPLOYMENT_HEADER = "Marathon-Deployment-Id";

  static final String LOCKED =
      "App is locked by one or more deployments. Override with the option '?force=true'. View"
          + " details at '/v2/deployments/<DEPLOYMENT_ID>'.";

  private Responses() {}

  /** 200 with a JSON body. */
  public static Response ok(Object body) {
    return json(200, body);
  }

  /** Any status with a JSON body. */
  public static Response json(int status, Object body) {
    return builder(status).type(MediaType.APPLICATION_JSON_TYPE).entity(body).build();
  }

  /** {@code {"message":"…"}}. */
  public static Response message(int status, String text) {
    return json(status, ErrorJson.of(text));
  }

  public static Response appNotFound(AppId id) {
    return refused(new Rejection.AppNotFound(id));
  }

  public static Response groupNotFound(AppId id) {
    return refused(new Rejection.GroupNotFound(id));
  }

  /** 422 {@code Object is not valid}: well-formed, and against the rules. */
  public static Response invalid(List<Violation> violations) {
    return refused(new Rejection.Invalid(violations));
  }

  public static Response refused(Rejection rejection) {
    return json(status(rejection), body(rejection));
  }

  /** 200 with version and deployment id. */
  public static Response accepted(CommandResult.Accepted accepted) {
    return deployed(200, accepted).entity(DeploymentResultJson.of(accepted)).build();
  }

  /** 201 with the {@code Location} of an app or group, which is its id, not its resource. */
  public static Response created(
      CommandResult.Accepted accepted, AppId id, Object body, UriInfo uri) {
    return deployed(201, accepted)
        .location(uri.getBaseUri().resolve(id.path()))
        .entity(body)
        .build();
  }

  /** Whatever came of a command that answers with a deployment. */
  public static Response result(CommandResult result) {
    return result instanceof CommandResult.Accepted accepted
        ? accepted(accepted)
        : refused(((CommandResult.Refused) result).rejection());
  }

  static int status(Rejection rejection) {
    if (rejection instanceof Rejection.Invalid) {
      return 422;
    }
    if (rejection instanceof Rejection.AppExists
        || rejection instanceof Rejection.GroupExists
        || rejection instanceof Rejection.GroupIsApp
        || rejection instanceof Rejection.Locked) {
      return 409;
    }
    return rejection instanceof Rejection.ServicePortsExhausted ? 500 : 404;
  }

  static ErrorJson body(Rejection rejection) {
    if (rejection instanceof Rejection.Invalid invalid) {
      return ErrorJson.of("Object is not valid", invalid.violations());
    }
    if (rejection instanceof Rejection.Locked locked) {
      return new ErrorJson(
          lockedWords(locked),
          null,
          locked.deployments().stream().map(ErrorJson.DeploymentRef::new).toList());
    }
    return ErrorJson.of(words(rejection));
  }

  /** Marathon's sentences first: scripts look for them. Then what each deployment waits for. */
  private static String lockedWords(Rejection.Locked locked) {
    StringBuilder words = new StringBuilder(LOCKED);
    locked.holders().forEach(holder -> words.append(' ').append(holder.words()));
    return words.toString();
  }

  private static String words(Rejection rejection) {
    if (rejection instanceof Rejection.AppNotFound missing) {
      return "App '" + missing.id() + "' does not exist";
    }
    if (rejection instanceof Rejection.VersionNotFound missing) {
      return "App '" + missing.id() + "' does not exist in version " + Json.time(missing.version());
    }
    if (rejection instanceof Rejection.TaskNotFound missing) {
      return "Task '" + missing.id() + "' does not exist";
    }
    if (rejection instanceof Rejection.DeploymentNotFound missing) {
      return "DeploymentPlan " + missing.id() + " does not exist";
    }
    if (rejection instanceof Rejection.GroupNotFound missing) {
      return "Group '" + missing.id() + "' does not exist";
    }
    if (rejection instanceof Rejection.GroupExists clash) {
      return "Group " + clash.id() + " is already created. Use PUT to change this group.";
    }
    if (rejection instanceof Rejection.GroupIsApp clash) {
      return "An app with the path " + clash.id() + " already exists.";
    }
    if (rejection instanceof Rejection.NotQueued missing) {
      return "Application " + missing.id() + " not found in tasks queue.";
    }
    if (rejection instanceof Rejection.AppExists clash) {
      return "An app with id [" + clash.id() + "] already exists.";
    }
    if (rejection instanceof Rejection.ServicePortsExhausted range) {
      return "All ports in the range [" + range.from() + "-" + range.to() + "] are already in use";
    }
    throw new IllegalStateException("no words for " + rejection);
  }

  private static Response.ResponseBuilder deployed(int status, CommandResult.Accepted accepted) {
    return builder(status)
        .type(MediaType.APPLICATION_JSON_TYPE)
        .header(DEPLOYMENT_HEADER, accepted.deploymentId());
  }

  private static Response.ResponseBuilder builder(int status) {
    return status == 422
        ? Response.status(status, "Unprocessable Entity")
        : Response.status(status);
  }
}
