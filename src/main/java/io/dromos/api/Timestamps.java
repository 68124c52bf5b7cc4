package io.dromos.api;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;

/** Versions as clients write them: any ISO-8601 instant, with any offset. */
final class Timestamps {
  private Timestamps() {}

  /**
   * Reads a version.
   *
   * @throws BodyException 422 when it is no instant
   */
  static Instant parse(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw BodyException.timestamp(text);
    }
  }
}
