package io.dromos;

import io.dromos.dataplane.http.ProxyOutcome;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Locale;
import org.eclipse.microprofile.metrics.Metadata;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.Tag;

/**
 * The servlet proxy's requests by outcome in the server's own MicroProfile Metrics, where it has
 * them; by app and route they are under {@code /metrics/prometheus}.
 */
@ApplicationScoped
class TrafficMetrics {
  private static final Logger LOG = System.getLogger(TrafficMetrics.class.getName());

  @Inject private Running running;
  @Inject private Instance<MetricRegistry> registries;

  /** Once, after the start; a server without metrics is no fault. */
  void register() {
    if (!registries.isResolvable()) {
      return;
    }
    try {
      register(registries.get());
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "MicroProfile Metrics do not tell of the proxy: {0}", e.toString());
    }
  }

  private void register(MetricRegistry registry) {
    for (ProxyOutcome outcome : ProxyOutcome.values()) {
      Metadata metadata =
          Metadata.builder()
              .withName("dromos_proxy_requests")
              .withDescription("Requests through the servlet proxy that ended so, since the start")
              .build();
      registry.gauge(
          metadata,
          () -> total(outcome),
          new Tag("outcome", outcome.name().toLowerCase(Locale.ROOT)));
    }
  }

  private long total(ProxyOutcome outcome) {
    return running.ifStarted().map(node -> node.proxyClient().counters().total(outcome)).orElse(0L);
  }
}
