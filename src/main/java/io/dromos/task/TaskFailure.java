package io.dromos.task;

import io.dromos.app.AppId;
import java.time.Instant;

/** The newest failure of an app, shown as {@code lastTaskFailure}. */
public record TaskFailure(
    AppId appId,
    TaskId taskId,
    String host,
    String agent,
    TaskState state,
    String message,
    Instant timestamp,
    Instant version) {}
