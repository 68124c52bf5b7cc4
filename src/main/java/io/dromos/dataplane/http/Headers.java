package io.dromos.dataplane.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Header lines in order of arrival. Names keep their spelling and compare without case; values are
 * trimmed. Not thread-safe: one exchange owns it.
 *
 * <p>Lines that were read stay the bytes they came as, and become text where somebody asks: most
 * are only passed on. What is passed on are the ranges that the parser took for name and value.
 */
public final class Headers {
  private static final byte[] NONE = {};
  private static final int ROOM = 12;

  /** Of each line: where its name and its value begin and end, in {@link #source}. */
  private static final int NAME = 0;

  private static final int NAME_END = 1;
  private static final int VALUE = 2;
  private static final int VALUE_END = 3;
  private static final int FIELDS = 4;

  private byte[] source;
  private int[] ranges = new int[FIELDS * ROOM];
  private @Nullable String[] names = new String[ROOM];
  private @Nullable String[] values = new String[ROOM];
  private int size;

  public Headers() {
    this(NONE);
  }

  /** Without lines yet; {@link #add(int, int, int, int)} takes them from these bytes. */
  Headers(byte[] source) {
    this.source = source;
  }

  /** {@code Headers.of("Host", "a", "Accept", "b")}. */
  public static Headers of(String... namesAndValues) {
    Headers headers = new Headers();
    for (int i = 0; i + 1 < namesAndValues.length; i += 2) {
      headers.add(namesAndValues[i], namesAndValues[i + 1]);
    }
    return headers;
  }

  public Headers add(String name, String value) {
    int line = grow();
    names[line] = name;
    values[line] = value;
    return this;
  }

  /** A line by where its name and its value begin and end. */
  void add(int name, int nameEnd, int value, int valueEnd) {
    int at = FIELDS * grow();
    ranges[at + NAME] = name;
    ranges[at + NAME_END] = nameEnd;
    ranges[at + VALUE] = value;
    ranges[at + VALUE_END] = valueEnd;
  }

  /** A line of somebody else's. */
  void add(Headers from, int index) {
    if (source.length == 0) {
      source = from.source;
    }
    if (source != from.source || from.names[index] != null || from.values[index] != null) {
      add(from.name(index), from.value(index));
      return;
    }
    int at = FIELDS * index;
    add(from.ranges[at], from.ranges[at + 1], from.ranges[at + 2], from.ranges[at + 3]);
  }

  private int grow() {
    if (size == names.length) {
      ranges = Arrays.copyOf(ranges, 2 * ranges.length);
      names = Arrays.copyOf(names, 2 * size);
      values = Arrays.copyOf(values, 2 * size);
    }
    return size++;
  }

  public int size() {
    return size;
  }

  private int checked(int index) {
    if (index < 0 || index >= size) {
      throw new IndexOutOfBoundsException(index);
    }
    return index;
  }

  public String name(int index) {
    String name = names[checked(index)];
    return name != null ? name : text(FIELDS * index + NAME);
  }

  public String value(int index) {
    String value = values[checked(index)];
    return value != null ? value : text(FIELDS * index + VALUE);
  }

  private String text(int range) {
    int start = ranges[range];
    return new String(source, start, ranges[range + 1] - start, StandardCharsets.ISO_8859_1);
  }

  int nameLength(int index) {
    String name = names[checked(index)];
    int at = FIELDS * index;
    return name != null ? name.length() : ranges[at + NAME_END] - ranges[at + NAME];
  }

  /** Whether the line has this name. */
  boolean is(int index, String name) {
    String known = names[checked(index)];
    if (known != null) {
      return known.equalsIgnoreCase(name);
    }
    int start = ranges[FIELDS * index + NAME];
    if (ranges[FIELDS * index + NAME_END] - start != name.length()) {
      return false;
    }
    for (int i = 0; i < name.length(); i++) {
      if (lower(source[start + i]) != lower(name.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static int lower(int c) {
    return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
  }

  private int find(String name) {
    for (int i = 0; i < size; i++) {
      if (is(i, name)) {
        return i;
      }
    }
    return -1;
  }

  /** First value of that name, or null. */
  public @Nullable String first(String name) {
    int line = find(name);
    return line < 0 ? null : value(line);
  }

  public boolean has(String name) {
    return find(name) >= 0;
  }

  public int count(String name) {
    int count = 0;
    for (int i = 0; i < size; i++) {
      if (is(i, name)) {
        count++;
      }
    }
    return count;
  }

  /** Elements of a comma list over all lines of that name: trimmed, lower case, none empty. */
  public List<String> tokens(String name) {
    if (!has(name)) {
      return List.of();
    }
    List<String> tokens = new ArrayList<>(2);
    for (int i = 0; i < size; i++) {
      if (is(i, name)) {
        for (String token : value(i).split(",")) {
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
    for (int i = 0; i < size; i++) {
      consumer.accept(name(i), value(i));
    }
  }

  /** Writes all lines and the empty one after them. */
  void write(ByteBuf out) {
    int run = 0;
    int runEnd = 0;
    for (int i = 0; i < size; i++) {
      int at = FIELDS * i;
      if (asWritten(i)) {
        if (ranges[at + NAME] != runEnd) {
          out.writeBytes(source, run, runEnd - run);
          run = ranges[at + NAME];
        }
        runEnd = ranges[at + VALUE_END] + 2;
        continue;
      }
      out.writeBytes(source, run, runEnd - run);
      run = 0;
      runEnd = 0;
      ByteBufUtil.writeAscii(out, name(i));
      out.writeByte(':').writeByte(' ');
      ByteBufUtil.writeAscii(out, value(i));
      out.writeByte('\r').writeByte('\n');
    }
    out.writeBytes(source, run, runEnd - run);
    out.writeByte('\r').writeByte('\n');
  }

  /** Whether the bytes of the line, its end included, are those that would be written for it. */
  private boolean asWritten(int index) {
    int at = FIELDS * index;
    int nameEnd = ranges[at + NAME_END];
    int valueEnd = ranges[at + VALUE_END];
    return names[index] == null
        && ranges[at + VALUE] == nameEnd + 2
        && source[nameEnd] == ':'
        && source[nameEnd + 1] == ' '
        && source[valueEnd] == '\r'
        && source[valueEnd + 1] == '\n';
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    forEach((name, value) -> text.append(name).append(": ").append(value).append('\n'));
    return text.toString();
  }
}
