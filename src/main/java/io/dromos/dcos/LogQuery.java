package io.dromos.dcos;

import org.jspecify.annotations.Nullable;

/**
 * Which part of a log is asked for, in the words of dcos-log v2 (dcos-cli-api reference, 6.2).
 *
 * @param cursor {@code BEG}, {@code END} or a byte offset in the file that is being written
 * @param skip lines to go forward from the cursor, or back when negative
 * @param limit lines at most; 0 for all
 */
record LogQuery(Cursor cursor, long offset, int skip, int limit) {
  /** Where counting begins. */
  enum Cursor {
    BEG,
    END,
    OFFSET
  }

  static final LogQuery ALL = new LogQuery(Cursor.BEG, 0, 0, 0);

  /**
   * @param lastEventId an offset that overrides all the others, as dcos-log does
   * @throws IllegalArgumentException with a sentence for the user
   */
  static LogQuery parse(
      @Nullable String cursor,
      @Nullable String skip,
      @Nullable String limit,
      @Nullable String lastEventId) {
    if (lastEventId != null && lastEventId.strip().matches("\\d{1,18}")) {
      return new LogQuery(Cursor.OFFSET, Long.parseLong(lastEventId.strip()), 0, 0);
    }
    int lines = number("skip", skip);
    int most = number("limit", limit);
    if (most < 0) {
      throw new IllegalArgumentException("limit must not be negative");
    }
    if (cursor == null || cursor.isBlank() || cursor.equals("BEG")) {
      return new LogQuery(Cursor.BEG, 0, lines, most);
    } else if (cursor.equals("END")) {
      return new LogQuery(Cursor.END, 0, lines, most);
    } else if (cursor.matches("\\d{1,18}")) {
      return new LogQuery(Cursor.OFFSET, Long.parseLong(cursor), lines, most);
    }
    throw new IllegalArgumentException("cursor must be BEG, END or a byte offset");
  }

  private static int number(String name, @Nullable String text) {
    if (text == null || text.isBlank()) {
      return 0;
    }
    try {
      return Integer.parseInt(text.strip());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + " must be a whole number");
    }
  }
}
