package io.dromos.bench;

import io.dromos.launcher.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Looks at the rows of a node from outside. */
final class ClusterRows implements AutoCloseable {
  private final Connection connection;

  ClusterRows(EmbeddedPostgres postgres) throws SQLException {
    this.connection =
        DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
  }

  Connection connection() {
    return connection;
  }

  String setting(String name) throws SQLException {
    try (PreparedStatement ask = connection.prepareStatement("select current_setting(?)")) {
      ask.setString(1, name);
      return first(ask).getString(1);
    }
  }

  /** Observations in RUNNING of the apps whose id begins with {@code prefix}. */
  long running(String prefix) throws SQLException {
    return count(
        "select count(*) from task_observation o join task_goal g on g.id = o.id"
            + " where o.state = 'RUNNING' and starts_with(g.app_id, ?)",
        prefix);
  }

  long goals(String prefix) throws SQLException {
    return count("select count(*) from task_goal where starts_with(app_id, ?)", prefix);
  }

  long agents() throws SQLException {
    return count("select count(*) from agent where starts_with(name, ?)", "sim-");
  }

  /** Grows by one with every transaction that changes what anybody wants or sees. */
  long revision() throws SQLException {
    return count("select revision from cluster_state where starts_with('', ?)", "");
  }

  long events() throws SQLException {
    return count("select last_event from cluster_state where starts_with('', ?)", "");
  }

  private long count(String sql, String parameter) throws SQLException {
    try (PreparedStatement ask = connection.prepareStatement(sql)) {
      ask.setString(1, parameter);
      return first(ask).getLong(1);
    }
  }

  private static ResultSet first(PreparedStatement ask) throws SQLException {
    ResultSet rows = ask.executeQuery();
    if (!rows.next()) {
      throw new AssertionError("no row");
    }
    return rows;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
