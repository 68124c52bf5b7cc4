package io.dromos.it.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.it.TestDatabase;
import io.dromos.store.jpa.Migration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** The schema in {@code db/}. */
class MigrationIT {
  @Test
  void twoNodesThatStartTogetherMigrateOnce() throws Exception {
    PGSimpleDataSource source = TestDatabase.source(TestDatabase.newSchemaUrl());
    CompletableFuture<Void> one = CompletableFuture.runAsync(() -> Migration.run(source));
    CompletableFuture<Void> two = CompletableFuture.runAsync(() -> Migration.run(source));
    one.get(60, TimeUnit.SECONDS);
    two.get(60, TimeUnit.SECONDS);
    Migration.run(source);
    assertEquals(migrations(), count(source, "select count(*) from schema_history where success"));
  }

  private static long migrations() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("db"))) {
      return files.filter(file -> file.toString().endsWith(".sql")).count();
    }
  }

  @Test
  void aMigrationThatWasChangedAfterItRanStopsTheStart() throws SQLException {
    PGSimpleDataSource source = TestDatabase.source(TestDatabase.newSchemaUrl());
    Migration.run(source);
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("update schema_history set checksum = checksum + 1 where version = '1'");
    }
    RuntimeException refused = assertThrows(RuntimeException.class, () -> Migration.run(source));
    assertTrue(refused.getMessage().contains("1"), refused.getMessage());
  }

  @Test
  void theUrlBoundsEveryWait() throws SQLException {
    PGSimpleDataSource source = TestDatabase.source(TestDatabase.url());
    for (String setting : new String[] {"lock_timeout", "statement_timeout"}) {
      assertTrue(
          count(source, "select setting::bigint from pg_settings where name = '" + setting + "'")
              > 0,
          setting);
    }
  }

  private static long count(PGSimpleDataSource source, String sql) throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
