package io.dromos.api;

import io.dromos.app.AppValidator;
import io.dromos.platform.NodeInfo;
import io.dromos.platform.Setting;
import io.dromos.platform.Settings;
import io.dromos.routing.LabelCheck;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import java.util.Set;

/** The rules of app definitions, which know what this node is called: no app may claim that. */
@ApplicationScoped
class ValidatorProducer {
  @Inject private Settings settings;
  @Inject private NodeInfo node;

  /** Made anew for each bean: the addresses of a machine change. */
  @Produces
  AppValidator validator() {
    return new AppValidator(
        Set.copyOf(DoorFilter.ownNames(settings, node)),
        LabelCheck.rules(settings.flag(Setting.EDGE_LABELS_STRICT)));
  }
}
