package io.dromos.platform;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Typed, validated access to the {@link Setting}s. Errors name the key, the value and the fix. */
public final class Settings {
  /** A setting that cannot be used; the message is for the user. */
  public static final class InvalidSettingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InvalidSettingException(String message) {
      super(message);
    }
  }

  /** What the command line reads of the environment: a shell may export them and start a node. */
  private static final Set<String> OF_THE_CLIENT = Set.of("DROMOS_URL", "DROMOS_CREDENTIALS");

  private final Function<String, @Nullable String> source;

  /** {@code source} answers a key with its value, or null when it is not set. */
  public Settings(Function<String, @Nullable String> source) {
    this.source = source;
  }

  public static Settings of(Map<String, String> values) {
    return new Settings(values::get);
  }

  /** The value, or the default; empty text counts as not set. */
  public String text(Setting setting) {
    return explicit(setting).orElse(setting.defaultValue());
  }

  /** Only what was set by somebody. */
  public Optional<String> explicit(Setting setting) {
    String value = source.apply(setting.key());
    return value == null || value.isBlank() ? Optional.empty() : Optional.of(value.strip());
  }

  public int integer(Setting setting, int min, int max) {
    String text = text(setting);
    try {
      int value = Integer.parseInt(text);
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Reported below, together with numbers out of range.
    }
    throw new InvalidSettingException(
        setting.key() + "=" + text + ": give a whole number from " + min + " to " + max);
  }

  /** A number from 0 to 1. */
  public double fraction(Setting setting) {
    String text = text(setting);
    try {
      double value = Double.parseDouble(text);
      if (value >= 0 && value <= 1) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Reported below, together with numbers out of range.
    }
    throw new InvalidSettingException(
        setting.key() + "=" + text + ": give a number from 0 to 1, such as 0.5");
  }

  public OptionalInt optionalInteger(Setting setting, int min, int max) {
    return explicit(setting).isEmpty()
        ? OptionalInt.empty()
        : OptionalInt.of(integer(setting, min, max));
  }

  public boolean flag(Setting setting) {
    String text = text(setting).toLowerCase(Locale.ROOT);
    if (text.equals("true") || text.equals("false")) {
      return text.equals("true");
    }
    throw new InvalidSettingException(setting.key() + "=" + text + ": give true or false");
  }

  public List<String> list(Setting setting) {
    return Arrays.stream(text(setting).split(","))
        .map(String::strip)
        .filter(s -> !s.isEmpty())
        .toList();
  }

  public Path path(Setting setting) {
    return Path.of(text(setting)).toAbsolutePath().normalize();
  }

  /**
   * Refuses unknown {@code dromos.*} keys, in either spelling, with the nearest known name. Keys
   * under {@code dromos.test.} are nobody's business; the command line's own two variables are not
   * settings of a node.
   */
  public static void refuseUnknown(Stream<String> names) {
    names.forEach(
        name -> {
          String folded = fold(name);
          if (!folded.startsWith("dromos_")
              || folded.startsWith("dromos_test_")
              || OF_THE_CLIENT.contains(name)) {
            return;
          }
          if (Arrays.stream(Setting.values()).noneMatch(s -> fold(s.key()).equals(folded))) {
            throw new InvalidSettingException(
                "unknown setting " + name + "; did you mean " + nearest(folded) + "?");
          }
        });
  }

  private static String fold(String name) {
    return name.replaceAll("[^A-Za-z0-9]", "_").toLowerCase(Locale.ROOT);
  }

  private static String nearest(String folded) {
    return Arrays.stream(Setting.values())
        .map(Setting::key)
        .min(
            java.util.Comparator.comparingInt((String key) -> distance(fold(key), folded))
                .thenComparing(key -> key))
        .orElseThrow();
  }

  private static int distance(String a, String b) {
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substitution = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(substitution, Math.min(row[j - 1], previous[j]) + 1);
      }
      previous = row;
    }
    return previous[b.length()];
  }
}
