package io.dromos.store.jpa;

import io.dromos.store.Transactions;
import jakarta.persistence.PersistenceException;
import jakarta.transaction.HeuristicMixedException;
import jakarta.transaction.HeuristicRollbackException;
import jakarta.transaction.NotSupportedException;
import jakarta.transaction.RollbackException;
import jakarta.transaction.Status;
import jakarta.transaction.SystemException;
import jakarta.transaction.UserTransaction;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.function.Supplier;

/** Transactions of the container. Joins the one that the thread is in; retries nothing. */
public final class JtaTransactions implements Transactions {
  private static final Logger LOG = System.getLogger(JtaTransactions.class.getName());

  private final UserTransaction transaction;

  public JtaTransactions(UserTransaction transaction) {
    this.transaction = transaction;
  }

  @Override
  public <T> T inTransaction(Supplier<T> work) {
    try {
      return transaction.getStatus() == Status.STATUS_NO_TRANSACTION ? own(work) : joined(work);
    } catch (SystemException | NotSupportedException e) {
      throw new PersistenceException("no transaction could be started", e);
    }
  }

  private <T> T own(Supplier<T> work) throws SystemException, NotSupportedException {
    transaction.begin();
    T result;
    try {
      result = work.get();
    } catch (Throwable e) {
      rollBack(e);
      throw e;
    }
    try {
      transaction.commit();
    } catch (RollbackException | HeuristicMixedException | HeuristicRollbackException e) {
      throw new PersistenceException("the transaction was rolled back", e);
    }
    return result;
  }

  /** A failure inside must not be committed by an outer caller that catches it. */
  private <T> T joined(Supplier<T> work) throws SystemException {
    try {
      return work.get();
    } catch (Throwable e) {
      try {
        transaction.setRollbackOnly();
      } catch (IllegalStateException | SystemException ended) {
        e.addSuppressed(ended);
      }
      throw e;
    }
  }

  private void rollBack(Throwable cause) {
    try {
      transaction.rollback();
    } catch (IllegalStateException | SystemException e) {
      LOG.log(Level.WARNING, "rolling back failed: {0}", e.getMessage());
      cause.addSuppressed(e);
    }
  }
}
