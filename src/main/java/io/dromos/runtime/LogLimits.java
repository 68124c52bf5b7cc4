package io.dromos.runtime;

import io.dromos.platform.Setting;
import io.dromos.platform.Settings;

/**
 * How much of a task's output is kept.
 *
 * @param maxBytes size at which a stream's file is rotated
 * @param files rotated files kept per stream, {@code stdout.1} being the newest
 */
public record LogLimits(long maxBytes, int files) {
  /** From {@code dromos.log.max.bytes} and {@code dromos.log.files}. */
  public static LogLimits from(Settings settings) {
    return new LogLimits(
        settings.integer(Setting.LOG_MAX_BYTES, 1024, Integer.MAX_VALUE),
        settings.integer(Setting.LOG_FILES, 0, 100));
  }
}
