package io.dromos.simulation;

import io.dromos.cluster.Lease;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** As {@code PostgresLease} decides, over a row in memory; one for each process of a node. */
final class SimulatedLease implements Lease {
  private static final Duration TERM = Duration.ofSeconds(10);

  /** The one row of the database. */
  static final class Row {
    private String node = "";
    private Life incarnation = new Life("nobody", () -> {});
    private long epoch;
    private Instant expiresAt = Instant.EPOCH;

    /** The term ends now, whatever the holder believes. */
    void expire() {
      expiresAt = Instant.EPOCH;
    }

    boolean isHeldBy(Life life, long byEpoch) {
      return incarnation == life && epoch == byEpoch;
    }
  }

  private final Row row;
  private final Schedule clock;
  private final Gates gates;
  private final SimulatedNode node;
  private final Life life;
  private boolean newcomer = true;
  private long held = -1;

  SimulatedLease(Row row, Schedule clock, Gates gates, SimulatedNode node, Life life) {
    this.row = row;
    this.clock = clock;
    this.gates = gates;
    this.node = node;
    this.life = life;
  }

  @Override
  public Optional<Long> acquire() {
    gates.enter(node, life);
    Instant now = clock.instant();
    boolean mine = row.incarnation == life;
    if (mine && row.expiresAt.isAfter(now.plus(TERM.multipliedBy(2).dividedBy(3)))) {
      return Optional.of(row.epoch);
    }
    boolean letIn =
        mine || row.expiresAt.isBefore(now) || (newcomer && row.node.equals(node.name()));
    newcomer = false;
    if (!letIn) {
      held = -1;
      return Optional.empty();
    }
    row.epoch = mine ? row.epoch : row.epoch + 1;
    row.node = node.name();
    row.incarnation = life;
    row.expiresAt = now.plus(TERM);
    held = row.epoch;
    return Optional.of(row.epoch);
  }

  /** What this process believes to lead with. */
  long held() {
    return held;
  }

  @Override
  public void release() {
    if (row.incarnation == life) {
      row.node = "";
      row.expire();
    }
    held = -1;
  }

  @Override
  public Optional<Holder> holder() {
    return row.expiresAt.isAfter(clock.instant())
        ? Optional.of(new Holder(row.node, row.node + ":8080", row.epoch, row.expiresAt))
        : Optional.empty();
  }

  @Override
  public void verify(long epoch) {
    if (!row.isHeldBy(life, epoch) && !gates.is(Mutation.LEASE_NOT_VERIFIED)) {
      throw new StaleEpochException(epoch);
    }
  }
}
