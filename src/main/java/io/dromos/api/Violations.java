package io.dromos.api;

import io.dromos.app.Violation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Collects what is wrong with a wire record, in Marathon's schema words ({@code error.min} and so
 * on). Absent values break no rule but {@link #required}.
 */
final class Violations {
  private final List<Violation> found = new ArrayList<>();

  List<Violation> found() {
    return found;
  }

  void add(String path, String message) {
    found.add(new Violation(path, message));
  }

  void addAll(List<Violation> violations) {
    found.addAll(violations);
  }

  void addIf(boolean broken, String path, String message) {
    if (broken) {
      add(path, message);
    }
  }

  void required(String path, @Nullable Object value) {
    addIf(value == null, path, "error.path.missing");
  }

  void atLeast(String path, @Nullable Number value, double min) {
    addIf(value != null && !(value.doubleValue() >= min), path, "error.min");
  }

  void between(String path, @Nullable Number value, double min, double max) {
    atLeast(path, value, min);
    addIf(value != null && value.doubleValue() > max, path, "error.max");
  }

  /** A port or 0. */
  void port(String path, @Nullable Integer value) {
    between(path, value, 0, 65535);
  }

  void length(String path, @Nullable String value, int min, int max) {
    addIf(value != null && value.length() < min, path, "error.minLength");
    addIf(value != null && value.length() > max, path, "error.maxLength");
  }

  void matches(String path, @Nullable String value, Pattern pattern) {
    addIf(value != null && !pattern.matcher(value).matches(), path, "error.pattern");
  }

  /** One of the words, in any case. */
  void word(String path, @Nullable String value, Set<String> upperCaseWords) {
    addIf(
        value != null && !upperCaseWords.contains(value.toUpperCase(Locale.ROOT)),
        path,
        "error.unknown.enum.literal");
  }

  /** No element twice. */
  void unique(String path, @Nullable Collection<?> values) {
    addIf(values != null && Set.copyOf(values).size() < values.size(), path, "error.uniqueItems");
  }
}
