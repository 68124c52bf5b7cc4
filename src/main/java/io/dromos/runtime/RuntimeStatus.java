package io.dromos.runtime;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a runtime sees of one task right now. */
public sealed interface RuntimeStatus {
  /** Being prepared: fetching, pulling; the message says what. */
  record Preparing(String message) implements RuntimeStatus {}

  record Running(Instant startedAt, String runtimeId) implements RuntimeStatus {}

  /** Ended. {@code exitCode} is null when it cannot be known. */
  record Ended(Instant at, @Nullable Integer exitCode, String message) implements RuntimeStatus {}

  /** Never started; {@code permanent} when the same again cannot help. */
  record Failed(Instant at, boolean permanent, String message) implements RuntimeStatus {}
}
