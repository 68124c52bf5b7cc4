package io.dromos.dataplane.http;

import io.dromos.app.AppId;
import io.dromos.dataplane.stats.Meter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a request entered, resolved to the backends of one snapshot.
 *
 * @param name {@code vhost shop.example.com/api}, {@code vip sise…:80/tcp}, {@code service port
 *     10010}
 * @param app null for a VIP without backends
 * @param rules what labels ask for
 * @param meter what went through it, over snapshots
 */
record Frontend(
    String name, @Nullable AppId app, List<Target> targets, FrontRules rules, Meter meter) {
  Frontend {
    targets = List.copyOf(targets);
  }
}
