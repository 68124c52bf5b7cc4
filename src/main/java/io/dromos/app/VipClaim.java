package io.dromos.app;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One label by which one port of an app asks for a VIP, wherever in the definition it stands
 * (service-discovery reference, 1.2): a {@code VIP…} or {@code vip…} label of the port, or Mesos'
 * older {@code vip_port0: tcp://name:80} among the labels of the app.
 *
 * @param portIndex which port of the definition stands behind it
 * @param path of the label in the definition, as violations name it
 * @param label name and port it asks for
 * @param protocols under which it is served; never empty
 */
public record VipClaim(int portIndex, String path, VipLabel label, List<Protocol> protocols) {
  /** In any case, and not {@code VIP_0}: that means something on a port only. */
  private static final Pattern OF_TASK =
      Pattern.compile("vip_port(\\d*)", Pattern.CASE_INSENSITIVE);

  private static final Pattern SCHEME =
      Pattern.compile("(tcp|udp)://(.+)", Pattern.CASE_INSENSITIVE);

  public VipClaim {
    protocols = List.copyOf(protocols);
  }

  /**
   * All claims of an app that can be read, by port and then by label key. What cannot be read is
   * put into {@code problems}, and is no claim.
   */
  public static List<VipClaim> of(AppSpec app, Collection<Violation> problems) {
    List<VipClaim> claims = new ArrayList<>();
    for (int i = 0; i < app.ports().size(); i++) {
      for (Map.Entry<String, String> label :
          new TreeMap<>(app.ports().get(i).labels()).entrySet()) {
        if (VipLabel.isVipKey(label.getKey())) {
          String path = AppValidator.portPath(app, i) + "/labels/" + label.getKey();
          try {
            VipLabel parsed = VipLabel.parse(label.getValue());
            claims.add(new VipClaim(i, path, parsed, app.ports().get(i).protocols()));
          } catch (IllegalArgumentException e) {
            problems.add(new Violation(path, String.valueOf(e.getMessage())));
          }
        }
      }
    }
    ofTask(app, claims, problems);
    return claims;
  }

  /** As {@link #of(AppSpec, Collection)}, for those who need no reasons. */
  public static List<VipClaim> of(AppSpec app) {
    return of(app, new ArrayList<>());
  }

  private static void ofTask(AppSpec app, List<VipClaim> claims, Collection<Violation> problems) {
    for (Map.Entry<String, String> label : new TreeMap<>(app.labels()).entrySet()) {
      Matcher key = OF_TASK.matcher(label.getKey());
      if (key.matches()) {
        String path = "/labels/" + label.getKey();
        try {
          claims.add(ofTask(app, path, key.group(1), label.getValue()));
        } catch (IllegalArgumentException e) {
          problems.add(new Violation(path, String.valueOf(e.getMessage())));
        }
      }
    }
  }

  private static VipClaim ofTask(AppSpec app, String path, String number, String value) {
    Matcher scheme = SCHEME.matcher(value);
    if (!scheme.matches()) {
      throw new IllegalArgumentException(
          "'" + value + "' needs the form tcp://name:port or udp://name:port");
    }
    List<Integer> withHostPort = new ArrayList<>();
    for (int i = 0; i < app.ports().size(); i++) {
      if (app.ports().get(i).hostPort() != null) {
        withHostPort.add(i);
      }
    }
    int index =
        number.isEmpty() ? 0 : number.length() > 4 ? Integer.MAX_VALUE : Integer.parseInt(number);
    if (index >= withHostPort.size()) {
      throw new IllegalArgumentException(
          "the app has no host port number "
              + number
              + "; give the port a label VIP_0 instead of this one");
    }
    Protocol protocol = Protocol.valueOf(scheme.group(1).toUpperCase(Locale.ROOT));
    return new VipClaim(
        withHostPort.get(index), path, VipLabel.parse(scheme.group(2)), List.of(protocol));
  }
}
