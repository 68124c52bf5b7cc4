package io.dromos.simulation;

import io.dromos.deployment.World;
import io.dromos.placement.Agent;
import io.dromos.store.Stores;
import io.dromos.store.Transactions;
import io.dromos.store.memory.MemoryStores;
import java.util.List;
import java.util.function.Supplier;

/**
 * Every way from a node into the database. What can go wrong with a transaction goes wrong here,
 * other loops get their chance between two of them, and what was committed is checked.
 */
final class Gates {
  /** Who asks. */
  enum Part {
    CONTROL,
    AGENT,
    HEARTBEAT,
    ROUTING,
    USER
  }

  /** The database did not answer, or answered that it did nothing. */
  static final class StoreFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StoreFailure(String message) {
      super(message, null, false, false);
    }
  }

  /** Called with what a part of a node committed. */
  interface Watcher {
    /**
     * @param basis the world when the part read what it decided on
     * @param agents the nodes' rows at that moment
     */
    void committed(SimulatedNode node, Part part, World basis, List<Agent> agents);

    /** As of the last commit. */
    World world();
  }

  private static final int DEEPEST = 2;

  private final Schedule schedule;
  private final Faults faults;
  private final MemoryStores memory;
  private final Watcher watcher;
  private final Mutation mutation;
  private final SimulatedLease.Row lease;
  private int open;
  private int nested;
  private int writesLeft = -1;
  private boolean crashing;
  private Life writer = new Life("nobody", () -> {});

  Gates(
      Schedule schedule,
      Faults faults,
      MemoryStores memory,
      Watcher watcher,
      SimulatedLease.Row lease,
      Mutation mutation) {
    this.schedule = schedule;
    this.faults = faults;
    this.memory = memory;
    this.watcher = watcher;
    this.mutation = mutation;
    this.lease = lease;
    memory.onWrite(this::beforeWrite);
  }

  /** The stores as one part of a node sees them. */
  Stores stores(SimulatedNode node, Life life, Part part) {
    Stores real = memory.stores();
    return mutation.of(
        part,
        new Stores(
            real.apps(),
            real.tasks(),
            real.deployments(),
            real.events(),
            real.revisions(),
            real.agents(),
            real.vips(),
            real.world(),
            new Gate(node, life, part, real.transactions())));
  }

  /** Between two transactions: others may run, and the node may find itself dead or cut off. */
  void enter(SimulatedNode node, Life life) {
    if (nested < DEEPEST) {
      if (faults.strikes(Fault.INTERLEAVED)) {
        others(1 + schedule.dice(5), schedule.between(0, 400));
      } else if (faults.strikes(Fault.PAUSED)) {
        others(1_000, schedule.between(500, 15_000));
      }
    }
    if (life.isOver()) {
      throw new Life.Crash(life);
    }
    if (!node.reachesDatabase()) {
      throw new StoreFailure("no database");
    }
    if (faults.strikes(Fault.CRASH_BEFORE_TRANSACTION)) {
      throw new Life.Crash(life);
    }
  }

  private void others(int count, long millis) {
    nested++;
    try {
      schedule.interleave(count, millis);
    } finally {
      nested--;
    }
  }

  boolean is(Mutation mistake) {
    return mutation == mistake;
  }

  private void beforeWrite() {
    if (writesLeft > 0 && --writesLeft == 0) {
      fail();
    }
  }

  private void fail() {
    writesLeft = -1;
    if (crashing) {
      throw new Life.Crash(writer);
    }
    throw new StoreFailure("transaction rolled back");
  }

  private final class Gate implements Transactions {
    private final SimulatedNode node;
    private final Life life;
    private final Part part;
    private final Transactions real;
    private World read = watcher.world();
    private World basis = read;
    private List<Agent> readAgents = List.of();
    private List<Agent> basisAgents = List.of();

    Gate(SimulatedNode node, Life life, Part part, Transactions real) {
      this.node = node;
      this.life = life;
      this.part = part;
      this.real = real;
    }

    @Override
    public <T> T inTransaction(Supplier<T> work) {
      if (open > 0) {
        return real.inTransaction(work);
      }
      enter(node, life);
      if (part == Part.CONTROL && nested < DEEPEST && faults.strikes(Fault.LEASE_STOLEN)) {
        lease.expire();
        others(60, 700);
        enter(node, life);
      }
      basis = read;
      basisAgents = readAgents;
      read = watcher.world();
      if (part == Part.AGENT) {
        readAgents = memory.stores().agents().all();
      }
      planFailure();
      int before = memory.commits();
      T result;
      open++;
      try {
        result =
            real.inTransaction(
                () -> {
                  T done = work.get();
                  if (writesLeft >= 0) {
                    fail();
                  }
                  return done;
                });
      } finally {
        open--;
        writesLeft = -1;
      }
      if (memory.commits() != before) {
        committed();
      }
      return result;
    }

    private void planFailure() {
      crashing = faults.strikes(Fault.CRASH_IN_TRANSACTION);
      writesLeft = crashing || faults.strikes(Fault.TRANSACTION_FAILED) ? 1 + schedule.dice(6) : -1;
      writer = life;
    }

    private void committed() {
      if (part != Part.HEARTBEAT) {
        watcher.committed(node, part, basis, basisAgents);
      }
      if (faults.strikes(Fault.CRASH_AFTER_COMMIT)) {
        throw new Life.Crash(life);
      }
      if (faults.strikes(Fault.COMMIT_UNKNOWN)) {
        throw new StoreFailure("no answer to the commit");
      }
    }
  }
}
