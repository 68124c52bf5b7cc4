package io.dromos;

import io.dromos.platform.DataDirLock;
import io.dromos.platform.NodeInfo;
import io.dromos.platform.Setting;
import io.dromos.platform.Settings;
import io.dromos.platform.StopHook;
import io.dromos.store.jpa.Migration;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.annotation.sql.DataSourceDefinition;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.Schedule;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.UserTransaction;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;

/**
 * Start and stop of the application, spelled out. Start: settings, data directory, schema, parts,
 * loops. Stop: loops first, then the planes, with what is held and no look at the database, whose
 * pool is gone by then. The timer only signals.
 */
@Singleton
@Startup
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionManagement(TransactionManagementType.BEAN)
@DataSourceDefinition(
    name = "java:app/jdbc/dromos",
    className = "org.postgresql.ds.PGSimpleDataSource",
    url = "${MPCONFIG=dromos.db.url:jdbc:postgresql://127.0.0.1:5432/dromos}",
    user = "${MPCONFIG=dromos.db.user:dromos}",
    password = "${MPCONFIG=dromos.db.password:dromos}",
    initialPoolSize = 2,
    minPoolSize = 2,
    maxPoolSize = 24,
    // A database that was restarted costs one validation, not a failed request for each connection.
    properties = {
      "fish.payara.is-connection-validation-required=true",
      "fish.payara.connection-validation-method=auto-commit",
      "fish.payara.validate-atmost-once-period-in-seconds=1",
      "fish.payara.fail-all-connections=true"
    })
public class Lifecycle {
  private static final Logger LOG = System.getLogger(Lifecycle.class.getName());

  @PersistenceContext(unitName = "dromos")
  private EntityManager entities;

  @Resource private UserTransaction transaction;

  @Resource(lookup = "java:app/jdbc/dromos")
  private DataSource database;

  @Resource private ManagedThreadFactory threads;

  @Inject private Event<Announced> announcements;

  @Inject private Running running;

  @Inject private TrafficMetrics metrics;

  private @Nullable DataDirLock lock;

  @PostConstruct
  void start() {
    Config config = ConfigProvider.getConfig();
    Settings.refuseUnknown(names(config));
    Settings settings =
        new Settings(key -> config.getOptionalValue(key, String.class).orElse(null));
    requireDatabase(settings);
    NodeInfo info = NodeInfos.of(settings, key -> config.getOptionalValue(key, String.class));
    try {
      lock = DataDirLock.take(info.dataDir());
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
    try {
      Migration.run(database);
      run(settings, info);
    } catch (RuntimeException | Error e) {
      // Nobody is told to stop what did not start: the directory would stay taken, and on a server
      // that lives on, every further deployment would be refused.
      stop();
      throw e;
    }
  }

  private void run(Settings settings, NodeInfo info) {
    NodeGraph node =
        new NodeGraph(
            settings,
            info,
            new NodeGraph.Platform(
                entities,
                transaction,
                database,
                threads,
                topics -> announcements.fire(new Announced(topics))));
    running.set(node);
    node.start();
    metrics.register();
    StopHook.set(node::rest);
  }

  /** Wakes every loop; alone enough to drive them all. */
  @Schedule(second = "*", minute = "*", hour = "*", persistent = false)
  public void tick() {
    running.ifStarted().ifPresent(NodeGraph::tick);
  }

  @PreDestroy
  void stop() {
    Optional<NodeGraph> started = running.ifStarted();
    running.set(null);
    try {
      started.ifPresent(NodeGraph::stop);
      leaveDriverManager();
    } finally {
      giveBackDirectory();
    }
  }

  private void giveBackDirectory() {
    DataDirLock held = lock;
    lock = null;
    if (held != null) {
      try {
        held.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Only {@code up} brings a database along. */
  private static void requireDatabase(Settings settings) {
    if (settings.explicit(Setting.DB_URL).isEmpty()) {
      throw new Settings.InvalidSettingException(
          "dromos.db.url is not set: a server that Dromos is deployed on needs a PostgreSQL server."
              + " Start it with DROMOS_DB_URL=jdbc:postgresql://HOST/DATABASE, DROMOS_DB_USER and"
              + " DROMOS_DB_PASSWORD in its environment");
    }
  }

  /** The driver came with the application; left behind, it would keep the application in memory. */
  private static void leaveDriverManager() {
    try {
      if (Driver.isRegistered()) {
        Driver.deregister();
      }
    } catch (SQLException e) {
      LOG.log(Level.DEBUG, "the database driver stays registered: {0}", e.getMessage());
    }
  }

  private static Stream<String> names(Config config) {
    return StreamSupport.stream(config.getPropertyNames().spliterator(), false);
  }
}
