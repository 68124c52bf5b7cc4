package io.dromos.runtime;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a runtime sees of one task right now. */
public sealed interface RuntimeStatus {
  /** Being prepared: fetching, pulling; the message says what. */
  record Preparing(String message) implements RuntimeStatus {}

  /** Up; {@code addresses} are its own, empty when it shares those of the machine. */
  record Running(Instant startedAt, String runtimeId, List<String> addresses)
      implements RuntimeStatus {
    public Running {
      addresses = List.copyOf(addresses);
    }

    /** A task that shares the addresses of its machine. */
    public Running(Instant startedAt, String runtimeId) {
      this(startedAt, runtimeId, List.of());
    }
  }

  /** Ended. {@code exitCode} is null when it cannot be known. */
  record Ended(Instant at, @Nullable Integer exitCode, String message) implements RuntimeStatus {}

  /** Never started; {@code permanent} when the same again cannot help. */
  record Failed(Instant at, boolean permanent, String message) implements RuntimeStatus {}
}
