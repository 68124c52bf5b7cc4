package io.dromos.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What holds for all stores together: transactions and revisions. */
public interface StoreContract {
  /** Stores of an empty database; the same throughout one test. */
  Stores stores();

  @Test
  default void aFailureRollsBackEveryStore() {
    RuntimeException failure = new IllegalStateException("on purpose");
    RuntimeException thrown =
        assertThrows(
            IllegalStateException.class,
            () ->
                stores()
                    .transactions()
                    .run(
                        () -> {
                          stores().apps().save(Samples.app("/a", Samples.T0));
                          stores().deployments().save(Samples.deployment("d", Samples.T0, "/a"));
                          throw failure;
                        }));
    assertSame(failure, thrown);
    assertTrue(stores().apps().all().isEmpty());
    assertTrue(stores().deployments().running().isEmpty());
    assertEquals(0, stores().revisions().current());
  }

  @Test
  default void nestedTransactionsJoinTheOuterOne() {
    assertThrows(
        IllegalStateException.class,
        () ->
            stores()
                .transactions()
                .run(
                    () -> {
                      stores()
                          .transactions()
                          .run(() -> stores().apps().save(Samples.app("/a", Samples.T0)));
                      throw new IllegalStateException("on purpose");
                    }));
    assertTrue(stores().apps().find(Samples.app("/a", Samples.T0).id()).isEmpty());
  }

  @Test
  default void aTransactionSeesItsOwnWrites() {
    stores()
        .transactions()
        .run(
            () -> {
              stores().apps().save(Samples.app("/a", Samples.T0));
              assertEquals(1, stores().apps().all().size());
              stores().apps().remove(Samples.app("/a", Samples.T0).id());
              assertTrue(stores().apps().all().isEmpty());
            });
  }

  @Test
  default void allWritesOfATransactionShareOneRevision() {
    long before = stores().revisions().next();
    long inside =
        stores()
            .transactions()
            .inTransaction(
                () -> {
                  long first = stores().revisions().next();
                  stores().apps().save(Samples.app("/a", Samples.T0));
                  assertEquals(first, stores().revisions().next());
                  return first;
                });
    assertEquals(before + 1, inside);
    assertEquals(inside, stores().revisions().current());
    assertEquals(inside + 1, stores().revisions().next());
  }

  @Test
  default void theClusterKeepsItsId() {
    String id = stores().revisions().clusterId();
    assertTrue(id.length() >= 5, id);
    assertEquals(id, stores().revisions().clusterId());
  }
}
