package io.dromos.store.jpa;

import io.dromos.store.Stores;
import io.dromos.store.Transactions;
import io.dromos.store.WorldImage;
import jakarta.persistence.EntityManager;

/** Every store on one persistence context. */
public final class JpaStores {
  private JpaStores() {}

  /**
   * The stores on {@code em}, which must be bound to the transaction of the calling thread, as an
   * injected one is, and usable outside of one for reads.
   */
  public static Stores create(EntityManager em, Transactions transactions) {
    JpaSession session = new JpaSession(em, transactions);
    return new Stores(
        new JpaAppStore(session),
        new JpaTaskStore(session),
        new JpaDeploymentStore(session),
        new JpaEventStore(session),
        new JpaRevisionStore(session),
        new JpaAgentStore(session),
        new JpaVipStore(session),
        new WorldImage(new JpaWorldSource(session)),
        transactions);
  }
}
