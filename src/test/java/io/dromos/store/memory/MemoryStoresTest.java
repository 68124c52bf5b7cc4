package io.dromos.store.memory;

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
import java.time.Clock;

/** The stores in memory keep every store contract, so what is tested with them holds. */
class MemoryStoresTest
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
  private final MemoryStores memory = new MemoryStores(Clock.systemUTC());

  @Override
  public Stores stores() {
    return memory.stores();
  }

  @Override
  public WorldReader newReader() {
    return memory.newReader();
  }
}
