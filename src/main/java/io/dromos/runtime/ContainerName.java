package io.dromos.runtime;

import io.dromos.task.TaskId;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a task's container, {@code mesos-<uuid>} as Mesos names them. It follows from the
 * task id alone, so that a repeated launch finds the first attempt by name.
 */
public final class ContainerName {
  private static final Pattern UUID_IN_ID =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$");

  private ContainerName() {}

  public static String of(TaskId id) {
    Matcher matcher = UUID_IN_ID.matcher(id.value());
    return "mesos-"
        + (matcher.find()
            ? matcher.group()
            : UUID.nameUUIDFromBytes(id.value().getBytes(StandardCharsets.UTF_8)));
  }
}
