package io.dromos.it.store;

import io.dromos.it.TestDatabase;
import io.dromos.store.Stores;
import io.dromos.store.Transactions;
import io.dromos.store.jpa.JpaStores;
import io.dromos.store.jpa.Migration;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.Persistence;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The persistence unit of the WAR without a container: an entity manager that follows the
 * transaction of the thread, as an injected one does, and a data source that takes part in it.
 */
public final class LocalPersistence implements Transactions, AutoCloseable {
  private final String url;
  private final PGSimpleDataSource source;
  private final EntityManagerFactory factory;
  private final Map<Thread, EntityManager> current = new ConcurrentHashMap<>();
  private final Stores stores;

  /** In a schema of its own, migrated. */
  public LocalPersistence() {
    this.url = TestDatabase.newSchemaUrl();
    this.source = TestDatabase.source(url);
    Migration.run(source);
    this.factory =
        Persistence.createEntityManagerFactory(
            "dromos",
            Map.of(
                "jakarta.persistence.transactionType", "RESOURCE_LOCAL",
                "jakarta.persistence.jtaDataSource", "",
                "jakarta.persistence.nonJtaDataSource", source,
                "eclipselink.weaving", "false",
                "eclipselink.logging.level", "WARNING"));
    this.stores = JpaStores.create(entityManager(), this);
  }

  public Stores stores() {
    return stores;
  }

  /** Stores of another node, which share nothing but the database. */
  public Stores newStores() {
    return JpaStores.create(entityManager(), this);
  }

  public String url() {
    return url;
  }

  /** Connections outside of any transaction. */
  public PGSimpleDataSource source() {
    return source;
  }

  /** Empties all tables and sets the counters back. */
  public void reset() {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "truncate tombstone, app, app_version, app_group, tree_version, tree_app, tree_group, vip_index,"
              + " task_goal, task_observation,"
              + " task_failure, deployment, launch_delay, queue_entry, event, agent, agent_number,"
              + " cluster_state, lease, app_root");
      statement.execute("insert into cluster_state default values");
      statement.execute("insert into lease default values");
      statement.execute("insert into app_root default values");
      statement.execute("insert into tree_version select version from app_root");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public <T> T inTransaction(Supplier<T> work) {
    EntityManager joined = current.get(Thread.currentThread());
    if (joined != null) {
      try {
        return work.get();
      } catch (Throwable e) {
        joined.getTransaction().setRollbackOnly();
        throw e;
      }
    }
    EntityManager em = factory.createEntityManager();
    current.put(Thread.currentThread(), em);
    try {
      em.getTransaction().begin();
      // EclipseLink reads from another connection until it has one for the transaction.
      em.unwrap(Connection.class);
      T result;
      try {
        result = work.get();
      } catch (Throwable e) {
        em.getTransaction().rollback();
        throw e;
      }
      em.getTransaction().commit();
      return result;
    } finally {
      current.remove(Thread.currentThread());
      em.close();
    }
  }

  private EntityManager entityManager() {
    return proxy(
        EntityManager.class,
        (proxy, method, arguments) -> {
          EntityManager bound = current.get(Thread.currentThread());
          return invoke(bound != null ? bound : factory.createEntityManager(), method, arguments);
        });
  }

  /** Inside a transaction, its connection, which closing leaves open; else a new one. */
  public DataSource dataSource() {
    return proxy(
        DataSource.class,
        (proxy, method, arguments) -> {
          EntityManager bound = current.get(Thread.currentThread());
          if (bound == null || !method.getName().equals("getConnection")) {
            return invoke(source, method, arguments);
          }
          Connection shared = bound.unwrap(Connection.class);
          return proxy(
              Connection.class,
              (p, m, a) -> m.getName().equals("close") ? null : invoke(shared, m, a));
        });
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(
        Proxy.newProxyInstance(
            LocalPersistence.class.getClassLoader(), new Class<?>[] {type}, handler));
  }

  private static @Nullable Object invoke(
      Object target, java.lang.reflect.Method method, Object @Nullable [] arguments)
      throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  @Override
  public void close() {
    factory.close();
  }
}
