import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Map;

/** How the sample service writes JSON, times and its environment. */
@SuppressWarnings("DefaultPackage") // Its image compiles these files alone.
final class SimpleServiceText {
  private static final String[] DAYS = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  private static final String[] MONTHS = {
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
  };

  private SimpleServiceText() {}

  /** One member of a JSON object, spaced as Python spaces it. */
  static StringBuilder field(StringBuilder to, String name, String value) {
    to.append('"').append(name).append("\": \"");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        to.append('\\').append(c);
      } else if (c < ' ') {
        to.append("\\u00").append(Character.forDigit(c >> 4, 16));
        to.append(Character.forDigit(c & 15, 16));
      } else {
        to.append(c);
      }
    }
    return to.append('"');
  }

  /** As Python prints a dictionary: every name and value quoted. */
  static String pythonMap(Map<String, String> env) {
    StringBuilder all = new StringBuilder("{");
    for (Map.Entry<String, String> entry : env.entrySet()) {
      all.append(all.length() == 1 ? "" : ", ");
      python(all, entry.getKey()).append(": ");
      python(all, entry.getValue());
    }
    return all.append('}').toString();
  }

  private static StringBuilder python(StringBuilder to, String text) {
    char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
    to.append(quote);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\n') {
        to.append("\\n");
      } else {
        to.append(c == quote || c == '\\' ? "\\" : "").append(c);
      }
    }
    return to.append(quote);
  }

  /** {@code 2016-10-11T17:57:33}, from seconds since 1970. */
  static StringBuilder timestamp(StringBuilder to, long second) {
    LocalDateTime now = now(second);
    to.append(now.getYear()).append('-');
    two(to, now.getMonthValue()).append('-');
    two(to, now.getDayOfMonth()).append('T');
    return clock(to, now);
  }

  /** {@code Tue, 11 Oct 2016 17:57:33 GMT}. */
  static String httpDate(long second) {
    LocalDateTime now = now(second);
    StringBuilder text = new StringBuilder(DAYS[now.getDayOfWeek().getValue() - 1]).append(", ");
    two(text, now.getDayOfMonth()).append(' ').append(MONTHS[now.getMonthValue() - 1]);
    text.append(' ').append(now.getYear()).append(' ');
    return clock(text, now).append(" GMT").toString();
  }

  private static LocalDateTime now(long second) {
    return LocalDateTime.ofEpochSecond(second, 0, ZoneOffset.UTC);
  }

  private static StringBuilder clock(StringBuilder to, LocalDateTime time) {
    two(to, time.getHour()).append(':');
    two(to, time.getMinute()).append(':');
    return two(to, time.getSecond());
  }

  private static StringBuilder two(StringBuilder to, int number) {
    return to.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
  }
}
