package io.dromos.bench;

import io.dromos.launcher.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the database alone needs for the rows of a run: the same rows, in tables of the same shape
 * and indexes on the same server, written by batches of bare JDBC in as many commits. Nothing is
 * decided, nothing is read, nobody is told: no product can be faster on these tables.
 */
final class JdbcLimit implements AutoCloseable {
  /** Rows as they are stored, to be written again. */
  private record Rows(List<String> columns, List<@Nullable Object[]> values) {}

  private final Connection connection;

  JdbcLimit(EmbeddedPostgres postgres) throws SQLException {
    String url = postgres.jdbcUrl();
    this.connection =
        DriverManager.getConnection(
            url
                + (url.contains("?") ? "&" : "?")
                + "reWriteBatchedInserts=true&stringtype=unspecified",
            postgres.user(),
            postgres.password());
    connection.setAutoCommit(false);
  }

  /**
   * Seconds for the goals and observations of {@code app}, from STAGING over STARTING to RUNNING,
   * and their events.
   *
   * @param events how many there were
   * @param commits how many transactions the run took
   */
  double seconds(String app, int events, int commits) throws SQLException {
    prepare();
    Rows goals = rows("select * from public.task_goal where app_id = '" + app + "' order by id");
    Rows seen =
        rows(
            "select o.* from public.task_observation o join public.task_goal g on g.id = o.id"
                + " where g.app_id = '"
                + app
                + "' order by g.id");
    Rows event = rows("select * from public.event order by id desc limit 1");
    int each = Math.max(1, commits / 3);
    int size = ceilDiv(goals.values().size(), each);
    long began = System.nanoTime();
    List<@Nullable Object[]> left = new ArrayList<>(staged(seen));
    for (List<@Nullable Object[]> chunk : chunks(goals.values(), size)) {
      insert("bench.task_goal", goals.columns(), chunk);
      insert("bench.task_observation", seen.columns(), left.subList(0, chunk.size()));
      left.subList(0, chunk.size()).clear();
      commit();
    }
    long nextEvent = 0;
    int eventsEach = events / 2;
    for (String state : List.of("STARTING", "RUNNING")) {
      List<List<@Nullable Object[]>> chunks = chunks(seen.values(), size);
      for (List<@Nullable Object[]> chunk : chunks) {
        observe(state, seen.columns(), chunk);
        int told = ceilDiv(eventsEach, chunks.size());
        tell(event, nextEvent, told);
        nextEvent += told;
        commit();
      }
    }
    return (System.nanoTime() - began) / 1e9;
  }

  /** Empty tables of the same shape, away from those that the node looks at. */
  private void prepare() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("drop schema if exists bench cascade");
      statement.execute("create schema bench");
      for (String table : List.of("task_goal", "task_observation", "event", "cluster_state")) {
        statement.execute(
            "create table bench." + table + " (like public." + table + " including all)");
      }
      statement.execute(
          "alter table bench.task_observation add foreign key (id)"
              + " references bench.task_goal (id) on delete cascade");
      statement.execute("insert into bench.cluster_state select * from public.cluster_state");
    }
    connection.commit();
  }

  private Rows rows(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery(sql)) {
      ResultSetMetaData shape = found.getMetaData();
      List<String> columns = new ArrayList<>();
      for (int i = 1; i <= shape.getColumnCount(); i++) {
        columns.add(shape.getColumnName(i));
      }
      List<@Nullable Object[]> values = new ArrayList<>();
      while (found.next()) {
        @Nullable Object[] row = new Object[columns.size()];
        for (int i = 0; i < row.length; i++) {
          row[i] = found.getObject(i + 1);
        }
        values.add(row);
      }
      if (values.isEmpty()) {
        throw new AssertionError("nothing to write again: " + sql);
      }
      return new Rows(columns, values);
    }
  }

  private static List<@Nullable Object[]> staged(Rows seen) {
    int state = seen.columns().indexOf("state");
    return seen.values().stream()
        .map(
            row -> {
              @Nullable Object[] staged = row.clone();
              staged[state] = "STAGING";
              return staged;
            })
        .toList();
  }

  private void insert(String table, List<String> columns, List<@Nullable Object[]> rows)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "insert into "
                + table
                + " ("
                + String.join(", ", columns)
                + ") values ("
                + columns.stream().map(c -> "?").collect(Collectors.joining(", "))
                + ")")) {
      for (@Nullable Object[] row : rows) {
        for (int i = 0; i < row.length; i++) {
          insert.setObject(i + 1, row[i]);
        }
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  private void observe(String state, List<String> columns, List<@Nullable Object[]> rows)
      throws SQLException {
    int id = columns.indexOf("id");
    int document = columns.indexOf("document");
    int revision = columns.indexOf("revision");
    try (PreparedStatement update =
        connection.prepareStatement(
            "update bench.task_observation set state = ?, document = ?, revision = ? where id = ?")) {
      for (@Nullable Object[] row : rows) {
        update.setString(1, state);
        update.setObject(2, row[document]);
        update.setObject(3, row[revision]);
        update.setObject(4, row[id]);
        update.addBatch();
      }
      update.executeBatch();
    }
  }

  private void tell(Rows event, long first, int count) throws SQLException {
    int id = event.columns().indexOf("id");
    int at = event.columns().indexOf("at");
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (@Nullable Object[] like : Collections.nCopies(count, event.values().get(0))) {
      @Nullable Object[] row = like.clone();
      row[id] = first + rows.size() + 1;
      row[at] = Timestamp.from(Instant.now());
      rows.add(row);
    }
    insert("bench.event", event.columns(), rows);
  }

  private void commit() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate("update bench.cluster_state set revision = revision + 1");
    }
    connection.commit();
  }

  private static int ceilDiv(int a, int b) {
    return (a + b - 1) / b;
  }

  private static <T> List<List<T>> chunks(List<T> all, int size) {
    List<List<T>> chunks = new ArrayList<>();
    for (int from = 0; from < all.size(); from += size) {
      chunks.add(all.subList(from, Math.min(all.size(), from + size)));
    }
    return chunks;
  }

  @Override
  public void close() throws SQLException {
    connection.rollback();
    try (Statement statement = connection.createStatement()) {
      statement.execute("drop schema if exists bench cascade");
    }
    connection.commit();
    connection.close();
  }
}
