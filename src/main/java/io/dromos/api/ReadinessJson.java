package io.dromos.api;

import io.dromos.task.ReadinessResult;
import io.dromos.task.Task;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a readiness check of a task found last (marathon-api reference, 1.9). */
public record ReadinessJson(
    String name, String taskId, boolean ready, @Nullable ResponseJson lastResponse) {
  /** The answer, where the check preserves it. */
  public record ResponseJson(int status, String contentType, String body) {}

  /** All results of one task. */
  static Stream<ReadinessJson> of(Task task) {
    return task.seen().readiness().stream().map(result -> of(task, result));
  }

  private static ReadinessJson of(Task task, ReadinessResult result) {
    ReadinessResult.LastResponse last = result.lastResponse();
    return new ReadinessJson(
        result.name(),
        task.id().value(),
        result.ready(),
        last == null ? null : new ResponseJson(last.status(), last.contentType(), last.body()));
  }
}
