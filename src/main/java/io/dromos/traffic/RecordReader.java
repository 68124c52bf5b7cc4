package io.dromos.traffic;

import io.dromos.traffic.RecordWriter.Kind;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@link RecordWriter} wrote, by an older or a newer release perhaps: components that
 * this one doesn't know are passed over, those that are missing get a value that means nothing
 * (null where that is allowed, else zero, false, empty), and what is of an unknown kind is left out
 * of its list. Only records and constants of Dromos are made.
 */
@SuppressWarnings("EnumOrdinal") // The order of the kinds is part of the format.
final class RecordReader {
  /** Bytes that make no sense. */
  static final class UnreadableException extends Exception {
    private static final long serialVersionUID = 1L;

    UnreadableException(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  private static final String OURS = "io.dromos.";

  /** Deeper than any snapshot, and shallow enough for the stack. */
  private static final int DEPTH = 64;

  /** Stands for something that this release has no class or constant for. */
  private static final Object UNKNOWN = new Object();

  /** How records of one class are made. */
  private record Maker(Constructor<?> constructor, List<RecordComponent> components) {}

  /** A kind of record as it was written; {@code maker} is null for one that is unknown here. */
  private record Shape(@Nullable Maker maker, List<String> names) {}

  private static final Map<Class<?>, Maker> MAKERS = new ConcurrentHashMap<>();

  private final ByteBuffer in;
  private final List<String> texts = new ArrayList<>();
  private final List<Shape> shapes = new ArrayList<>();
  private final List<Object> made = new ArrayList<>();

  private RecordReader(byte[] bytes) {
    this.in = ByteBuffer.wrap(bytes);
  }

  static <T> T read(byte[] bytes, Class<T> expected) throws UnreadableException {
    try {
      Object root = new RecordReader(bytes).value(expected, 0);
      if (expected.isInstance(root)) {
        return expected.cast(root);
      }
      throw new UnreadableException("no " + expected.getSimpleName() + " in it", null);
    } catch (BufferUnderflowException
        | IllegalArgumentException
        | IndexOutOfBoundsException
        | NullPointerException
        | ClassCastException
        | NegativeArraySizeException
        | ArithmeticException
        | DateTimeException e) {
      throw new UnreadableException(String.valueOf(e), e);
    }
  }

  private @Nullable Object value(Type wanted, int depth) throws UnreadableException {
    if (depth > DEPTH) {
      throw new UnreadableException("nested too deeply", null);
    }
    Kind kind = Kind.values()[in.get()];
    return switch (kind) {
      case NULL -> wanted == OptionalInt.class ? OptionalInt.empty() : null;
      case FALSE -> false;
      case TRUE -> true;
      case NUMBER -> number(number(), wanted);
      case FRACTION -> fraction(in.getDouble(), wanted);
      case TEXT, TEXT_AGAIN -> text(kind);
      case LIST -> List.copyOf(all(new ArrayList<>(), argument(wanted, 0), depth));
      case SET -> Set.copyOf(all(new LinkedHashSet<>(), argument(wanted, 0), depth));
      case MAP -> map(wanted, depth);
      case RECORD -> structure(introduced(), depth);
      case RECORD_AGAIN -> structure(shapes.get((int) number()), depth);
      case CONSTANT -> constant();
      case INSTANT -> Instant.ofEpochSecond(number(), number());
      case DURATION -> Duration.ofSeconds(number(), number());
      case OPTIONAL -> optional(wanted, depth);
      case BYTES -> raw();
      case SAME -> made.get((int) number());
    };
  }

  private static Object number(long number, Type wanted) {
    if (wanted == int.class || wanted == Integer.class) {
      return Math.toIntExact(number);
    }
    if (wanted == short.class || wanted == Short.class) {
      return (short) number;
    }
    return wanted == double.class || wanted == Double.class ? (Object) (double) number : number;
  }

  private static Object fraction(double fraction, Type wanted) {
    return wanted == float.class || wanted == Float.class ? (Object) (float) fraction : fraction;
  }

  private Collection<Object> all(Collection<Object> into, Type each, int depth)
      throws UnreadableException {
    long count = number();
    for (long i = 0; i < count; i++) {
      Object element = value(each, depth + 1);
      if (element != UNKNOWN && element != null) {
        into.add(element);
      }
    }
    return into;
  }

  private Map<Object, Object> map(Type wanted, int depth) throws UnreadableException {
    Map<Object, Object> into = new LinkedHashMap<>();
    long count = number();
    for (long i = 0; i < count; i++) {
      Object key = value(argument(wanted, 0), depth + 1);
      Object element = value(argument(wanted, 1), depth + 1);
      if (key != null && element != null && key != UNKNOWN && element != UNKNOWN) {
        into.put(key, element);
      }
    }
    return into;
  }

  private Object optional(Type wanted, int depth) throws UnreadableException {
    if (wanted == OptionalInt.class) {
      Object inner = value(Integer.class, depth + 1);
      return inner instanceof Integer present ? OptionalInt.of(present) : OptionalInt.empty();
    }
    Object inner = value(argument(wanted, 0), depth + 1);
    return inner == UNKNOWN ? Optional.empty() : Optional.ofNullable(inner);
  }

  private Shape introduced() throws UnreadableException {
    String name = text();
    List<String> names = new ArrayList<>();
    long count = number();
    for (long i = 0; i < count; i++) {
      names.add(text());
    }
    Class<?> type = ours(name);
    Shape shape = new Shape(type == null || !type.isRecord() ? null : maker(type), names);
    shapes.add(shape);
    return shape;
  }

  private Object structure(Shape shape, int depth) throws UnreadableException {
    Object record = make(shape, depth);
    made.add(record);
    return record;
  }

  private Object make(Shape shape, int depth) throws UnreadableException {
    Maker maker = shape.maker();
    Map<String, @Nullable Object> found = new LinkedHashMap<>();
    for (String name : shape.names()) {
      Type wanted = Object.class;
      if (maker != null) {
        for (RecordComponent component : maker.components()) {
          if (component.getName().equals(name)) {
            wanted = component.getGenericType();
          }
        }
      }
      found.put(name, value(wanted, depth + 1));
    }
    if (maker == null) {
      return UNKNOWN;
    }
    @Nullable Object[] arguments = new Object[maker.components().size()];
    for (int i = 0; i < arguments.length; i++) {
      RecordComponent component = maker.components().get(i);
      Object given = found.getOrDefault(component.getName(), UNKNOWN);
      arguments[i] = given == UNKNOWN ? nothing(component) : given;
    }
    try {
      return maker.constructor().newInstance(arguments);
    } catch (InvocationTargetException e) {
      throw new UnreadableException(
          maker.constructor().getDeclaringClass().getSimpleName() + ": " + e.getCause(), e);
    } catch (ReflectiveOperationException e) {
      throw new UnreadableException(String.valueOf(e), e);
    }
  }

  private static Maker maker(Class<?> type) {
    return MAKERS.computeIfAbsent(
        type,
        any -> {
          List<RecordComponent> components = Arrays.asList(type.getRecordComponents());
          try {
            Constructor<?> constructor =
                type.getDeclaredConstructor(
                    components.stream().map(RecordComponent::getType).toArray(Class<?>[]::new));
            constructor.setAccessible(true);
            return new Maker(constructor, components);
          } catch (NoSuchMethodException e) {
            throw new IllegalStateException("every record has its canonical constructor", e);
          }
        });
  }

  /** What a component that was not written is. */
  private static @Nullable Object nothing(RecordComponent component) {
    Class<?> type = component.getType();
    if (component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
      return null;
    }
    if (type == boolean.class || type == Boolean.class) {
      return false;
    }
    if (type == int.class || type == Integer.class) {
      return 0;
    }
    if (type == long.class || type == Long.class) {
      return 0L;
    }
    if (type == double.class || type == Double.class) {
      return 0.0;
    }
    Map<Class<?>, Object> empty =
        Map.of(
            String.class, "",
            List.class, List.of(),
            Set.class, Set.of(),
            Map.class, Map.of(),
            Optional.class, Optional.empty(),
            OptionalInt.class, OptionalInt.empty(),
            Instant.class, Instant.EPOCH,
            Duration.class, Duration.ZERO);
    Object value = empty.get(type);
    // The first constant of an enumeration is the one that changes least, by our habit.
    return value == null && type.isEnum() ? type.getEnumConstants()[0] : value;
  }

  private Object constant() throws UnreadableException {
    Class<?> type = ours(text());
    String name = text();
    if (type != null && type.isEnum()) {
      for (Object constant : type.getEnumConstants()) {
        if (((Enum<?>) constant).name().equals(name)) {
          return constant;
        }
      }
    }
    return UNKNOWN;
  }

  private static @Nullable Class<?> ours(String name) {
    if (!name.startsWith(OURS)) {
      return null;
    }
    try {
      return Class.forName(name, false, RecordReader.class.getClassLoader());
    } catch (ClassNotFoundException | LinkageError e) {
      return null;
    }
  }

  private String text() throws UnreadableException {
    return text(Kind.values()[in.get()]);
  }

  private String text(Kind kind) throws UnreadableException {
    if (kind == Kind.TEXT_AGAIN) {
      return texts.get((int) number());
    }
    if (kind != Kind.TEXT) {
      throw new UnreadableException(kind + " where a text belongs", null);
    }
    String text = new String(raw(), StandardCharsets.UTF_8);
    texts.add(text);
    return text;
  }

  private byte[] raw() throws UnreadableException {
    long length = number();
    if (length < 0 || length > in.remaining()) {
      throw new UnreadableException("cut off", null);
    }
    byte[] bytes = new byte[(int) length];
    in.get(bytes);
    return bytes;
  }

  private long number() {
    long number = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      byte next = in.get();
      number |= (long) (next & 0x7F) << shift;
      if (next >= 0) {
        break;
      }
    }
    return (number >>> 1) ^ -(number & 1);
  }

  /** The type between the angle brackets of {@code List<Type>}. */
  private static Type argument(Type container, int index) {
    if (container instanceof ParameterizedType generic
        && generic.getActualTypeArguments().length > index) {
      Type argument = generic.getActualTypeArguments()[index];
      return argument instanceof WildcardType wildcard ? wildcard.getUpperBounds()[0] : argument;
    }
    return Object.class;
  }
}
