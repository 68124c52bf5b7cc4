package io.dromos.routing;

import io.dromos.task.TaskId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The part of a task's DNS name that comes from its id, as Mesos-DNS makes it. */
public final class TaskNames {
  private static final String ZBASE32 = "ybndrfg8ejkmcpqxot1uwisza345h769";

  private TaskNames() {}

  /** First five characters of the zbase32 of the SHA-1 of a task id. */
  public static String hash(TaskId task) {
    byte[] digest;
    try {
      digest =
          MessageDigest.getInstance("SHA-1").digest(task.value().getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-1", e);
    }
    long bits = 0;
    for (int i = 0; i < 4; i++) {
      bits = (bits << 8) | (digest[i] & 0xFF);
    }
    StringBuilder text = new StringBuilder();
    for (int shift = 27; shift >= 7; shift -= 5) {
      text.append(ZBASE32.charAt((int) ((bits >>> shift) & 31)));
    }
    return text.toString();
  }
}
