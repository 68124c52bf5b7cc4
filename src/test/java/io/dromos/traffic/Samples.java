package io.dromos.traffic;

import io.dromos.app.AppId;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Makes a value of any type that can be reached from a record, with something in every component: a
 * component that somebody adds is filled, and missed when it gets lost.
 */
final class Samples {
  private int count;

  <T extends Record> T of(Class<T> type) throws ReflectiveOperationException {
    return type.cast(value(type));
  }

  private Object value(Type wanted) throws ReflectiveOperationException {
    count++;
    if (wanted instanceof ParameterizedType generic) {
      return container(generic);
    }
    Class<?> type = (Class<?>) wanted;
    if (type == String.class) {
      return "text-" + count;
    }
    if (type == boolean.class || type == Boolean.class) {
      return true;
    }
    if (type == int.class || type == Integer.class) {
      return count;
    }
    if (type == long.class || type == Long.class) {
      return -(long) count << 40;
    }
    if (type == double.class || type == Double.class) {
      return count + 0.5;
    }
    if (type == Instant.class) {
      return Instant.ofEpochSecond(1_700_000_000L, count);
    }
    if (type == Duration.class) {
      return Duration.ofMillis(count);
    }
    if (type == OptionalInt.class) {
      return OptionalInt.of(count);
    }
    if (type == AppId.class) {
      return new AppId("/app-" + count);
    }
    if (type.isEnum()) {
      Object[] constants = type.getEnumConstants();
      return constants[constants.length - 1];
    }
    if (type.isSealed()) {
      return value(type.getPermittedSubclasses()[0]);
    }
    if (type.isRecord()) {
      return structure(type);
    }
    throw new AssertionError(
        type.getName() + " cannot be carried in a snapshot: use a record, or teach RecordWriter");
  }

  private Object container(ParameterizedType generic) throws ReflectiveOperationException {
    Type first = generic.getActualTypeArguments()[0];
    Type raw = generic.getRawType();
    if (raw == List.class) {
      return List.of(value(first), value(first));
    }
    if (raw == Set.class) {
      return Set.of(value(first));
    }
    if (raw == Optional.class) {
      return Optional.of(value(first));
    }
    if (raw == Map.class) {
      return Map.of(value(first), value(generic.getActualTypeArguments()[1]));
    }
    throw new AssertionError(generic + " cannot be carried in a snapshot");
  }

  private Object structure(Class<?> type) throws ReflectiveOperationException {
    RecordComponent[] components = type.getRecordComponents();
    Object[] arguments = new Object[components.length];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = value(components[i].getGenericType());
    }
    Constructor<?> constructor =
        type.getDeclaredConstructor(
            Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
    constructor.setAccessible(true);
    return constructor.newInstance(arguments);
  }
}
