package io.dromos.traffic;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes a tree of records so that it explains itself: each kind of record is introduced once, with
 * the names of its components, and a text, or a very record, that comes again is a number: a
 * backend behind three frontends is one object on the other side, too. A reader of an older or a
 * newer release finds by name what it knows. A component that is added to a record of the snapshot
 * is carried with nothing to be done here. Read back by {@link RecordReader}.
 */
final class RecordWriter {
  /** What follows. The order is the format. */
  enum Kind {
    NULL,
    FALSE,
    TRUE,
    NUMBER,
    FRACTION,
    TEXT,
    TEXT_AGAIN,
    LIST,
    SET,
    MAP,
    RECORD,
    RECORD_AGAIN,
    CONSTANT,
    INSTANT,
    DURATION,
    OPTIONAL,
    BYTES,
    SAME
  }

  private record Shape(String name, List<Component> components) {}

  private record Component(String name, Method accessor) {}

  private static final Map<Class<?>, Shape> SHAPES = new ConcurrentHashMap<>();

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(4096);
  private final DataOutputStream out = new DataOutputStream(bytes);
  private final Map<String, Integer> texts = new HashMap<>();
  private final Map<Class<?>, Integer> shapes = new HashMap<>();
  private final IdentityHashMap<Record, Integer> written = new IdentityHashMap<>();

  private RecordWriter() {}

  /**
   * @throws IllegalArgumentException for a value of a class that cannot be carried
   */
  static byte[] write(Record root) {
    RecordWriter writer = new RecordWriter();
    try {
      writer.value(root);
    } catch (IOException e) {
      throw new UncheckedIOException("memory does not fail", e);
    }
    return writer.bytes.toByteArray();
  }

  private void value(@Nullable Object value) throws IOException {
    if (value == null) {
      kind(Kind.NULL);
    } else if (value instanceof String text) {
      text(text);
    } else if (value instanceof Boolean flag) {
      kind(flag ? Kind.TRUE : Kind.FALSE);
    } else if (value instanceof Double || value instanceof Float) {
      kind(Kind.FRACTION);
      out.writeDouble(((Number) value).doubleValue());
    } else if (value instanceof Number number) {
      kind(Kind.NUMBER);
      number(number.longValue());
    } else if (value instanceof Record found) {
      structure(found);
    } else if (value instanceof Enum<?> constant) {
      kind(Kind.CONSTANT);
      text(constant.getDeclaringClass().getName());
      text(constant.name());
    } else {
      container(value);
    }
  }

  private void container(Object value) throws IOException {
    if (value instanceof List<?> list) {
      all(Kind.LIST, list);
    } else if (value instanceof Set<?> set) {
      all(Kind.SET, set);
    } else if (value instanceof Map<?, ?> map) {
      kind(Kind.MAP);
      number(map.size());
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        value(entry.getKey());
        value(entry.getValue());
      }
    } else if (value instanceof Instant instant) {
      kind(Kind.INSTANT);
      number(instant.getEpochSecond());
      number(instant.getNano());
    } else if (value instanceof Duration duration) {
      kind(Kind.DURATION);
      number(duration.getSeconds());
      number(duration.getNano());
    } else if (value instanceof Optional<?> optional) {
      kind(Kind.OPTIONAL);
      value(optional.orElse(null));
    } else if (value instanceof OptionalInt optional) {
      kind(Kind.OPTIONAL);
      value(optional.isPresent() ? optional.getAsInt() : null);
    } else if (value instanceof byte[] raw) {
      kind(Kind.BYTES);
      number(raw.length);
      out.write(raw);
    } else {
      throw new IllegalArgumentException(
          "a snapshot cannot carry " + value.getClass().getName() + ": use a record");
    }
  }

  private void all(Kind kind, Collection<?> values) throws IOException {
    kind(kind);
    number(values.size());
    for (Object each : values) {
      value(each);
    }
  }

  private void structure(Record found) throws IOException {
    Integer before = written.get(found);
    if (before != null) {
      kind(Kind.SAME);
      number(before);
      return;
    }
    Shape shape = SHAPES.computeIfAbsent(found.getClass(), RecordWriter::shape);
    Integer known = shapes.putIfAbsent(found.getClass(), shapes.size());
    if (known == null) {
      kind(Kind.RECORD);
      text(shape.name());
      number(shape.components().size());
      for (Component component : shape.components()) {
        text(component.name());
      }
    } else {
      kind(Kind.RECORD_AGAIN);
      number(known);
    }
    for (Component component : shape.components()) {
      try {
        value(component.accessor().invoke(found));
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(shape.name() + "." + component.name(), e);
      }
    }
    // Numbered when complete, as the reader can only number what it has made.
    written.put(found, written.size());
  }

  private static Shape shape(Class<?> type) {
    return new Shape(
        type.getName(),
        Arrays.stream(type.getRecordComponents()).map(RecordWriter::component).toList());
  }

  private static Component component(RecordComponent found) {
    Method accessor = found.getAccessor();
    // A nested record may be private to its class.
    accessor.setAccessible(true);
    return new Component(found.getName(), accessor);
  }

  private void text(String text) throws IOException {
    Integer known = texts.putIfAbsent(text, texts.size());
    if (known == null) {
      kind(Kind.TEXT);
      byte[] utf8 = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
      number(utf8.length);
      out.write(utf8);
    } else {
      kind(Kind.TEXT_AGAIN);
      number(known);
    }
  }

  @SuppressWarnings("EnumOrdinal") // The order of the kinds is part of the format.
  private void kind(Kind kind) throws IOException {
    out.write(kind.ordinal());
  }

  /** Small ones are short, whatever their sign. */
  private void number(long number) throws IOException {
    long left = (number << 1) ^ (number >> 63);
    while ((left & ~0x7FL) != 0) {
      out.write((int) (left & 0x7F) | 0x80);
      left >>>= 7;
    }
    out.write((int) left);
  }
}
