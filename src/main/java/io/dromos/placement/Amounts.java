package io.dromos.placement;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Numbers as a person reads them. */
final class Amounts {
  private Amounts() {}

  static String cpus(double amount) {
    return plain(amount, 2) + " CPUs";
  }

  /** {@code 32 MiB}, {@code 64 GiB}. */
  static String mebibytes(double amount) {
    return Math.abs(amount) < 10 * 1024
        ? plain(amount, 1) + " MiB"
        : plain(amount / 1024, 1) + " GiB";
  }

  static String shortage(String asked, String free) {
    return "asked for " + asked + ", free are " + free;
  }

  private static String plain(double amount, int decimals) {
    // Rounded down, so that "free" is never more than there is.
    BigDecimal value = new BigDecimal(amount).setScale(6, RoundingMode.HALF_UP);
    return value.setScale(decimals, RoundingMode.FLOOR).stripTrailingZeros().toPlainString();
  }
}
