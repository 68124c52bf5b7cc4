package io.dromos.dataplane.kernel;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A network namespace of its own, with a {@link Peer} inside: a machine or a container. */
final class Namespace implements AutoCloseable {
  private static final AtomicInteger NEXT = new AtomicInteger();

  private final String name;
  private @Nullable Process peer;
  private @Nullable BufferedWriter toPeer;
  private @Nullable BufferedReader fromPeer;

  private Namespace(String name) {
    this.name = name;
  }

  /** Whether this process may make namespaces and has the programs for it. */
  static boolean possible() {
    Programs programs = new Programs();
    if (!programs.has("ip") || !programs.has("nft") || !programs.has("conntrack")) {
      return false;
    }
    String name = "dk-probe-" + ProcessHandle.current().pid();
    try {
      programs.run("ip", "netns", "add", name);
      programs.run("ip", "netns", "del", name);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  static Namespace create() throws IOException {
    String name = "dk-" + ProcessHandle.current().pid() + "-" + NEXT.incrementAndGet();
    new Programs().run("ip", "netns", "add", name);
    Namespace namespace = new Namespace(name);
    namespace.ip("link set lo up");
    return namespace;
  }

  /** What the plane runs its programs with. */
  Tools tools() {
    return new Programs(List.of("ip", "netns", "exec", name));
  }

  String ip(String arguments) throws IOException {
    return run("ip " + arguments);
  }

  String nft(String arguments) throws IOException {
    return run("nft " + arguments);
  }

  private String run(String command) throws IOException {
    return tools().run(List.of(command.split(" ")), "");
  }

  /** Sets a parameter of the kernel, {@code net/ipv4/ip_forward}, where the kernel has it. */
  void parameter(String path, String value) throws IOException {
    String file = "/proc/sys/" + path;
    tools().run("sh", "-c", "[ ! -e " + file + " ] || echo " + value + " > " + file);
  }

  /** A cable between two namespaces. */
  void cable(String device, Namespace other, String otherDevice) throws IOException {
    new Programs()
        .run(
            "ip",
            "-n",
            name,
            "link",
            "add",
            device,
            "type",
            "veth",
            "peer",
            "name",
            otherDevice,
            "netns",
            other.name);
    ip("link set " + device + " up");
    other.ip("link set " + otherDevice + " up");
  }

  /** Tells the peer something and returns its answer. */
  String peer(String line) {
    try {
      if (peer == null) {
        startPeer();
      }
      BufferedWriter writer = toPeer;
      BufferedReader reader = fromPeer;
      if (writer == null || reader == null) {
        throw new IllegalStateException("no peer");
      }
      writer.write(line + "\n");
      writer.flush();
      String answer = reader.readLine();
      if (answer == null) {
        throw new IllegalStateException("the peer in " + name + " is gone");
      }
      return answer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void startPeer() throws IOException {
    List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", name));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"));
    command.addAll(List.of("-cp", classes(), Peer.class.getName()));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    peer = process;
    toPeer =
        new BufferedWriter(
            new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    fromPeer =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  private static String classes() {
    try {
      return Path.of(Peer.class.getProtectionDomain().getCodeSource().getLocation().toURI())
          .toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String toString() {
    return name;
  }

  @Override
  public void close() throws IOException {
    Process process = peer;
    if (process != null) {
      process.destroyForcibly();
    }
    if (Files.exists(Path.of("/run/netns", name))) {
      new Programs().run("ip", "netns", "del", name);
    }
  }
}
