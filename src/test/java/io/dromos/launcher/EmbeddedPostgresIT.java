package io.dromos.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.it.e2e.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The embedded server: durable, closed, and found again after every kind of end. */
class EmbeddedPostgresIT {
  /** Shared: making a new cluster for each test takes longer than the tests. */
  @TempDir static Path dir;

  private EmbeddedPostgres postgres;

  @BeforeEach
  void start() throws IOException {
    postgres = EmbeddedPostgres.start(dir);
  }

  @AfterEach
  void stop() {
    postgres.close();
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private void makeTable() throws SQLException {
    execute("drop table if exists fact");
    execute("create table fact (i int)");
  }

  private long rows() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("select count(*) from fact")) {
      result.next();
      return result.getLong(1);
    }
  }

  @Test
  void itKeepsWhatItAcknowledgesAndListensOnLoopbackAlone() throws SQLException {
    Map<String, String> settings = new TreeMap<>();
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "select name, setting from pg_settings where name in ('fsync',"
                    + " 'synchronous_commit', 'full_page_writes', 'listen_addresses',"
                    + " 'unix_socket_directories', 'password_encryption')")) {
      while (rows.next()) {
        settings.put(rows.getString(1), rows.getString(2));
      }
    }
    assertEquals(
        Map.of(
            "fsync", "on",
            "synchronous_commit", "on",
            "full_page_writes", "on",
            "listen_addresses", "127.0.0.1",
            "unix_socket_directories", "",
            "password_encryption", "scram-sha-256"),
        settings);
  }

  @Test
  void nobodyEntersWithoutThePasswordAndItsFileIsPrivate() throws Exception {
    for (String user : new String[] {"postgres", "dromos"}) {
      for (String password : new String[] {"", "postgres", "wrong"}) {
        SQLException refused =
            assertThrows(
                SQLException.class,
                () -> DriverManager.getConnection(postgres.jdbcUrl(), user, password));
        assertTrue(
            java.util.List.of("28P01", "08004").contains(refused.getSQLState()),
            refused.getSQLState());
      }
    }
    String hba = Files.readString(dir.resolve("postgres/data/pg_hba.conf"));
    assertFalse(hba.lines().anyMatch(line -> !line.startsWith("#") && line.contains("trust")));
    Path secret = dir.resolve("postgres/password");
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)));
    assertEquals(postgres.password(), Files.readString(secret).strip());
    assertFalse(
        commandLine(postgres.pid()).contains(postgres.password()), "a password in ps output");
  }

  private static String commandLine(long pid) throws IOException {
    return Files.readString(Path.of("/proc/" + pid + "/cmdline")).replace('\0', ' ');
  }

  @Test
  void ourRoleIsNoSuperuser() throws SQLException {
    SQLException refused =
        assertThrows(
            SQLException.class, () -> execute("copy (select 1) to program 'cat > /dev/null'"));
    assertEquals("42501", refused.getSQLState());
  }

  @Test
  void aRestartKeepsDataPortAndPassword() throws Exception {
    makeTable();
    execute("insert into fact values (1)");
    String url = postgres.jdbcUrl();
    String password = postgres.password();
    long pid = postgres.pid();
    postgres.close();
    assertTrue(gone(pid));
    postgres = EmbeddedPostgres.start(dir);
    assertEquals(url, postgres.jdbcUrl());
    assertEquals(password, postgres.password());
    assertFalse(postgres.adopted());
    assertEquals(1, rows());
  }

  @Test
  void aServerLeftBehindByAKilledNodeIsAdoptedAndStopped() throws Exception {
    makeTable();
    long pid = postgres.pid();
    postgres.abandon();
    postgres = EmbeddedPostgres.start(dir);
    assertTrue(postgres.adopted());
    assertEquals(pid, postgres.pid());
    assertEquals(0, rows());
    postgres.close();
    assertTrue(gone(pid));
  }

  @Test
  void afterTheServerWasKilledTooTheNextStartRecovers() throws Exception {
    makeTable();
    execute("insert into fact select generate_series(1, 100)");
    postgres.abandon();
    new PostgresProcess(postgres.pid(), postgres.port()).signal("KILL");
    postgres = EmbeddedPostgres.start(dir);
    assertFalse(postgres.adopted());
    assertEquals(100, rows());
  }

  @Test
  void aServerThatDiesUnderALivingNodeIsStartedAgain() throws Exception {
    makeTable();
    execute("insert into fact values (1)");
    long pid = postgres.pid();
    new PostgresProcess(pid, postgres.port()).signal("KILL");
    Await.until(
        "another postmaster that serves",
        Duration.ofSeconds(60),
        () -> {
          try {
            return rows() == 1 && postgres.pid() != pid;
          } catch (SQLException e) {
            return false;
          }
        });
  }

  @Test
  void aStalePidFileThatNamesALivingStrangerIsNoObstacle() throws Exception {
    postgres.close();
    Path pidFile = dir.resolve("postgres/data/postmaster.pid");
    Files.writeString(
        pidFile, ProcessHandle.current().pid() + "\n" + dir + "\n1\n" + postgres.port() + "\n");
    postgres = EmbeddedPostgres.start(dir);
    assertFalse(postgres.adopted());
  }

  @Test
  void aTakenPortIsExchangedForAFreeOne() throws Exception {
    int port = postgres.port();
    postgres.close();
    try (java.net.ServerSocket taken =
        new java.net.ServerSocket(port, 1, java.net.InetAddress.getLoopbackAddress())) {
      postgres = EmbeddedPostgres.start(dir);
      assertFalse(postgres.port() == taken.getLocalPort());
    }
  }

  @Test
  void aDirectoryInUseIsRefusedByName() {
    IOException refused = assertThrows(IOException.class, () -> EmbeddedPostgres.start(dir));
    assertTrue(refused.getMessage().contains(dir.toString()), refused.getMessage());
    assertTrue(refused.getMessage().contains("in use"), refused.getMessage());
  }

  @Test
  void itIsASessionOfItsOwn() throws IOException {
    // Fields behind the name in /proc/<pid>/stat: state, parent, group, session.
    String stat = Files.readString(Path.of("/proc/" + postgres.pid() + "/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    assertEquals(String.valueOf(postgres.pid()), fields[3]);
  }

  private static boolean gone(long pid) throws IOException {
    Path stat = Path.of("/proc/" + pid + "/stat");
    return !Files.exists(stat) || Files.readString(stat).contains(") Z ");
  }
}
