package io.dromos.runtime.simulated;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a simulated task lives, written as {@code start=50ms,run=10s,exit=1}. Durations are whole
 * numbers with a unit: {@code 50ms}, {@code 10s}, {@code 2m}.
 *
 * @param start from the launch until it runs
 * @param launch whether it gets that far
 * @param run how long it runs; null until it is stopped
 * @param exit its exit code after {@code run}
 * @param stop how long it takes to end once it is asked to; killed when that is over its grace
 * @param healthy from when on health checks pass, counted from the moment it runs
 * @param sick from when on they fail again; null for never
 * @param odds percentage of the tasks that {@code run} and {@code launch} hold for; the others run
 *     until they are stopped. Which ones follows from the task id
 */
public record Script(
    Duration start,
    Launch launch,
    @Nullable Duration run,
    int exit,
    Duration stop,
    Duration healthy,
    @Nullable Duration sick,
    int odds) {
  /** How a launch ends. */
  public enum Launch {
    /** It runs. */
    OK,
    /** It fails and may be tried again. */
    FAIL,
    /** It fails, and trying again cannot help. */
    REFUSE
  }

  /** The environment variable or label of an app that holds its script. */
  public static final String NAME = "DROMOS_SIMULATED";

  /** Runs at once and until it is stopped; what a script doesn't say is taken from here. */
  public static final Script PLAIN =
      new Script(Duration.ZERO, Launch.OK, null, 0, Duration.ZERO, Duration.ZERO, null, 100);

  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)");

  /**
   * Reads a script; what it doesn't say stays as in this one.
   *
   * @throws IllegalArgumentException with a sentence for the user
   */
  public Script with(String text) {
    Script script = this;
    for (String word : text.split(",")) {
      if (word.isBlank()) {
        continue;
      }
      int equals = word.indexOf('=');
      if (equals < 0) {
        throw new IllegalArgumentException(
            "'" + word.strip() + "' is no word of a script: give one such as run=10s");
      }
      script = script.with(word.substring(0, equals).strip(), word.substring(equals + 1).strip());
    }
    return script;
  }

  private Script with(String key, String value) {
    return switch (key) {
      case "start" ->
          new Script(duration(key, value), launch, run, exit, stop, healthy, sick, odds);
      case "launch" -> new Script(start, launch(value), run, exit, stop, healthy, sick, odds);
      case "run" ->
          new Script(start, launch, duration(key, value), exit, stop, healthy, sick, odds);
      case "exit" ->
          new Script(start, launch, run, number(key, value, 255), stop, healthy, sick, odds);
      case "stop" ->
          new Script(start, launch, run, exit, duration(key, value), healthy, sick, odds);
      case "healthy" ->
          new Script(start, launch, run, exit, stop, duration(key, value), sick, odds);
      case "sick" ->
          new Script(start, launch, run, exit, stop, healthy, duration(key, value), odds);
      case "odds" -> new Script(start, launch, run, exit, stop, healthy, sick, odds(value));
      default ->
          throw new IllegalArgumentException(
              "'"
                  + key
                  + "' is no word of a script: use start, launch, run, exit, stop, healthy,"
                  + " sick or odds");
    };
  }

  private static Launch launch(String value) {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "ok" -> Launch.OK;
      case "fail" -> Launch.FAIL;
      case "refuse" -> Launch.REFUSE;
      default ->
          throw new IllegalArgumentException("launch=" + value + ": give ok, fail or refuse");
    };
  }

  private static int odds(String value) {
    return number(
        "odds", value.endsWith("%") ? value.substring(0, value.length() - 1) : value, 100);
  }

  private static int number(String key, String value, int max) {
    if (value.matches("\\d{1,3}") && Integer.parseInt(value) <= max) {
      return Integer.parseInt(value);
    }
    throw new IllegalArgumentException(
        key + "=" + value + ": give a whole number from 0 to " + max);
  }

  private static Duration duration(String key, String value) {
    Matcher matcher = DURATION.matcher(value);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          key + "=" + value + ": give a duration such as 50ms, 10s or 2m");
    }
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      default -> Duration.ofHours(amount);
    };
  }

  /** The script in the form that {@link #with(String)} reads. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("start=").append(start.toMillis()).append("ms");
    text.append(",launch=").append(launch.name().toLowerCase(Locale.ROOT));
    if (run != null) {
      text.append(",run=").append(run.toMillis()).append("ms");
    }
    text.append(",exit=").append(exit);
    text.append(",stop=").append(stop.toMillis()).append("ms");
    text.append(",healthy=").append(healthy.toMillis()).append("ms");
    if (sick != null) {
      text.append(",sick=").append(sick.toMillis()).append("ms");
    }
    return text.append(",odds=").append(odds).toString();
  }
}
