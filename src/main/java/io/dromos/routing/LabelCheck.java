package io.dromos.routing;

import io.dromos.app.AppSpec;
import io.dromos.app.LabelRules;
import io.dromos.app.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which labels of a definition mean something elsewhere and nothing, or something else, here. */
public final class LabelCheck {
  private static final Pattern INDEXED = Pattern.compile("HAPROXY_(\\d+)_(.+)");

  /** Labels of DC/OS's Admin Router, which proxied {@code /service/NAME} to a task. */
  private static final Set<String> ADMIN_ROUTER =
      Set.of("DCOS_SERVICE_NAME", "DCOS_SERVICE_SCHEME", "DCOS_SERVICE_PORT_INDEX");

  private static final String NO_EFFECT = "marathon-lb knows no such label; it has no effect";

  private LabelCheck() {}

  /** Label name to what becomes of it; a label that is not in the map is honoured or just text. */
  public static Map<String, String> of(AppSpec app) {
    Map<String, String> found = new TreeMap<>();
    for (LabelFinding finding : findings(app)) {
      found.merge(finding.label(), finding.sentence(), (first, next) -> first + "; " + next);
    }
    return found;
  }

  /** Everything that is to be said about the labels of a definition, label by label. */
  public static List<LabelFinding> findings(AppSpec app) {
    List<LabelFinding> found = new ArrayList<>();
    for (String label : new TreeSet<>(app.labels().keySet())) {
      Matcher indexed = INDEXED.matcher(label);
      if (ADMIN_ROUTER.contains(label)) {
        note(found, label, "nothing is proxied under /service; give the app a HAPROXY_0_VHOST");
      } else if (indexed.matches()) {
        String index = indexed.group(1);
        boolean exists =
            index.length() <= 4
                && (index.equals("0") || !index.startsWith("0"))
                && Integer.parseInt(index) < app.ports().size();
        if (!exists) {
          unsupported(found, label, "the app has no port with this index, so it has no effect");
        } else if (EdgeLabel.ofPort(indexed.group(2)).isEmpty()) {
          unsupported(found, label, NO_EFFECT);
        }
      } else if (label.startsWith("HAPROXY_")
          && EdgeLabel.ofApp(label.substring("HAPROXY_".length())).isEmpty()) {
        unsupported(
            found,
            label,
            EdgeLabel.ofPort(label.substring("HAPROXY_".length())).isPresent()
                ? "it needs the index of a port, as in "
                    + label.replaceFirst("HAPROXY_", "HAPROXY_0_")
                : NO_EFFECT);
      }
    }
    found.addAll(DeploymentLabels.of(app).findings());
    for (int i = 0; i < app.ports().size(); i++) {
      found.addAll(new EdgeLabels(app, i).findings());
    }
    return found;
  }

  private static void note(List<LabelFinding> found, String label, String sentence) {
    found.add(new LabelFinding(label, LabelFinding.Kind.NOTE, sentence));
  }

  private static void unsupported(List<LabelFinding> found, String label, String sentence) {
    found.add(new LabelFinding(label, LabelFinding.Kind.UNSUPPORTED, sentence));
  }

  /**
   * The door's rules: a malformed value of a label that means something is refused.
   *
   * @param strict whatever has no effect is refused as well
   */
  public static LabelRules rules(boolean strict) {
    return (app, ownHosts) -> {
      List<Violation> broken = new ArrayList<>();
      for (LabelFinding finding : findings(app)) {
        if (finding.kind() == LabelFinding.Kind.MALFORMED
            || (strict && finding.kind() == LabelFinding.Kind.UNSUPPORTED)) {
          broken.add(
              new Violation(
                  "/labels/" + finding.label(), finding.label() + ": " + finding.sentence()));
        }
      }
      for (int i = 0; i < app.ports().size(); i++) {
        claims(app, i, ownHosts, broken);
      }
      return broken;
    };
  }

  /** A raw template may name hosts too; the plain list of names is looked at elsewhere. */
  private static void claims(AppSpec app, int index, Set<String> ownHosts, List<Violation> broken) {
    String key = EdgeLabel.HTTP_FRONTEND_ACL.key(index);
    if (!app.labels().containsKey(key)) {
      return;
    }
    for (String host : new EdgeLabels(app, index).vhosts()) {
      ownHosts.stream()
          .filter(own -> HostPattern.of(host).matches(own))
          .map(own -> key + ": '" + own + "' is a name of the Dromos API; no app may claim it")
          .forEach(sentence -> broken.add(new Violation("/labels/" + key, sentence)));
    }
  }
}
