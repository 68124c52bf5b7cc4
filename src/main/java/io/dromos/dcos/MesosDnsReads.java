package io.dromos.dcos;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.dromos.app.NameLabel;
import io.dromos.routing.DnsRecords;
import io.dromos.routing.RoutingSnapshot;
import io.dromos.routing.TaskNames;
import io.dromos.task.Task;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The answers of Mesos-DNS' HTTP API from the names of one snapshot (service-discovery reference,
 * 2.6). Names end in a dot, ports are text, and what is not found is one record of empty texts: so
 * the original has it.
 */
final class MesosDnsReads {
  private static final String DOMAIN = "mesos";
  private static final int TTL_SECONDS = 5;

  /** A host and one of its addresses. */
  record HostJson(String host, String ip) {
    private static final HostJson NONE = new HostJson("", "");
  }

  /** A service as it was asked for, and one place where it runs. */
  record ServiceJson(String service, String host, String ip, String port) {
    private static final ServiceJson NONE = new ServiceJson("", "", "", "");
  }

  /** {@code GET /v1/enumerate}. */
  record EnumerationJson(List<FrameworkJson> frameworks) {}

  /** All tasks of one framework. */
  record FrameworkJson(List<TaskJson> tasks, String name) {}

  /** A task with the records that lead to it; {@code id} is the task id. */
  record TaskJson(String name, String id, List<RecordJson> records) {}

  /** One record; {@code host} of an SRV record is {@code target.:port}. */
  record RecordJson(String name, String host, String rtype) {}

  /** {@code GET /v1/axfr}: every record of the zone. */
  record TransferJson(
      @JsonProperty("TTL") int ttl,
      @JsonProperty("Serial") long serial,
      @JsonProperty("RefreshSeconds") int refreshSeconds,
      @JsonProperty("Mname") String mname,
      @JsonProperty("Rname") String rname,
      @JsonProperty("Domain") String domain,
      @JsonProperty("Records") RecordsJson records) {}

  /** Values by owner, sorted. */
  record RecordsJson(
      @JsonProperty("As") Map<String, List<String>> addresses,
      @JsonProperty("AAAAs") Map<String, List<String>> addresses6,
      @JsonProperty("SRVs") Map<String, List<String>> services) {}

  private final RoutingSnapshot snapshot;
  private final DnsRecords records;

  MesosDnsReads(RoutingSnapshot snapshot) {
    this.snapshot = snapshot;
    this.records = snapshot.dns();
  }

  /** Never empty. */
  List<HostJson> hosts(String asked) {
    String name = bare(asked);
    if (!isMesos(name)) {
      return List.of(HostJson.NONE);
    }
    List<HostJson> hosts =
        records.addresses().getOrDefault(name, List.of()).stream()
            .map(address -> new HostJson(name + ".", address))
            .toList();
    return hosts.isEmpty() ? List.of(HostJson.NONE) : hosts;
  }

  /** Never empty. */
  List<ServiceJson> services(String asked) {
    String name = bare(asked);
    if (!isMesos(name)) {
      return List.of(ServiceJson.NONE);
    }
    List<ServiceJson> services = new ArrayList<>();
    for (DnsRecords.Srv service : records.services().getOrDefault(name, List.of())) {
      for (String address : records.addresses().getOrDefault(service.target(), List.of())) {
        services.add(
            new ServiceJson(
                asked, service.target() + ".", address, Integer.toString(service.port())));
      }
    }
    return services.isEmpty() ? List.of(ServiceJson.NONE) : services;
  }

