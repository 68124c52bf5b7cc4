package io.dromos.it.container;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.arquillian.container.spi.client.deployment.DeploymentScenario;
import org.jboss.arquillian.container.spi.event.DeployManagedDeployments;
import org.jboss.arquillian.container.spi.event.UnDeployManagedDeployments;
import org.jboss.arquillian.container.test.impl.client.deployment.event.GenerateDeployment;
import org.jboss.arquillian.core.api.InstanceProducer;
import org.jboss.arquillian.core.api.annotation.Inject;
import org.jboss.arquillian.core.api.annotation.Observes;
import org.jboss.arquillian.core.spi.EventContext;
import org.jboss.arquillian.core.spi.LoadableExtension;
import org.jboss.arquillian.test.spi.annotation.ClassScoped;

/** One server and one deployment for all container tests: a new one for each class costs 20 s. */
public final class OneDeployment implements LoadableExtension {
  @Override
  public void register(ExtensionBuilder builder) {
    builder.observer(Keeper.class);
  }

  /** Keeps the first class's deployment for all others. */
  public static final class Keeper {
    private static final AtomicReference<DeploymentScenario> KEPT = new AtomicReference<>();
    private static final AtomicBoolean DEPLOYED = new AtomicBoolean();

    @Inject @ClassScoped private InstanceProducer<DeploymentScenario> scenario;

    public void generate(@Observes EventContext<GenerateDeployment> event) {
      DeploymentScenario kept = KEPT.get();
      if (kept == null) {
        event.proceed();
        KEPT.set(scenario.get());
      } else {
        scenario.set(kept);
      }
    }

    public void deploy(@Observes EventContext<DeployManagedDeployments> event) {
      if (DEPLOYED.compareAndSet(false, true)) {
        event.proceed();
      }
    }

    public void undeploy(@Observes EventContext<UnDeployManagedDeployments> event) {
      // Stopping the container takes it along.
    }
  }
}
