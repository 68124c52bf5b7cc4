package io.dromos.dataplane.kernel;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Asks the machine for everything that the kernel plane needs, and changes nothing. */
final class Probe {
  /**
   * What the machine said.
   *
   * @param problem why there can be no kernel plane
   * @param timeouts whether the kernel has timeouts by policy, which are good to have
   */
  record Finding(Optional<String> problem, boolean timeouts) {
    static Finding problem(String sentence) {
      return new Finding(Optional.of(sentence), false);
    }
  }

  private static final Map<String, String> PACKAGES = Map.of("nft", "nftables", "ip", "iproute2");

  private final Tools tools;
  private final Routes routes;
  private final String prefix;
  private final Owner self;

  Probe(Tools tools, Routes routes, String prefix, Owner self) {
    this.tools = tools;
    this.routes = routes;
    this.prefix = prefix;
    this.self = self;
  }

  Finding look() {
    for (String program : List.of("nft", "ip")) {
      if (!tools.has(program)) {
        return Finding.problem(
            "the program " + program + " is missing; install the package " + PACKAGES.get(program));
      }
    }
    try {
      return lookAtKernel();
    } catch (IOException e) {
      return Finding.problem(String.valueOf(e.getMessage()));
    }
  }

  private Finding lookAtKernel() throws IOException {
    String refusal = refusal(new Ruleset(prefix, true));
    boolean timeouts = refusal.isEmpty();
    if (!timeouts) {
      refusal = refusal(new Ruleset(prefix, false));
    }
    if (!refusal.isEmpty()) {
      return Finding.problem(
          refusal.contains("Operation not permitted")
              ? "this process may not change the machine's network tables; run it as root or with"
                  + " the capability CAP_NET_ADMIN"
              : "the kernel does not take the table of VIPs: " + refusal);
    }
    List<String> foreign = routes.conflicts();
    if (!foreign.isEmpty()) {
      return Finding.problem(
          "this machine has routes into "
              + prefix
              + " ("
              + foreign.get(0)
              + "); set dromos.vip.kernel.pool to a prefix that it does not use");
    }
    return new Finding(otherNode(), timeouts);
  }

  /** Why the kernel would not take the table; empty when it would. */
  private String refusal(Ruleset rules) throws IOException {
    Elements example =
        new Elements(
            Map.of("192.0.2.1 . tcp . 80 . 0", "192.0.2.2 . 80"),
            Map.of("192.0.2.1 . tcp . 80", "goto n1"),
            Set.of("192.0.2.1"),
            Set.of("lo"));
    try {
      tools.run(List.of("nft", "-c", "-f", "-"), rules.replacement(example, self.mark("new")));
      return "";
    } catch (Tools.FailedException e) {
      return String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason given");
    }
  }

  private Optional<String> otherNode() throws IOException {
    String table;
    try {
      table = tools.run("nft", "list", "table", "ip", Ruleset.TABLE);
    } catch (Tools.FailedException e) {
      return Optional.empty();
    }
    return Listing.parse(table)
        .mark()
        .map(Owner.Mark::owner)
        .filter(owner -> owner.isAlive() && !owner.isSameNode(self))
        .map(
            owner ->
                "another node, process "
                    + owner.pid()
                    + ", serves the VIPs of this machine by the kernel");
  }
}
