package io.dromos.store.jpa;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Small words for statements that take whole columns as arrays. */
final class Statements {
  /** One row of a result as a value. */
  @FunctionalInterface
  interface RowMapper<T> {
    T map(ResultSet row) throws SQLException;
  }

  private Statements() {}

  /** A {@code text[]} parameter out of one property of many things. */
  static <T> Array texts(
      Connection connection, Collection<T> items, Function<T, @Nullable String> text)
      throws SQLException {
    @Nullable String[] values = new String[items.size()];
    int i = 0;
    for (T item : items) {
      values[i++] = text.apply(item);
    }
    return connection.createArrayOf("text", values);
  }

  static <T> Array numbers(Connection connection, Collection<T> items, ToLongFunction<T> number)
      throws SQLException {
    Long[] values = new Long[items.size()];
    int i = 0;
    for (T item : items) {
      values[i++] = number.applyAsLong(item);
    }
    return connection.createArrayOf("bigint", values);
  }

  /** Instants as a {@code text[]} parameter, which keeps all digits; to be cast. */
  static <T> Array instants(
      Connection connection, Collection<T> items, Function<T, @Nullable Instant> at)
      throws SQLException {
    return texts(
        connection,
        items,
        item -> {
          Instant instant = at.apply(item);
          return instant == null ? null : instant.toString();
        });
  }

  static <T> List<T> rows(
      Connection connection, String sql, RowMapper<T> mapper, Object... parameters)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, parameters);
      // Thousands of rows at a time are no strain, and one journey less each is a gain.
      statement.setFetchSize(0);
      List<T> values = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          values.add(mapper.map(rows));
        }
      }
      return values;
    }
  }

  static int update(Connection connection, String sql, Object... parameters) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, parameters);
      return statement.executeUpdate();
    }
  }

  private static void bind(PreparedStatement statement, Object... parameters) throws SQLException {
    for (int i = 0; i < parameters.length; i++) {
      Object parameter = parameters[i];
      if (parameter instanceof Array array) {
        statement.setArray(i + 1, array);
      } else {
        statement.setObject(i + 1, parameter);
      }
    }
  }
}
