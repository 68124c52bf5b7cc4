package io.dromos.routing;

import io.dromos.app.AppSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The labels of one port of an app as values, and what was found wrong while reading them. */
final class LabelReader {
  private static final Set<String> TRUE = Set.of("true", "t", "yes", "y");
  private static final Set<String> FALSE = Set.of("false", "f", "no", "n", "");

  private final AppSpec app;
  private final int index;
  private final List<LabelFinding> findings = new ArrayList<>();

  LabelReader(AppSpec app, int index) {
    this.app = app;
    this.index = index;
  }

  AppSpec app() {
    return app;
  }

  int index() {
    return index;
  }

  List<LabelFinding> findings() {
    return List.copyOf(findings);
  }

  @Nullable String text(EdgeLabel label) {
    return app.labels().get(label.key(index));
  }

  void malformed(EdgeLabel label, String sentence) {
    add(label, LabelFinding.Kind.MALFORMED, sentence);
  }

  void unsupported(EdgeLabel label, String sentence) {
    add(label, LabelFinding.Kind.UNSUPPORTED, sentence);
  }

  void note(EdgeLabel label, String sentence) {
    add(label, LabelFinding.Kind.NOTE, sentence);
  }

  private void add(EdgeLabel label, LabelFinding.Kind kind, String sentence) {
    findings.add(new LabelFinding(label.key(index), kind, sentence));
  }

  /** True is {@code true t yes y} in any case, everything else is false. */
  boolean flag(EdgeLabel label, boolean absent) {
    String value = text(label);
    if (value == null) {
      return absent;
    }
    String lower = value.toLowerCase(Locale.ROOT);
    if (!TRUE.contains(lower) && !FALSE.contains(lower)) {
      note(label, "'" + value + "' counts as false; only true, t, yes and y are true");
    }
    return TRUE.contains(lower);
  }

  /** A whole number; {@code absent} without the label or when it is none, or out of range. */
  int integer(EdgeLabel label, int absent, int from, int to) {
    String value = text(label);
    if (value == null) {
      return absent;
    }
    String bare = value.strip();
    if (bare.matches("[+-]?[0-9]{1,9}")) {
      int number = Integer.parseInt(bare);
      if (number >= from && number <= to) {
        return number;
      }
      malformed(label, "'" + value + "' is not from " + from + " to " + to);
    } else {
      malformed(label, "'" + value + "' is not a whole number");
    }
    return absent;
  }
}
