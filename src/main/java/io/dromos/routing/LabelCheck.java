package io.dromos.routing;

import io.dromos.app.AppSpec;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which labels of a definition mean something elsewhere and nothing, or something else, here. */
public final class LabelCheck {
  private static final Pattern INDEXED = Pattern.compile("HAPROXY_(\\d+)_.+");

  /** Labels of DC/OS's Admin Router, which proxied {@code /service/NAME} to a task. */
  private static final Set<String> ADMIN_ROUTER =
      Set.of("DCOS_SERVICE_NAME", "DCOS_SERVICE_SCHEME", "DCOS_SERVICE_PORT_INDEX");

  private LabelCheck() {}

  /** Label name to what becomes of it; a label that is not in the map is honoured or just text. */
  public static Map<String, String> of(AppSpec app) {
    Map<String, String> found = new TreeMap<>();
    for (String label : new TreeSet<>(app.labels().keySet())) {
      Matcher indexed = INDEXED.matcher(label);
      if (ADMIN_ROUTER.contains(label)) {
        found.put(label, "nothing is proxied under /service; give the app a HAPROXY_0_VHOST");
      } else if (indexed.matches()) {
        if (indexed.group(1).length() > 4
            || Integer.parseInt(indexed.group(1)) >= app.ports().size()) {
          found.put(label, "the app has no port with this index, so it has no effect");
        }
      } else if (label.startsWith("HAPROXY_") && !label.equals("HAPROXY_GROUP")) {
        found.put(label, "not supported, so it has no effect");
      }
    }
    for (int i = 0; i < app.ports().size(); i++) {
      ofPort(app, i, found);
    }
    return found;
  }

  private static void ofPort(AppSpec app, int index, Map<String, String> found) {
    Warnings warnings = new Warnings();
    new EdgeLabels(app, index, warnings).readAll();
    for (String sentence : warnings.all().getOrDefault(app.id().path(), List.of())) {
      String text = sentence.replaceFirst("^label ", "");
      int colon = text.indexOf(": ");
      found.putIfAbsent(text.substring(0, colon), text.substring(colon + 2));
    }
  }
}
