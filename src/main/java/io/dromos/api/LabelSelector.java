package io.dromos.api;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Label selectors such as {@code env==prod,tier notin (2, 3)} (marathon-api reference, 1.6.1): all
 * parts must match, and every operator needs the label to be there.
 */
final class LabelSelector {
  private final String text;
  private int at;

  private LabelSelector(String text) {
    this.text = text;
  }

  /**
   * Parses a selector; the empty one matches everything.
   *
   * @throws IllegalArgumentException with the reason
   */
  static Predicate<Map<String, String>> parse(String text) {
    LabelSelector parser = new LabelSelector(text);
    parser.skipBlanks();
    Predicate<Map<String, String>> all = labels -> true;
    while (parser.at < text.length()) {
      all = all.and(parser.selector());
      parser.skipBlanks();
      if (parser.at < text.length()) {
        parser.expect(",");
        parser.skipBlanks();
        if (parser.at == text.length()) {
          throw parser.broken("a label");
        }
      }
    }
    return all;
  }

  private Predicate<Map<String, String>> selector() {
    String key = word("a label");
    boolean blank = skipBlanks();
    if (take("==")) {
      String value = value();
      return labels -> value.equals(labels.get(key));
    }
    if (take("!=")) {
      String value = value();
      return labels -> labels.containsKey(key) && !value.equals(labels.get(key));
    }
    if (blank && takeWord("in")) {
      Set<String> values = values();
      return labels -> labels.containsKey(key) && values.contains(labels.get(key));
    }
    if (blank && takeWord("notin")) {
      Set<String> values = values();
      return labels -> labels.containsKey(key) && !values.contains(labels.get(key));
    }
    return labels -> labels.containsKey(key);
  }

  private String value() {
    skipBlanks();
    return word("a value");
  }

  private Set<String> values() {
    skipBlanks();
    expect("(");
    List<String> values = new ArrayList<>(List.of(value()));
    skipBlanks();
    while (take(",")) {
      values.add(value());
      skipBlanks();
    }
    expect(")");
    return new LinkedHashSet<>(values);
  }

  /** Letters, digits, {@code - _ .}, and anything behind a backslash. */
  private String word(String what) {
    StringBuilder word = new StringBuilder();
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '\\' && at + 1 < text.length()) {
        word.append(text.charAt(at + 1));
        at += 2;
      } else if (Character.isLetterOrDigit(c) || c == '-' || c == '_' || c == '.') {
        word.append(c);
        at++;
      } else {
        break;
      }
    }
    if (word.isEmpty()) {
      throw broken(what);
    }
    return word.toString();
  }

  private boolean take(String symbol) {
    if (text.startsWith(symbol, at)) {
      at += symbol.length();
      return true;
    }
    return false;
  }

  private boolean takeWord(String keyword) {
    int end = at + keyword.length();
    boolean ends = end == text.length() || !Character.isLetterOrDigit(charAt(end));
    return ends && take(keyword);
  }

  private char charAt(int index) {
    return index < text.length() ? text.charAt(index) : ' ';
  }

  private void expect(String symbol) {
    if (!take(symbol)) {
      throw broken("'" + symbol + "'");
    }
  }

  private boolean skipBlanks() {
    int before = at;
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
    return at > before;
  }

  private IllegalArgumentException broken(String expected) {
    String found = at < text.length() ? "'" + text.charAt(at) + "'" : "end of text";
    return new IllegalArgumentException(
        expected + " expected but " + found + " found at position " + at);
  }
}
