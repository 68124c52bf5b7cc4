package io.dromos.app;

/**
 * The two name functions of Mesos-DNS, shared by VIP names and task names (see service-discovery
 * reference, 2.2).
 */
public final class NameLabel {
  private static final int MAX = 63;

  private NameLabel() {}

  /**
   * One DNS label: lower case, {@code - _ .} become dashes, every other byte is dropped, no dash at
   * either end, at most 63 characters. Empty when nothing is left.
   */
  public static String label(String text) {
    StringBuilder kept = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 'A' && c <= 'Z') {
        kept.append((char) (c + 32));
      } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
        kept.append(c);
      } else if (c == '-' || c == '_' || c == '.') {
        kept.append('-');
      }
    }
    int start = 0;
    while (start < kept.length() && kept.charAt(start) == '-') {
      start++;
    }
    String rest = kept.substring(start);
    String cut = trimDashes(rest.substring(0, Math.min(MAX, rest.length())));
    // Mesos-DNS refills what trimming removed at the cut from the characters behind it.
    int next = MAX;
    while (cut.length() < MAX && next < rest.length()) {
      int take = Math.min(MAX - cut.length(), rest.length() - next);
      String refill = rest.substring(next, next + take);
      next += take;
      cut = trimDashes(cut + refill);
    }
    return cut;
  }

  /**
   * Dot-separated labels, empty ones dropped: {@code api.hello_World} as {@code api.hello-world}.
   */
  public static String domain(String text) {
    StringBuilder joined = new StringBuilder();
    for (String piece : text.split("\\.")) {
      String label = label(piece);
      if (!label.isEmpty()) {
        joined.append(joined.isEmpty() ? "" : ".").append(label);
      }
    }
    return joined.toString();
  }

  private static String trimDashes(String text) {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == '-') {
      end--;
    }
    return text.substring(0, end);
  }
}
