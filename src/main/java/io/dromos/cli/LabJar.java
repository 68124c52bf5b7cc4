package io.dromos.cli;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;

/**
 * The jar that runs and the Java that runs it: what the lab starts its node and its service from.
 */
record LabJar(Path java, Path jar) {
  static LabJar running() throws CommandFailedException {
    CodeSource source = LabJar.class.getProtectionDomain().getCodeSource();
    try {
      Path jar = source == null ? null : Path.of(source.getLocation().toURI());
      if (jar != null && Files.isRegularFile(jar)) {
        return new LabJar(Path.of(System.getProperty("java.home"), "bin", "java"), jar);
      }
    } catch (URISyntaxException | IllegalArgumentException e) {
      // No file: reported below.
    }
    throw new CommandFailedException(
        "the lab starts nodes from the packaged jar: java -jar target/dromos.jar lab");
  }

  /** {@code java -jar dromos.jar} and these words. */
  List<String> command(List<String> words) {
    List<String> command = new ArrayList<>(List.of(java.toString(), "-jar", jar.toString()));
    command.addAll(words);
    return command;
  }

  /** A shell command that runs the sample service out of the jar, with the image's own flags. */
  String serviceCommand() {
    return "exec "
        + quoted(java)
        + " -Xmx16m -Xss256k -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto -cp "
        + quoted(jar)
        + " SimpleService";
  }

  private static String quoted(Path path) {
    String text = path.toString();
    return text.matches("[A-Za-z0-9_./+-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
