package io.dromos.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dromos.app.AppSpec;
import io.dromos.dataplane.http.ProxyClient;
import io.dromos.dataplane.stats.Measurements;
import io.dromos.platform.TurnTimes;
import io.dromos.store.Stores;
import io.dromos.task.Task;
import io.dromos.task.TaskState;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * {@code /metrics}: gauges in Marathon's names, from the store and the JVM, and how long the turns
 * of this node's loops take. {@code /metrics/prometheus}: the same for Prometheus, with what went
 * through the servlet proxy; what went through the other planes is told by the statistics' own
 * listener.
 */
@WebServlet(
    name = "metrics",
    urlPatterns = {"/metrics", "/metrics/prometheus"})
public class MetricsServlet extends JsonServlet {
  private static final long serialVersionUID = 1L;

  @Inject private transient Stores stores;
  @Inject private transient TurnTimes turnTimes;
  @Inject private transient ProxyClient proxy;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    ObjectNode metrics = Json.MAPPER.createObjectNode().put("version", "4.0.0");
    ObjectNode counters = metrics.putObject("counters");
    ObjectNode gauges = metrics.putObject("gauges");
    metrics.putObject("histograms");
    metrics.putObject("meters");
    turns(metrics.putObject("timers"));
    stores.transactions().run(() -> cluster(gauges));
    jvm(gauges, counters);
    if (request.getServletPath().equals("/metrics/prometheus")) {
      Measurements all = new Measurements();
      PrometheusNames.add(metrics, all);
      proxy.measure(all);
      byte[] text = all.text().getBytes(StandardCharsets.UTF_8);
      response.setContentType("text/plain; version=0.0.4; charset=utf-8");
      response.setContentLength(text.length);
      response.getOutputStream().write(text);
      return;
    }
    ServletJson.send(response, 200, metrics);
  }

  private void cluster(ObjectNode gauges) {
    List<AppSpec> apps = stores.apps().all();
    List<Task> tasks = stores.tasks().all();
    gauge(gauges, "marathon.apps.active.gauge", apps.size());
    gauge(gauges, "marathon.groups.active.gauge", stores.apps().groups().size());
    gauge(gauges, "marathon.deployments.active.gauge", stores.deployments().running().size());
    gauge(
        gauges,
        "marathon.instances.running.gauge",
        tasks.stream().filter(t -> t.state() == TaskState.RUNNING).count());
    gauge(
        gauges,
        "marathon.instances.staged.gauge",
        tasks.stream()
            .filter(t -> t.state() == TaskState.STAGING || t.state() == TaskState.STARTING)
            .count());
    gauge(
        gauges,
        "marathon.instances.unhealthy.gauge",
        tasks.stream().filter(t -> t.isRunning() && t.isUnhealthy()).count());
    gauge(
        gauges,
        "marathon.instances.inflight-kills.gauge",
        tasks.stream().filter(t -> t.isActive() && !t.goal().wantsRunning()).count());
    gauge(gauges, "dromos.agents.gauge", stores.agents().all().size());
    gauge(gauges, "dromos.revision.gauge", stores.revisions().current());
  }

  /** One timer for each loop of this node; not of Marathon, which has other loops. */
  private void turns(ObjectNode timers) {
    turnTimes
        .summaries()
        .forEach(
            (loop, turns) ->
                timers
                    .putObject("dromos.loop." + loop + ".turn.timer.seconds")
                    .put("count", turns.count())
                    .put("sum", turns.sum())
                    .put("mean", turns.count() == 0 ? 0 : turns.sum() / turns.count())
                    .put("max", turns.max())
                    .put("p50", turns.p50())
                    .put("p99", turns.p99())
                    .put("duration_units", "seconds"));
  }

  private static void jvm(ObjectNode gauges, ObjectNode counters) {
    MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    gauge(gauges, "marathon.jvm.memory.heap.used.gauge.bytes", heap.getUsed());
    gauge(gauges, "marathon.jvm.memory.heap.committed.gauge.bytes", heap.getCommitted());
    gauge(gauges, "marathon.jvm.memory.heap.max.gauge.bytes", heap.getMax());
    gauge(
        gauges,
        "marathon.jvm.memory.non-heap.used.gauge.bytes",
        ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage().getUsed());
    gauge(
        gauges,
        "marathon.jvm.threads.count.gauge",
        ManagementFactory.getThreadMXBean().getThreadCount());
    gauge(
        gauges,
        "marathon.uptime.gauge.seconds",
        ManagementFactory.getRuntimeMXBean().getUptime() / 1000);
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      counters
          .putObject(
              "marathon.jvm.gc."
                  + collector.getName().toLowerCase(Locale.ROOT).replace(' ', '-')
                  + ".collections.counter")
          .put("count", collector.getCollectionCount());
    }
  }

  private static void gauge(ObjectNode gauges, String name, long value) {
    gauges.putObject(name).put("value", value);
  }
}
