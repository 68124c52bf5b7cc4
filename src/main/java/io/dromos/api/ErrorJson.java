package io.dromos.api;

import io.dromos.app.Violation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Body of every refusal (marathon-api reference, 1.3).
 *
 * @param details the parser's text (400) or a list of {@link Detail} (422)
 * @param deployments only when deployments hold a lock: clients tell a lock from a name clash by it
 */
public record ErrorJson(
    String message, @Nullable Object details, @Nullable List<DeploymentRef> deployments) {
  /** All errors of one path. */
  public record Detail(String path, List<String> errors) {}

  /** A deployment by id. */
  public record DeploymentRef(String id) {}

  public static ErrorJson of(String message) {
    return new ErrorJson(message, null, null);
  }

  /** One entry a path, in the order in which paths first appear. */
  public static ErrorJson of(String message, List<Violation> violations) {
    Map<String, List<String>> byPath = new LinkedHashMap<>();
    for (Violation violation : violations) {
      byPath.computeIfAbsent(violation.path(), p -> new ArrayList<>()).add(violation.message());
    }
    List<Detail> details =
        byPath.entrySet().stream().map(e -> new Detail(e.getKey(), e.getValue())).toList();
    return new ErrorJson(message, details, null);
  }
}
