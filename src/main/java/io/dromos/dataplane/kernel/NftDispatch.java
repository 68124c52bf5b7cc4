package io.dromos.dataplane.kernel;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One nftables table of our own and the routes that lead to it. No other table is touched. Changes
 * are transactions over elements; the table itself is replaced, in one transaction too, only when
 * it is not the one that we made.
 */
final class NftDispatch implements Dispatch {
  private static final Logger LOG = System.getLogger(NftDispatch.class.getName());
  private static final String[] LIST = {"nft", "list", "table", "ip", Ruleset.TABLE};

  private final Tools tools;
  private final Ruleset rules;
  private final Routes routes;
  private final Owner self;
  private final KernelStats stats;
  private Elements made = Elements.NONE;
  private Set<Integer> chains = Set.of();
  private Set<String> outside = Set.of();
  private String shape = "";
  private boolean started;
  private boolean doubtful;

  NftDispatch(Tools tools, Ruleset rules, Routes routes, Owner self, KernelStats stats) {
    this.tools = tools;
    this.rules = rules;
    this.routes = routes;
    this.self = self;
    this.stats = stats;
  }

  /** The table first, then the routes to it; what is not wanted goes in the opposite order. */
  @Override
  public void converge(Services wanted, boolean readBack) throws IOException {
    boolean first = !started;
    try {
      if (readBack || first || doubtful) {
        readBack(wanted, first);
        started = true;
      }
      Elements next = made.next(wanted, outside);
      routes.drop(wanted.pinned());
      String commands = made.commandsTo(next);
      if (!chains.containsAll(next.counts())) {
        replace(next);
      } else if (!commands.isEmpty()) {
        load(commands);
        made = next;
        stats.changes.increment();
      }
      int missing = routes.lead(wanted.pinned());
      if (missing > 0 && readBack && !first) {
        stats.mended.add(missing);
        LOG.log(Level.WARNING, "{0} of the routes to VIPs were gone; they are back", missing);
      }
      doubtful = false;
    } catch (IOException e) {
      // What we believe may be wrong: the next attempt looks.
      doubtful = true;
      stats.failures.increment();
      throw e;
    }
  }

  private void readBack(Services wanted, boolean first) throws IOException {
    routes.readBack();
    outside = routes.outside();
    Optional<Listing> there = list();
    if (there.isPresent()) {
      refuseTaken(there.get());
    }
    if (there.isEmpty() || !isOurs(there.get(), first)) {
      if (!first) {
        stats.mended.increment();
        LOG.log(
            Level.WARNING,
            "the table of VIPs was {0} by somebody else; it is made again",
            there.isPresent() ? "changed" : "removed");
      }
      replace(made.next(wanted, outside));
      return;
    }
    Elements actual = there.get().elements();
    int different = actual.difference(made);
    if (first) {
      LOG.log(
          Level.INFO,
          "taking over the table of VIPs that an earlier process left, {0} elements",
          actual.size());
      load(Ruleset.newOwner(self.mark(there.get().shape())));
      shape = there.get().shape();
    } else if (different > 0) {
      stats.mended.add(different);
      LOG.log(
          Level.WARNING,
          "{0} elements of the table of VIPs were changed by somebody else; mending them",
          different);
    }
    chains = there.get().chains();
    made = actual;
  }

  private Optional<Listing> list() throws IOException {
    try {
      return Optional.of(Listing.parse(tools.run(LIST)));
    } catch (Tools.FailedException e) {
      if (String.valueOf(e.getMessage()).contains("No such file or directory")) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Whether the chains are as we, or an earlier process of this layout, made them. */
  private boolean isOurs(Listing there, boolean first) {
    if (!first) {
      return there.shape().equals(shape)
          && there.mark().filter(mark -> mark.owner().isSameProcess(self)).isPresent();
    }
    return there
        .mark()
        .filter(mark -> mark.layout() == Ruleset.LAYOUT && mark.shape().equals(there.shape()))
        .filter(mark -> mark.owner().isSameNode(self))
        .isPresent();
  }

  private void refuseTaken(Listing there) throws TakenException {
    Optional<Owner.Mark> mark = there.mark();
    if (mark.isEmpty()) {
      return;
    }
    Owner owner = mark.get().owner();
    if (owner.isSameProcess(self) || !owner.isAlive()) {
      return;
    }
    if (!owner.isSameNode(self)) {
      throw new TakenException(
          "the VIPs of this machine are served by another node, process "
              + owner.pid()
              + "; stop it, or start this node with dromos.vip.mode=userspace");
    }
    if (owner.since() > self.since()) {
      throw new TakenException("process " + owner.pid() + " serves the VIPs of this node now");
    }
  }

  /** Makes the table anew, in one transaction. */
  private void replace(Elements next) throws IOException {
    load(rules.replacement(next, self.mark("new")));
    made = next;
    stats.changes.increment();
    Listing ours =
        list().orElseThrow(() -> new IOException("the table was removed right after it was made"));
    chains = ours.chains();
    shape = ours.shape();
    load(Ruleset.newOwner(self.mark(shape)));
  }

  private void load(String commands) throws IOException {
    tools.run(List.of("nft", "-f", "-"), commands);
  }

  /** Routes first: what reaches the table is dispatched to the last moment. */
  @Override
  public void remove() throws IOException {
    Optional<Listing> there = list();
    if (there.isPresent()
        && there.get().mark().filter(mark -> mark.owner().isSameProcess(self)).isEmpty()) {
      return;
    }
    routes.dropAll();
    if (there.isPresent()) {
      tools.run("nft", "delete", "table", "ip", Ruleset.TABLE);
    }
    started = false;
    made = Elements.NONE;
    chains = Set.of();
  }
}
