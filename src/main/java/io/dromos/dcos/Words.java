package io.dromos.dcos;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;

/** Small words for sentences that people read. */
final class Words {
  private Words() {}

  /** Ends in a full stop, once. */
  static String sentence(String text) {
    String stripped = text.strip();
    return stripped.isEmpty() || stripped.matches("(?s).*[.!?]") ? stripped : stripped + ".";
  }

  static String tasksAre(long count) {
    return count == 1 ? "1 task is" : count + " tasks are";
  }

  static String plural(long count, String noun) {
    return count == 1 ? noun : noun + "s";
  }

  static String join(List<Integer> numbers) {
    return String.join(", ", numbers.stream().map(String::valueOf).toList());
  }

  /** {@code 42 s}, {@code 5 min}, {@code 3 h}. */
  static String span(Duration duration) {
    long seconds = Math.max(0, duration.toMillis() + 999) / 1000;
    if (seconds < 120) {
      return seconds + " s";
    }
    return seconds < 7200 ? seconds / 60 + " min" : seconds / 3600 + " h";
  }

  static String number(double amount) {
    return BigDecimal.valueOf(amount).stripTrailingZeros().toPlainString();
  }
}
