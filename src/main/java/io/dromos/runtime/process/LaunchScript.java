package io.dromos.runtime.process;

import io.dromos.app.AppSpec;
import io.dromos.runtime.LaunchException;
import io.dromos.runtime.LaunchSpec;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The shell function that becomes a task: {@code exec env -i NAME=value… setsid … command}. The
 * environment goes through {@code env} and not through the shell's own, because a shell drops names
 * such as {@code PORT_HTTP-API}; it goes through a file and not through arguments, because anybody
 * on the machine can read those.
 */
final class LaunchScript {
  /** What a task inherits from Dromos when its definition doesn't say otherwise. */
  static final List<String> INHERITED = List.of("PATH", "LANG", "LC_ALL", "TZ");

  private LaunchScript() {}

  /**
   * The script for {@code spec}.
   *
   * @param ambient Dromos's own environment
   * @param resolver words that give what follows them name servers of its own
   */
  static String of(LaunchSpec spec, Tools tools, Map<String, String> ambient, List<String> resolver)
      throws LaunchException {
    List<String> words = new ArrayList<>();
    words.add(tools.env().toString());
    words.add("-i");
    environment(spec, ambient).forEach((name, value) -> words.add(name + "=" + value));
    tools.setsid().map(Path::toString).ifPresent(words::add);
    words.addAll(resolver);
    words.addAll(TaskUser.prefix(spec.app().user(), tools));
    words.addAll(command(spec.app(), tools));
    StringBuilder text = new StringBuilder("run_task() {\n  exec");
    words.forEach(word -> text.append(" \\\n    ").append(quoted(word)));
    return text.append("\n}\n").toString();
  }

  /** The complete environment of a task: the basics, then what the definition leads to. */
  static Map<String, String> environment(LaunchSpec spec, Map<String, String> ambient)
      throws LaunchException {
    Map<String, String> env = new TreeMap<>();
    for (String name : INHERITED) {
      String value = ambient.get(name);
      if (value != null) {
        env.put(name, value);
      }
    }
    env.putIfAbsent("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    env.put("HOME", spec.sandbox().toString());
    env.putAll(spec.env());
    for (Map.Entry<String, String> entry : env.entrySet()) {
      if (entry.getKey().isEmpty() || entry.getKey().indexOf('=') >= 0) {
        throw new LaunchException(true, "env: '" + entry.getKey() + "' cannot be a variable name");
      }
      if (entry.getKey().indexOf('\0') >= 0 || entry.getValue().indexOf('\0') >= 0) {
        throw new LaunchException(true, "env: " + entry.getKey() + " holds a NUL character");
      }
    }
    return env;
  }

  private static List<String> command(AppSpec app, Tools tools) throws LaunchException {
    List<String> command = new ArrayList<>();
    if (app.cmd() != null) {
      command.addAll(List.of(tools.shell().toString(), "-c", app.cmd()));
    } else {
      command.addAll(app.args());
    }
    if (command.isEmpty()) {
      throw new LaunchException(true, "neither cmd nor args say what to run");
    }
    if (command.stream().anyMatch(word -> word.indexOf('\0') >= 0)) {
      throw new LaunchException(true, "the command holds a NUL character");
    }
    return command;
  }

  /** One word for the shell, whatever it holds. */
  static String quoted(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }

  /** The shell program that waits for a task and outlives Dromos. */
  static String supervisor() {
    try (InputStream text = LaunchScript.class.getResourceAsStream("supervise.sh")) {
      if (text == null) {
        throw new IllegalStateException("supervise.sh is missing from the application");
      }
      return new String(text.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
