package io.dromos.launcher;

import io.dromos.platform.Setting;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The flags of {@code up}: one for each {@link Setting}, {@code --api-port 8081} or with {@code =}.
 */
final class UpFlags {
  private UpFlags() {}

  /** {@code --api-port} for {@code dromos.api.port}. */
  static String flag(Setting setting) {
    return "--" + setting.key().substring("dromos.".length()).replace('.', '-');
  }

  /**
   * The settings that {@code arguments} give, by key.
   *
   * @throws StartRefusedException naming the argument that isn't understood
   */
  static Map<String, String> parse(List<String> arguments) throws StartRefusedException {
    Map<String, String> settings = new LinkedHashMap<>();
    Iterator<String> rest = arguments.iterator();
    while (rest.hasNext()) {
      String argument = rest.next();
      int equals = argument.indexOf('=');
      String name = equals < 0 ? argument : argument.substring(0, equals);
      Setting setting =
          Arrays.stream(Setting.values())
              .filter(s -> flag(s).equals(name))
              .findFirst()
              .orElseThrow(() -> unknown(name));
      if (equals < 0 && !rest.hasNext()) {
        throw new StartRefusedException(
            StartRefusedException.USAGE, name + " needs a value: " + setting.meaning());
      }
      settings.put(setting.key(), equals < 0 ? rest.next() : argument.substring(equals + 1));
    }
    return settings;
  }

  /** What {@code up --help} prints. */
  static String help() {
    return Arrays.stream(Setting.values())
        .map(
            s ->
                String.format(
                    Locale.ROOT,
                    "  %-24s %s%s",
                    flag(s),
                    s.meaning(),
                    s.defaultValue().isEmpty() ? "" : " [" + s.defaultValue() + "]"))
        .collect(
            Collectors.joining(
                "\n",
                """
                Usage: dromos up [FLAGS]

                Runs a node in the foreground: REST API and console, tasks, VIPs, DNS and edge.
                Every flag is also a setting (dromos.api.port) and an environment variable
                (DROMOS_API_PORT).

                """,
                "\n\nExample: dromos up --api-port 8081 --edge-address 0.0.0.0\n"));
  }

  private static StartRefusedException unknown(String name) {
    String words = name.replaceAll("^-+", "");
    String known =
        Arrays.stream(Setting.values())
            .map(UpFlags::flag)
            .filter(f -> f.contains(words) || words.contains(f.substring(2)))
            .findFirst()
            .map(f -> "; did you mean " + f + "?")
            .orElse("; up --help lists the flags");
    return new StartRefusedException(StartRefusedException.USAGE, "unknown flag " + name + known);
  }
}
