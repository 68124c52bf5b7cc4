package io.dromos.dataplane.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Header lines in order of arrival. Names keep their spelling and compare without case; values are
 * trimmed. Not thread-safe: one exchange owns it.
 */
public final class Headers {
  private final List<String> names = new ArrayList<>(16);
  private final List<String> values = new ArrayList<>(16);

  /** {@code Headers.of("Host", "a", "Accept", "b")}. */
  public static Headers of(String... namesAndValues) {
    Headers headers = new Headers();
    for (int i = 0; i + 1 < namesAndValues.length; i += 2) {
      headers.add(namesAndValues[i], namesAndValues[i + 1]);
    }
    return headers;
  }

  public Headers add(String name, String value) {
    names.add(name);
    values.add(value);
    return this;
  }

  public int size() {
    return names.size();
  }

  public String name(int index) {
    return names.get(index);
  }

  public String value(int index) {
    return values.get(index);
  }

  /** First value of that name, or null. */
  public @Nullable String first(String name) {
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i).equalsIgnoreCase(name)) {
        return values.get(i);
      }
    }
    return null;
  }

  public boolean has(String name) {
    return first(name) != null;
  }

  public int count(String name) {
    int count = 0;
    for (String candidate : names) {
      if (candidate.equalsIgnoreCase(name)) {
        count++;
      }
    }
    return count;
  }

  /** Elements of a comma list over all lines of that name: trimmed, lower case, none empty. */
  public List<String> tokens(String name) {
    List<String> tokens = new ArrayList<>(2);
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i).equalsIgnoreCase(name)) {
        for (String token : values.get(i).split(",")) {
          String trimmed = token.strip().toLowerCase(Locale.ROOT);
          if (!trimmed.isEmpty()) {
            tokens.add(trimmed);
          }
        }
      }
    }
    return tokens;
  }

  public boolean hasToken(String name, String token) {
    return has(name) && tokens(name).contains(token);
  }

  public void forEach(BiConsumer<String, String> consumer) {
    for (int i = 0; i < names.size(); i++) {
      consumer.accept(names.get(i), values.get(i));
    }
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    forEach((name, value) -> text.append(name).append(": ").append(value).append('\n'));
    return text.toString();
  }
}
