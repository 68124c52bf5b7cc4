package io.dromos.dataplane.kernel;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Runs the programs as children of this process. They are looked for where administrators' programs
 * are, too: the path of an ordinary user often lacks that.
 */
final class Programs implements Tools {
  private static final long LIMIT_SECONDS = 30;

  private final List<String> prefix;
  private final Map<String, Optional<Path>> found = new ConcurrentHashMap<>();

  Programs() {
    this(List.of());
  }

  /**
   * @param prefix put before each command, such as {@code ip netns exec NAME}
   */
  Programs(List<String> prefix) {
    this.prefix = List.copyOf(prefix);
  }

  @Override
  public String run(List<String> command, String input) throws IOException {
    String program = command.get(0);
    Path path =
        find(program).orElseThrow(() -> new IOException("the program " + program + " is missing"));
    List<String> all = new ArrayList<>(prefix);
    all.add(path.toString());
    all.addAll(command.subList(1, command.size()));
    ProcessBuilder builder = new ProcessBuilder(all).redirectErrorStream(true);
    builder.environment().put("LC_ALL", "C");
    Process process = builder.start();
    try {
      try (OutputStream stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        // It ended without reading all; its status says why.
      }
      String printed =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException(program + " does not end");
      }
      if (process.exitValue() != 0) {
        throw new FailedException(
            printed.isEmpty() ? program + " ended with " + process.exitValue() : printed);
      }
      return printed;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(program + " was interrupted", e);
    } finally {
      process.destroyForcibly();
    }
  }

  @Override
  public boolean has(String program) {
    return find(program).isPresent();
  }

  private Optional<Path> find(String program) {
    return found.computeIfAbsent(program, Programs::search);
  }

  private static Optional<Path> search(String program) {
    Set<String> directories = new LinkedHashSet<>();
    String path = System.getenv("PATH");
    if (path != null) {
      directories.addAll(List.of(path.split(":")));
    }
    directories.addAll(List.of("/usr/sbin", "/sbin", "/usr/bin", "/bin"));
    return directories.stream()
        .filter(directory -> directory.startsWith("/"))
        .map(directory -> Path.of(directory, program))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
