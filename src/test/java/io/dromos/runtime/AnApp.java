package io.dromos.runtime;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.app.Artifact;
import io.dromos.app.BackoffSpec;
import io.dromos.app.Container;
import io.dromos.app.HealthCheck;
import io.dromos.app.KillSelection;
import io.dromos.app.Network;
import io.dromos.app.PortSpec;
import io.dromos.app.Resources;
import io.dromos.app.UnreachableStrategy;
import io.dromos.app.UpgradeStrategy;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Builds an app definition that differs from a plain one in what a test says. */
public final class AnApp {
  public static final Instant VERSION = Instant.parse("2016-11-29T12:05:36.109Z");

  private String id = "/sise";
  private @Nullable String cmd;
  private List<String> args = List.of();
  private @Nullable String user;
  private Map<String, String> env = Map.of();
  private Map<String, String> labels = Map.of();
  private Resources resources = new Resources(0.1, 32, 0, 0);
  private @Nullable Container container;
  private Network network = Network.HOST;
  private List<PortSpec> ports = List.of();
  private List<HealthCheck> checks = List.of();
  private List<Artifact> fetch = List.of();

  public static AnApp named(String id) {
    AnApp app = new AnApp();
    app.id = id;
    return app;
  }

  public AnApp cmd(String line) {
    cmd = line;
    return this;
  }

  public AnApp args(String... words) {
    args = List.of(words);
    return this;
  }

  public AnApp user(String name) {
    user = name;
    return this;
  }

  public AnApp env(Map<String, String> variables) {
    env = variables;
    return this;
  }

  public AnApp labels(Map<String, String> values) {
    labels = values;
    return this;
  }

  public AnApp resources(Resources values) {
    resources = values;
    return this;
  }

  public AnApp container(Container value) {
    container = value;
    return this;
  }

  public AnApp image(String image) {
    return container(
        new Container(Container.Type.DOCKER, image, false, false, List.of(), List.of()));
  }

  public AnApp network(Network value) {
    network = value;
    return this;
  }

  public AnApp ports(PortSpec... values) {
    ports = List.of(values);
    return this;
  }

  public AnApp checks(HealthCheck... values) {
    checks = List.of(values);
    return this;
  }

  public AnApp fetch(Artifact... values) {
    fetch = List.of(values);
    return this;
  }

  public AppSpec build() {
    return new AppSpec(
        AppId.of(id),
        cmd,
        args,
        user,
        env,
        labels,
        1,
        resources,
        container,
        network,
        ports,
        false,
        checks,
        List.of(),
        UpgradeStrategy.DEFAULT,
        UnreachableStrategy.DEFAULT,
        KillSelection.YOUNGEST_FIRST,
        BackoffSpec.DEFAULT,
        null,
        List.of(),
        List.of("*"),
        "*",
        fetch,
        List.of(),
        "",
        null,
        VERSION,
        VERSION,
        VERSION);
  }
}
