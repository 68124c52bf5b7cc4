package io.dromos.runtime.process;

import io.dromos.runtime.NameServers;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Gives a process name servers of its own: it starts in a mount namespace in which {@code
 * /etc/resolv.conf} is our file. Needs root, {@code unshare} and {@code mount} (util-linux); where
 * one is missing, processes keep the machine's name servers, which is said once.
 *
 * <p>Where {@code /etc/nsswitch.conf} sends names to systemd-resolved past that file, the process
 * gets a copy of it without that way.
 */
final class ResolverFiles {
  private static final Logger LOG = System.getLogger(ResolverFiles.class.getName());
  private static final Path ETC = Path.of("/etc");
  private static final Pattern RESOLVE =
      Pattern.compile("(?<=\\s)resolve(\\s+\\[[^\\]]*\\])?(?=\\s|$)");

  /** In the new namespace; a mount that fails costs names, not the task. */
  private static final String SCRIPT =
      "\"$1\" --bind \"$2\" /etc/resolv.conf 2>/dev/null;"
          + " [ -z \"$3\" ] || \"$1\" --bind \"$3\" /etc/nsswitch.conf 2>/dev/null;"
          + " shift 3; exec \"$@\"";

  private final NameServers servers;
  private final Path directory;
  private final Tools tools;
  private final Path etc;
  private @Nullable Boolean permitted;

  ResolverFiles(NameServers servers, Path directory, Tools tools) {
    this(servers, directory, tools, ETC);
  }

  ResolverFiles(NameServers servers, Path directory, Tools tools, Path etc) {
    this.servers = servers;
    this.directory = directory;
    this.tools = tools;
    this.etc = etc;
  }

  /** Words to put before a task's command line; empty where it keeps the machine's servers. */
  List<String> prefix() {
    List<String> own = servers.ofMachine();
    Optional<Path> unshare = tools.unshare();
    Optional<Path> mount = tools.mount();
    if (own.isEmpty() || unshare.isEmpty() || mount.isEmpty() || !isPermitted(unshare.get())) {
      return List.of();
    }
    try {
      Path resolv = write("resolv.conf", resolvConf(own));
      Optional<String> nss = nsswitch();
      String second = nss.isPresent() ? write("nsswitch.conf", nss.get()).toString() : "";
      return List.of(
          unshare.get().toString(),
          "--mount",
          "--propagation",
          "slave",
          tools.shell().toString(),
          "-c",
          SCRIPT,
          "sh",
          mount.get().toString(),
          resolv.toString(),
          second);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "a process keeps the machine's name servers: {0}", e.toString());
      return List.of();
    }
  }

  /** The machine's own lines but for what we say instead. */
  private String resolvConf(List<String> own) throws IOException {
    List<String> lines = new ArrayList<>();
    own.forEach(server -> lines.add("nameserver " + server));
    lines.add("options " + String.join(" ", NameServers.OPTIONS));
    Path machine = etc.resolve("resolv.conf");
    if (Files.isReadable(machine)) {
      try (Stream<String> all = Files.lines(machine)) {
        all.filter(line -> line.matches("\\s*(search|domain|sortlist)\\s.*")).forEach(lines::add);
      }
    }
    return String.join("\n", lines) + "\n";
  }

  private Optional<String> nsswitch() throws IOException {
    Path machine = etc.resolve("nsswitch.conf");
    if (!Files.isReadable(machine)) {
      return Optional.empty();
    }
    StringBuilder text = new StringBuilder();
    boolean changed = false;
    for (String line : Files.readAllLines(machine)) {
      String kept = line;
      if (line.strip().startsWith("hosts:")) {
        kept = RESOLVE.matcher(line).replaceAll("");
        kept = kept.matches(".*\\sdns(\\s.*)?") ? kept : kept + " dns";
      }
      changed |= line.contains("resolve") && !kept.equals(line);
      text.append(kept).append('\n');
    }
    return changed ? Optional.of(text.toString()) : Optional.empty();
  }

  /** Replaced whole: tasks that run keep the file that they were given. */
  private Path write(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    if (Files.isRegularFile(file) && Files.readString(file).equals(text)) {
      return file;
    }
    Files.createDirectories(directory);
    Path fresh = Files.createTempFile(directory, name, "");
    Files.writeString(fresh, text, StandardCharsets.UTF_8);
    // Every user may read the machine's too.
    Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-r--r--"));
    return Files.move(
        fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private synchronized boolean isPermitted(Path unshare) {
    if (permitted == null) {
      permitted = tried(unshare);
      if (!permitted) {
        LOG.log(
            Level.WARNING,
            "processes keep the machine's name servers: a mount namespace of their own needs root;"
                + " point the machine at this node's name server instead");
      }
    }
    return permitted;
  }

  private boolean tried(Path unshare) {
    try {
      Process trial =
          new ProcessBuilder(
                  unshare.toString(),
                  "--mount",
                  "--propagation",
                  "slave",
                  tools.shell().toString(),
                  "-c",
                  "exit 0")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return trial.waitFor(5, TimeUnit.SECONDS) && trial.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
