package io.dromos.dataplane.kernel;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The routes that make the kernel take VIP addresses for its own, without which a connection ends
 * before any hook sees it. They carry a protocol number of their own, by which they are known as
 * ours.
 */
final class Routes implements Translation.Machine {
  /** Marks our routes; in the range that the kernel leaves to administrators and daemons. */
  static final String PROTOCOL = "211";

  private static final Pattern INET = Pattern.compile("\\binet ([0-9.]+)");
  private static final Pattern VIA = Pattern.compile("\\bvia ([0-9.]+)");
  private static final Pattern DEVICE = Pattern.compile("\\bdev (\\S+)");

  /** Default routes, also those in two halves that VPNs make. */
  private static final Pattern EVERYWHERE = Pattern.compile("^(unicast )?(default|[0-9.]+/1) ");

  private static final Pattern SOURCE = Pattern.compile("\\bsrc ([0-9.]+)");

  private final Tools tools;
  private final String prefix;
  private final String preferredSource;
  private Set<String> made = Set.of();
  private String source = "";

  /**
   * @param preferredSource address of the node; what clients use when they connect to a VIP, if it
   *     is an address of this machine other than loopback
   */
  Routes(Tools tools, String prefix, String preferredSource) {
    this.tools = tools;
    this.prefix = prefix;
    this.preferredSource = preferredSource;
  }

  /** Routes of somebody else to addresses of the pool, each a line of {@code ip route}. */
  List<String> conflicts() throws IOException {
    List<String> foreign = new ArrayList<>();
    for (String selector : List.of("root", "match")) {
      tools
          .run("ip", "-4", "route", "show", "table", "all", selector, prefix)
          .lines()
          .map(String::strip)
          .filter(line -> !line.isEmpty() && !EVERYWHERE.matcher(line).find())
          .filter(line -> !line.contains(" proto " + PROTOCOL + " "))
          .forEach(foreign::add);
    }
    return foreign;
  }

  /** Reads what is there, so that the next {@link #lead} mends what is not. */
  void readBack() throws IOException {
    source = findSource();
    made =
        ours().stream()
            .filter(line -> line.contains(" dev lo ") && source.equals(first(SOURCE, line)))
            .map(Routes::target)
            .collect(Collectors.toSet());
  }

  /** Our routes as ip lists them. */
  private List<String> ours() throws IOException {
    return tools
        .run("ip", "-4", "route", "show", "table", "local", "proto", PROTOCOL)
        .lines()
        .map(line -> line.strip() + " ")
        .filter(line -> line.startsWith("local "))
        .toList();
  }

  private static String target(String line) {
    return line.split(" ")[1];
  }

  /** Leads the pool and these addresses here; returns how many routes were missing. */
  int lead(Set<String> pinned) throws IOException {
    int missing = 0;
    Set<String> wanted = new TreeSet<>(pinned);
    wanted.add(prefix);
    for (String target : wanted) {
      if (!made.contains(target)) {
        tools.run(
            "ip", "-4", "route", "replace", "local", target, "dev", "lo", "proto", PROTOCOL, "src",
            source);
        missing++;
      }
    }
    Set<String> all = new HashSet<>(made);
    all.addAll(wanted);
    made = all;
    return missing;
  }

  /** Drops what is led here and not among these addresses. */
  void drop(Set<String> pinned) throws IOException {
    Set<String> kept = new HashSet<>(made);
    for (String target : made) {
      if (!target.equals(prefix) && !pinned.contains(target)) {
        tools.run("ip", "-4", "route", "del", "local", target, "dev", "lo", "proto", PROTOCOL);
        kept.remove(target);
      }
    }
    made = kept;
  }

  /** Drops everything that is ours. */
  void dropAll() throws IOException {
    for (String line : ours()) {
      tools.run("ip", "-4", "route", "del", "local", target(line), "proto", PROTOCOL);
    }
    made = Set.of();
  }

  /** Addresses of this machine's interfaces. */
  @Override
  public Set<String> addresses() throws IOException {
    return all(INET, tools.run("ip", "-4", "-o", "address", "show"));
  }

  /** Routers that this machine sends through. */
  @Override
  public Set<String> gateways() throws IOException {
    return all(VIA, tools.run("ip", "-4", "route", "show", "table", "main"));
  }

  /** Interfaces that default routes leave by. */
  Set<String> outside() throws IOException {
    return all(DEVICE, tools.run("ip", "-4", "route", "show", "default"));
  }

  private String findSource() throws IOException {
    Set<String> addresses = new TreeSet<>(addresses());
    addresses.removeIf(address -> address.startsWith("127."));
    if (addresses.contains(preferredSource)) {
      return preferredSource;
    }
    String outwards = sourceOutwards();
    if (addresses.contains(outwards)) {
      return outwards;
    }
    return addresses.isEmpty() ? "127.0.0.1" : addresses.iterator().next();
  }

  /** What this machine calls itself towards others; empty when it knows no way there. */
  private String sourceOutwards() throws IOException {
    try {
      // An address for documentation: no packet is sent.
      return first(SOURCE, tools.run("ip", "-4", "route", "get", "192.0.2.1"));
    } catch (Tools.FailedException e) {
      return "";
    }
  }

  private static String first(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? matcher.group(1) : "";
  }

  private static Set<String> all(Pattern pattern, String text) {
    Set<String> found = new TreeSet<>();
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      found.add(matcher.group(1));
    }
    return found;
  }
}
