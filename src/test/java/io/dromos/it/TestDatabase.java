package io.dromos.it;

import io.dromos.launcher.EmbeddedPostgres;
import io.dromos.launcher.PostgresUrl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * One PostgreSQL server for all integration tests of a JVM: ours, or the one that {@code
 * dromos.test.db.url} (with {@code .user} and {@code .password}) names. Those properties are set
 * once it runs, for the container tests to hand on. A plain unit test run starts nothing.
 */
public final class TestDatabase implements LauncherSessionListener {
  private static final String URL = "dromos.test.db.url";
  private static final String USER = "dromos.test.db.user";
  private static final String PASSWORD = "dromos.test.db.password";
  private static final AtomicInteger SCHEMAS = new AtomicInteger();

  private static boolean running;

  @Override
  public void launcherSessionOpened(LauncherSession session) {
    // Only failsafe names the packaged jar. Arquillian reads the properties before any test class
    // could ask for them.
    if (System.getProperty("dromos.jar") != null) {
      start();
    }
  }

  /** Starts the server unless it runs, and empties what an earlier run left. */
  public static synchronized void start() {
    if (running) {
      return;
    }
    running = true;
    if (System.getProperty(URL) != null) {
      return;
    }
    try {
      EmbeddedPostgres postgres =
          EmbeddedPostgres.start(Path.of("target", "it-database").toAbsolutePath());
      Runtime.getRuntime().addShutdownHook(new Thread(postgres::close, "stop-test-database"));
      System.setProperty(URL, PostgresUrl.withDefaults(postgres.jdbcUrl()));
      System.setProperty(USER, postgres.user());
      System.setProperty(PASSWORD, postgres.password());
      if (System.getProperty("dromos.test.options") == null) {
        System.setProperty(
            "dromos.test.options",
            "-Ddromos.db.url="
                // It stands in an XML file before Arquillian reads that.
                + System.getProperty(URL).replace("&", "&amp;")
                + " -Ddromos.db.user="
                + postgres.user()
                + " -Ddromos.db.password="
                + postgres.password()
                + " -Ddromos.api.hosts="
                + ownAddresses());
      }
      clear();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Arquillian calls the server by one of them, which the closed door must know. */
  private static String ownAddresses() throws IOException {
    return NetworkInterface.networkInterfaces()
        .flatMap(NetworkInterface::inetAddresses)
        .filter(Inet4Address.class::isInstance)
        .map(InetAddress::getHostAddress)
        .collect(Collectors.joining(","));
  }

  private static void clear() throws SQLException {
    try (Connection connection = source(url()).getConnection();
        Statement statement = connection.createStatement()) {
      List<String> schemas = new ArrayList<>();
      try (ResultSet rows =
          statement.executeQuery(
              "select nspname from pg_namespace where nspname = 'public' or nspname like 'test%'")) {
        while (rows.next()) {
          schemas.add(rows.getString(1));
        }
      }
      for (String schema : schemas) {
        if (schema.equals("public")) {
          // Not ours to drop: it belongs to the database's owner role. Its tables are ours.
          dropTables(statement);
        } else {
          statement.execute("drop schema " + schema + " cascade");
        }
      }
    }
  }

  private static void dropTables(Statement statement) throws SQLException {
    List<String> tables = new ArrayList<>();
    try (ResultSet rows =
        statement.executeQuery("select tablename from pg_tables where schemaname = 'public'")) {
      while (rows.next()) {
        tables.add(rows.getString(1));
      }
    }
    for (String table : tables) {
      statement.execute("drop table if exists public." + table + " cascade");
    }
  }

  /** URL of a new, empty schema of its own: tests don't meet each other. */
  public static String newSchemaUrl() {
    start();
    String schema = "test" + ProcessHandle.current().pid() + "_" + SCHEMAS.incrementAndGet();
    try (Connection connection = source(url()).getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("create schema " + schema);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return url() + (url().contains("?") ? "&" : "?") + "currentSchema=" + schema;
  }

  /** Connections to {@code url} as the test user, unpooled. */
  public static PGSimpleDataSource source(String url) {
    start();
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(url);
    source.setUser(user());
    source.setPassword(password());
    return source;
  }

  public static String url() {
    start();
    return System.getProperty(URL);
  }

  public static String user() {
    return System.getProperty(USER, "");
  }

  public static String password() {
    return System.getProperty(PASSWORD, "");
  }
}
