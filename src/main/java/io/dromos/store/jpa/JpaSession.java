package io.dromos.store.jpa;

import io.dromos.store.Transactions;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceException;
import jakarta.persistence.Query;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What all stores share. Three habits keep them right:
 *
 * <ul>
 *   <li>Reads ask for documents, not entities: an entity would come from the persistence context
 *       and show what was true when it was first read, not what is true under the lock.
 *   <li>Every write locks the row of {@code cluster_state} first and keeps it until the commit. So
 *       revisions and event ids follow commit order, no two writers deadlock, and what is read
 *       after the lock stays true.
 *   <li>Every write ends with a flush and an empty persistence context: statements run in the order
 *       of the calls.
 * </ul>
 */
final class JpaSession {
  /** PostgreSQL takes 32,767 parameters a statement; EclipseLink prepares one for each length. */
  private static final int CHUNK = 1_000;

  private final EntityManager em;
  private final Transactions transactions;

  JpaSession(EntityManager em, Transactions transactions) {
    this.em = em;
    this.transactions = transactions;
  }

  EntityManager em() {
    return em;
  }

  Transactions transactions() {
    return transactions;
  }

  /** Runs a write under the lock; joins the transaction of the caller. */
  <T> T write(Supplier<T> work) {
    return transactions.inTransaction(
        () -> {
          em.createNativeQuery("select id from cluster_state where id = 1 for update")
              .getSingleResult();
          T result = work.get();
          em.flush();
          em.clear();
          return result;
        });
  }

  void write(Runnable work) {
    write(
        () -> {
          work.run();
          return true;
        });
  }

  /** The revision of this transaction, taken at its first write; only under the lock. */
  long nextRevision() {
    return number("select take_revision()");
  }

  /** Something to do with the transaction's own connection, which stays open. */
  @FunctionalInterface
  interface Jdbc<T> {
    T on(Connection connection) throws SQLException;
  }

  /**
   * Plain JDBC inside the transaction of the thread, for what concerns thousands of rows: entities
   * are made for editing, not for bulk.
   */
  <T> T jdbc(Jdbc<T> work) {
    return transactions.inTransaction(
        () -> {
          try {
            return work.on(em.unwrap(Connection.class));
          } catch (SQLException e) {
            throw new PersistenceException(e.getMessage(), e);
          }
        });
  }

  /** As {@link #jdbc}, under the lock that every write holds. */
  <T> T writeJdbc(Jdbc<T> work) {
    return write(() -> jdbc(work));
  }

  /** Decoded documents of a JPQL query that selects one document a row. */
  <T> List<T> documents(Class<T> type, String jpql, Consumer<Query> parameters) {
    Query query = em.createQuery(jpql);
    parameters.accept(query);
    return decoded(type, query);
  }

  <T> List<T> documents(Class<T> type, String jpql) {
    return documents(type, jpql, query -> {});
  }

  <T> List<T> decoded(Class<T> type, Query query) {
    List<T> values = new ArrayList<>();
    for (Object json : query.getResultList()) {
      values.add(DocumentCodec.decode((String) json, type));
    }
    return values;
  }

  /** A single number of a native query. */
  long number(String sql, Object... parameters) {
    return ((Number) bind(em.createNativeQuery(sql), parameters).getSingleResult()).longValue();
  }

  /** Runs a native statement. */
  int execute(String sql, Object... parameters) {
    return bind(em.createNativeQuery(sql), parameters).executeUpdate();
  }

  static Query bind(Query query, Object... parameters) {
    for (int i = 0; i < parameters.length; i++) {
      query.setParameter(i + 1, parameters[i]);
    }
    return query;
  }

  /** Slices of a list that fit into one statement. */
  static <T> List<List<T>> chunks(Collection<T> items) {
    List<T> all = List.copyOf(items);
    List<List<T>> chunks = new ArrayList<>();
    for (int from = 0; from < all.size(); from += CHUNK) {
      chunks.add(all.subList(from, Math.min(all.size(), from + CHUNK)));
    }
    return chunks;
  }
}
