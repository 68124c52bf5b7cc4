package io.dromos.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dromos.cluster.Lease;
import io.dromos.platform.NodeInfo;
import io.dromos.platform.Setting;
import io.dromos.platform.Settings;
import io.dromos.store.AppStore;
import io.dromos.store.Stores;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/**
 * {@code /v2/info}: version, leader and configuration in Marathon's keys (marathon-api reference,
 * 1.11). What Dromos does not have is null; clients build typed objects from all of it.
 */
@Path("info")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
public class InfoResource {
  /** The Marathon whose API this is; clients compare it. */
  static final String MARATHON_VERSION = "1.11.24";

  @Inject private Stores stores;
  @Inject private Lease lease;
  @Inject private NodeInfo node;
  @Inject private Settings settings;

  @GET
  public Response info() {
    Lease.Holder holder = lease.holder().orElse(null);
    String cluster = stores.transactions().inTransaction(() -> stores.revisions().clusterId());
    return Responses.ok(render(node, settings, holder, cluster));
  }

  static ObjectNode render(
      NodeInfo node, Settings settings, Lease.@Nullable Holder holder, String clusterId) {
    ObjectNode info = Json.MAPPER.createObjectNode();
    info.put("name", "marathon");
    info.put("version", MARATHON_VERSION);
    info.put("buildref", "dromos-" + node.version());
    info.put("elected", holder != null && holder.node().equals(node.name()));
    info.put("leader", holder == null ? null : holder.api());
    info.put("frameworkId", clusterId + "-0000");
    info.set("marathon_config", marathonConfig(node, settings));
    info.set("zookeeper_config", zookeeperConfig());
    info.putObject("http_config")
        .put("http_port", settings.integer(Setting.API_PORT, 0, 65535))
        .putNull("https_port");
    return info;
  }

  private static ObjectNode marathonConfig(NodeInfo node, Settings settings) {
    String[] range = settings.text(Setting.SERVICE_PORTS).split("-", -1);
    ObjectNode config = Json.MAPPER.createObjectNode();
    config.putNull("access_control_allow_origin");
    config.put("checkpoint", true);
    config.put("decline_offer_duration", 120_000);
    config.putNull("default_network_name");
    config.putNull("env_vars_prefix");
    config.put("executor", "//cmd");
    config.put("failover_timeout", 604_800);
    config.putArray("features");
    config.put("framework_name", "marathon");
    config.put("ha", true);
    config.put("hostname", node.address());
    config.put("launch_token", 100);
    config.put("launch_token_refresh_interval", 30_000);
    config.put("leader_proxy_connection_timeout_ms", 5_000);
    config.put("leader_proxy_read_timeout_ms", 10_000);
    config.put("local_port_min", number(range, 0, 10_000));
    config.put("local_port_max", number(range, 1, 20_000));
    config.put("maintenance_mode", true);
    config.putNull("master");
    config.put("max_instances_per_offer", 5);
    config.put("mesos_bridge_name", "mesos-bridge");
    config.put("mesos_heartbeat_failure_threshold", 5);
    config.put("mesos_heartbeat_interval", 15_000);
    config.putNull("mesos_leader_ui_url");
    config.put("mesos_role", "*");
    config.putNull("mesos_user");
    config.put("min_revive_offers_interval", 5_000);
    config.put("new_group_enforce_role", "Off");
    config.put("offer_matching_timeout", 3_000);
    config.put("on_elected_prepare_timeout", 180_000);
    config.put("reconciliation_initial_delay", 15_000);
    config.put("reconciliation_interval", 600_000);
    config.put("scale_apps_initial_delay", 15_000);
    config.put("scale_apps_interval", 300_000);
    config.put("store_cache", true);
    config.put("task_launch_confirm_timeout", 300_000);
    config.put("task_launch_timeout", 300_000);
    config.put("task_lost_expunge_initial_delay", 300_000);
    config.put("task_lost_expunge_interval", 30_000);
    config.put("task_reservation_timeout", 20_000);
    config.putNull("webui_url");
    return config;
  }

  private static ObjectNode zookeeperConfig() {
    return Json.MAPPER
        .createObjectNode()
        .putNull("zk")
        .put("zk_compression", true)
        .put("zk_compression_threshold", 65_536)
        .put("zk_connection_timeout", 10_000)
        .put("zk_max_node_size", 1_024_000)
        .put("zk_max_versions", AppStore.MAX_VERSIONS)
        .put("zk_session_timeout", 10_000)
        .put("zk_timeout", 10_000);
  }

  private static int number(String[] range, int index, int fallback) {
    return index < range.length && range[index].strip().matches("\\d{1,5}")
        ? Integer.parseInt(range[index].strip())
        : fallback;
  }
}
