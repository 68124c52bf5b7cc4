package io.dromos.store.jpa;

import io.dromos.store.Stores;
import io.dromos.store.Transactions;
import io.dromos.store.WorldImage;
import io.dromos.store.WorldReader;
import jakarta.persistence.EntityManager;

/**
 * Every store on one persistence context, and the image that most of what they tell is read from.
 */
public final class JpaStores {
  private JpaStores() {}

  /**
   * The stores on {@code em}, which must be bound to the transaction of the calling thread, as an
   * injected one is, and usable outside of one for reads.
   */
  public static Stores create(EntityManager em, Transactions transactions) {
    JpaSession session = new JpaSession(em, transactions);
    WorldReader image = new WorldImage(new JpaWorldSource(session));
    return new Stores(
        new JpaAppStore(session, image),
        new JpaTaskStore(session, image),
        new JpaDeploymentStore(session, image),
        new JpaEventStore(session),
        new JpaRevisionStore(session),
        new JpaAgentStore(session, image),
        new JpaVipStore(session),
        image,
        transactions);
  }
}
