package io.dromos.it.store;

import io.dromos.store.AgentStoreContract;
import io.dromos.store.AppStoreContract;
import io.dromos.store.DeploymentStoreContract;
import io.dromos.store.EventStoreContract;
import io.dromos.store.StoreContract;
import io.dromos.store.Stores;
import io.dromos.store.TaskStoreContract;
import io.dromos.store.TreeStoreContract;
import io.dromos.store.VipStoreContract;
import io.dromos.store.WorldImageContract;
import io.dromos.store.WorldReader;
import io.dromos.store.WorldReaderContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** The JPA stores keep every store contract. */
class JpaStoresIT
    implements StoreContract,
        AppStoreContract,
        TaskStoreContract,
        DeploymentStoreContract,
        EventStoreContract,
        AgentStoreContract,
        TreeStoreContract,
        VipStoreContract,
        WorldReaderContract,
        WorldImageContract {
  private static LocalPersistence persistence;

  @BeforeAll
  static void open() {
    persistence = new LocalPersistence();
  }

  @AfterAll
  static void close() {
    persistence.close();
  }

  @BeforeEach
  void reset() {
    persistence.reset();
  }

  @Override
  public Stores stores() {
    return persistence.stores();
  }

  @Override
  public WorldReader newReader() {
    return persistence.newStores().world();
  }
}
