package io.dromos.it.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dromos.routing.Resolver;
import io.dromos.store.Stores;
import jakarta.annotation.Resource;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import javax.sql.DataSource;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Inside the container: beans, transactions and persistence fit together. */
@ExtendWith(ArquillianExtension.class)
class WiringIT {
  @Deployment
  static WebArchive war() {
    return PackagedWar.withTests();
  }

  @Inject private Resolver resolver;
  @Inject private Resolver again;
  @Inject private Stores stores;

  @Resource(lookup = "java:app/jdbc/dromos")
  private DataSource database;

  @Test
  void theResolverIsOneBeanThatHandsOutTheCurrentSnapshot() {
    assertNotNull(resolver.current());
    assertSame(resolver, again);
  }

  @Test
  void theSchemaIsMigratedAndTheStoresReadIt() {
    assertTrue(stores.revisions().clusterId().length() > 8);
    assertNotNull(stores.world().load());
  }

  @Test
  void anExceptionRollsEveryStoreBack() {
    Instant before = stores.apps().rootVersion();
    assertThrows(
        IllegalStateException.class,
        () ->
            stores
                .transactions()
                .run(
                    () -> {
                      stores.apps().lockRoot();
                      stores.apps().setRootVersion(before.plusSeconds(1000), List.of());
                      throw new IllegalStateException("on purpose");
                    }));
    assertEquals(before, stores.apps().rootVersion());
  }

  @Test
  void storesAndDataSourceShareOneTransaction() {
    stores
        .transactions()
        .run(
            () -> {
              long revision = stores.revisions().next();
              assertEquals(revision, revisionByJdbc());
            });
  }

  private long revisionByJdbc() {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select revision from cluster_state")) {
      row.next();
      return row.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