  /**
   * Tasks that have names, in their order.
   *
   * @param tasks all that run
   */
  EnumerationJson enumeration(String framework, List<Task> tasks) {
    Map<String, List<RecordJson>> byTarget = new TreeMap<>();
    records.addresses().forEach((name, addresses) -> addAddresses(byTarget, name, addresses));
    records.services().forEach((name, services) -> addServices(byTarget, name, services));
    List<TaskJson> named = new ArrayList<>();
    for (Task task : tasks) {
      String label = NameLabel.label(task.appId().hostname().toLowerCase(Locale.ROOT));
      List<RecordJson> found = byTarget.get(label + "-" + TaskNames.hash(task.id()));
      if (found != null) {
        List<RecordJson> all = new ArrayList<>();
        String own = label + "." + framework + "." + DOMAIN;
        for (String address : records.addresses().getOrDefault(own, List.of())) {
          if (address.equals(task.goal().host()) || task.seen().addresses().contains(address)) {
            all.add(new RecordJson(own + ".", address, rtype(address)));
          }
        }
        all.addAll(found);
        named.add(new TaskJson(label, task.id().value(), all));
      }
    }
    return new EnumerationJson(List.of(new FrameworkJson(named, framework)));
  }

  private static void addAddresses(
      Map<String, List<RecordJson>> byTarget, String name, List<String> addresses) {
    if (isMesos(name)) {
      for (String address : addresses) {
        byTarget
            .computeIfAbsent(owner(name), key -> new ArrayList<>())
            .add(new RecordJson(name + ".", address, rtype(address)));
      }
    }
  }

  private static void addServices(
      Map<String, List<RecordJson>> byTarget, String name, List<DnsRecords.Srv> services) {
    if (isMesos(name)) {
      for (DnsRecords.Srv service : services) {
        byTarget
            .computeIfAbsent(owner(service.target()), key -> new ArrayList<>())
            .add(new RecordJson(name + ".", target(service), "SRV"));
      }
    }
  }

  /** {@code sise-x4k2b} of {@code sise-x4k2b-s0.marathon.mesos}: app and hash of the task. */
  private static String owner(String name) {
    String first = name.substring(0, name.indexOf('.') < 0 ? name.length() : name.indexOf('.'));
    int agent = first.lastIndexOf('-');
    return agent < 0 ? first : first.substring(0, agent);
  }

  TransferJson transfer() {
    Map<String, List<String>> addresses = new TreeMap<>();
    Map<String, List<String>> addresses6 = new TreeMap<>();
    records
        .addresses()
        .forEach(
            (name, values) -> {
              if (isMesos(name)) {
                for (String address : values) {
                  boolean v4 = rtype(address).equals("A");
                  (v4 ? addresses : addresses6)
                      .computeIfAbsent(name + ".", key -> new ArrayList<>())
                      .add(address);
                }
              }
            });
    Map<String, List<String>> services = new TreeMap<>();
    records
        .services()
        .forEach(
            (name, values) -> {
              if (isMesos(name)) {
                services.put(name + ".", values.stream().map(MesosDnsReads::target).toList());
              }
            });
    return new TransferJson(
        TTL_SECONDS,
        snapshot.version(),
        0,
        "ns1." + DOMAIN + ".",
        "root.ns1." + DOMAIN + ".",
        DOMAIN,
        new RecordsJson(addresses, addresses6, services));
  }

  /** What of Mesos-DNS' configuration has a meaning here. */
  static Map<String, Object> config(String address, int port) {
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("Domain", DOMAIN);
    config.put("Listener", address);
    config.put("Port", port);
    config.put("TTL", TTL_SECONDS);
    config.put("RefreshSeconds", 0);
    config.put("DNSOn", port > 0);
    config.put("HTTPOn", true);
    config.put("ExternalOn", port > 0);
    config.put("EnforceRFC952", false);
    config.put("EnumerationOn", true);
    config.put("IPSources", List.of("netinfo", "host"));
    return config;
  }

  private static String target(DnsRecords.Srv service) {
    return service.target() + ".:" + service.port();
  }

  /** The type of the record that holds an address. */
  static String rtype(String address) {
    return address.contains(":") ? "AAAA" : "A";
  }

  private static boolean isMesos(String name) {
    return name.equals(DOMAIN) || name.endsWith("." + DOMAIN);
  }

  /** Lower case, without the final dot. */
  static String bare(String asked) {
    String name = asked.toLowerCase(Locale.ROOT);
    return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }
}
