package io.dromos;

import io.dromos.dataplane.dns.TaskListeners;
import io.dromos.platform.Settings;
import io.dromos.routing.PlaneReport;
import io.dromos.runtime.NameServers;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The name servers of tasks: those of this node that are open, by the report of its name server,
 * then the machine's own. Without any of this node's, tasks keep what the machine has.
 */
final class TaskNameServers implements NameServers {
  private static final Logger LOG = System.getLogger(TaskNameServers.class.getName());

  /** Programs read no more of them. */
  private static final int MOST = 3;

  private final TaskListeners listeners;
  private final Supplier<Map<String, PlaneReport>> reports;
  private final Path machine;
  private volatile List<String> told = List.of();

  TaskNameServers(Settings settings, Supplier<Map<String, PlaneReport>> reports, Path machine) {
    this.listeners = TaskListeners.of(settings);
    this.reports = reports;
    this.machine = machine;
  }

  @Override
  public List<String> ofMachine() {
    List<String> open = open(listeners.ofMachine());
    tell(open);
    return open.isEmpty() ? open : completed(open.subList(0, 1), server -> true);
  }

  @Override
  public List<String> ofBridge() {
    List<String> open = open(listeners.ofBridge());
    return open.isEmpty()
        ? open
        : completed(open.subList(0, 1), server -> !server.startsWith("127."));
  }

  private List<String> open(List<String> addresses) {
    PlaneReport report = reports.get().get("dns");
    if (report == null) {
      return List.of();
    }
    return addresses.stream()
        .filter(address -> !report.degraded().containsKey(TaskListeners.reportKey(address)))
        .toList();
  }

  private List<String> completed(List<String> own, java.util.function.Predicate<String> reachable) {
    List<String> all = new ArrayList<>(own);
    try (Stream<String> lines = Files.lines(machine)) {
      lines
          .map(line -> line.strip().split("\\s+"))
          .filter(words -> words.length > 1 && words[0].equals("nameserver"))
          .map(words -> words[1])
          .filter(server -> !all.contains(server) && reachable.test(server))
          .limit(MOST - all.size())
          .forEach(all::add);
    } catch (IOException | java.io.UncheckedIOException e) {
      LOG.log(Level.DEBUG, "{0} cannot be read: {1}", machine, e.getMessage());
    }
    return List.copyOf(all);
  }

  private void tell(List<String> open) {
    if (!open.equals(told)) {
      told = open;
      LOG.log(Level.INFO, "tasks of this machine find names at {0}", open);
    }
  }
}
