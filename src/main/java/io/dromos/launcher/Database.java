package io.dromos.launcher;

import io.dromos.platform.Setting;
import io.dromos.platform.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The PostgreSQL server of this node: the one it was pointed at, or the embedded one. */
final class Database implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final String url;
  private final String user;
  private final String password;
  private final @Nullable EmbeddedPostgres embedded;

  private Database(String url, String user, String password, @Nullable EmbeddedPostgres embedded) {
    this.url = url;
    this.user = user;
    this.password = password;
    this.embedded = embedded;
  }

  /** Returns once it answers. */
  static Database open(Settings settings, Path dataDir) throws StartRefusedException {
    if (settings.explicit(Setting.DB_URL).isPresent()) {
      Database server =
          new Database(
              settings.text(Setting.DB_URL),
              settings.text(Setting.DB_USER),
              settings.text(Setting.DB_PASSWORD),
              null);
      server.await();
      return server;
    }
    try {
      EmbeddedPostgres postgres = EmbeddedPostgres.start(dataDir);
      return new Database(postgres.jdbcUrl(), postgres.user(), postgres.password(), postgres);
    } catch (IOException e) {
      throw new StartRefusedException(
          StartRefusedException.ENVIRONMENT, "the embedded PostgreSQL: " + e.getMessage());
    }
  }

  String url() {
    return url;
  }

  String user() {
    return user;
  }

  String password() {
    return password;
  }

  boolean isEmbedded() {
    return embedded != null;
  }

  private void await() throws StartRefusedException {
    if (!url.startsWith("jdbc:postgresql:")) {
      throw new StartRefusedException(
          StartRefusedException.USAGE,
          "dromos.db.url=" + url + ": give a JDBC URL such as jdbc:postgresql://host:5432/dromos");
    }
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try (Connection connection = DriverManager.getConnection(url, user, password)) {
        if (connection.isValid(2)) {
          return;
        }
      } catch (SQLException e) {
        // 28xxx: wrong password or user; waiting would not help.
        boolean refused = e.getSQLState() != null && e.getSQLState().startsWith("28");
        if (refused || System.nanoTime() > deadline) {
          throw new StartRefusedException(
              StartRefusedException.ENVIRONMENT,
              "no database at "
                  + url
                  + " ("
                  + String.valueOf(e.getMessage()).replaceAll("\\s+", " ")
                  + "): start it or correct dromos.db.url, .user and .password; without"
                  + " dromos.db.url Dromos brings its own");
        }
      }
      LockSupport.parkNanos(Duration.ofMillis(250).toNanos());
    }
  }

  @Override
  public void close() {
    if (embedded != null) {
      embedded.close();
    }
  }
}
