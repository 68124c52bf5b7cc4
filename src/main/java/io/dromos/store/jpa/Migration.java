package io.dromos.store.jpa;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.output.MigrateResult;

/**
 * Brings the schema up to date with {@code db/V<n>__<what>.sql}, forward only. Nodes that start at
 * the same time take turns; a file that was changed after it was applied stops the start.
 */
public final class Migration {
  private static final Logger LOG = System.getLogger(Migration.class.getName());

  private Migration() {}

  /** Applies what is missing; outside of any transaction. */
  public static void run(DataSource database) {
    MigrateResult result =
        Flyway.configure(Migration.class.getClassLoader())
            .dataSource(database)
            .locations("classpath:db")
            .failOnMissingLocations(true)
            .table("schema_history")
            // An older node must not refuse to start beside a newer one that migrated first.
            .ignoreMigrationPatterns("*:future")
            .load()
            .migrate();
    if (result.migrationsExecuted > 0) {
      LOG.log(
          Level.INFO,
          "database schema is at version {0} ({1} migrations applied)",
          result.targetSchemaVersion,
          result.migrationsExecuted);
    }
  }
}
