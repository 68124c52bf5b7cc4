package io.dromos.runtime.artifact;

import io.dromos.app.AppSpec;
import io.dromos.app.Artifact;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Brings an app's {@code fetch} entries into the sandbox before its task starts (Marathon 1.11:
 * {@code FetchUri}; Mesos: {@code fetcher.cpp}). Archives are unpacked where the definition says
 * so, and nothing is ever written outside the sandbox. A file with {@code cache} stays on the node;
 * its server is asked each time whether it changed, and when the server cannot be reached, what is
 * there is used.
 */
public final class Artifacts {
  private static final Logger LOG = System.getLogger(Artifacts.class.getName());
  private static final int LOCKS = 64;

  private final ArtifactCache cache;
  private final ArtifactLimits limits;
  private final Clock clock;
  private final Object[] locks = IntStream.range(0, LOCKS).mapToObj(i -> new Object()).toArray();

  /**
   * @param directory where cached files are kept; need not exist yet
   */
  public Artifacts(Path directory, ArtifactLimits limits, Clock clock) {
    this.cache = new ArtifactCache(directory, limits.cache());
    this.limits = limits;
    this.clock = clock;
    cache.sweep();
  }

  /** Everything, in the order of the definition. */
  public void fetchAll(AppSpec app, Path sandbox) throws ArtifactException, InterruptedException {
    Budget budget = new Budget(limits.task());
    for (Artifact artifact : app.fetch()) {
      fetch(artifact, sandbox, budget);
    }
  }

  private void fetch(Artifact artifact, Path sandbox, Budget budget)
      throws ArtifactException, InterruptedException {
    String shown = artifact.uri();
    try {
      ArtifactSource source = ArtifactSource.of(artifact.uri());
      shown = source.shown();
      Path target = target(artifact, source, sandbox);
      if (artifact.cache() && limits.cache() > 0) {
        // Of concurrent launches the first downloads, and the others find it done.
        synchronized (locks[Math.floorMod(artifact.uri().hashCode(), LOCKS)]) {
          provideCached(artifact, source, target, budget);
        }
      } else {
        download(source, target, budget);
        finish(artifact, target, target, budget);
      }
    } catch (IOException | RuntimeException e) {
      throw new ArtifactException("Failed to fetch " + shown + ": " + words(e));
    } catch (ArtifactException e) {
      throw new ArtifactException("Failed to fetch " + shown + ": " + e.getMessage());
    }
  }

  private static Path target(Artifact artifact, ArtifactSource source, Path sandbox)
      throws ArtifactException, IOException {
    String destination = artifact.destPath() == null ? source.fileName() : artifact.destPath();
    if (destination.isEmpty()) {
      throw new ArtifactException("it ends in no file name; give a destPath");
    }
    Path target = sandbox.resolve(destination).normalize();
    Path parent = target.getParent();
    if (parent == null || !target.startsWith(sandbox) || target.equals(sandbox)) {
      throw new ArtifactException("its destPath lies outside the sandbox");
    }
    Files.createDirectories(parent);
    if (!parent.toRealPath().startsWith(sandbox.toRealPath())) {
      throw new ArtifactException("its destPath leads out of the sandbox by a link");
    }
    return target;
  }

  private void download(ArtifactSource source, Path target, Budget budget)
      throws IOException, InterruptedException, ArtifactException {
    try (ArtifactSource.Answer answer = source.open(ArtifactSource.Validators.NONE)) {
      save(answer, target, budget);
    }
  }

  private static void save(ArtifactSource.Answer answer, Path target, Budget budget)
      throws IOException, ArtifactException {
    InputStream content = answer.content();
    if (content == null) {
      throw new IOException("the server sent nothing");
    }
    if (Files.isSymbolicLink(target)) {
      Files.delete(target);
    }
    try (OutputStream out = Files.newOutputStream(target)) {
      budget.copy(content, out);
    }
  }

  private void provideCached(Artifact artifact, ArtifactSource source, Path target, Budget budget)
      throws IOException, InterruptedException, ArtifactException {
    Optional<ArtifactCache.Entry> known = cache.find(artifact.uri());
    Optional<ArtifactCache.Entry> entry = renewed(artifact, source, target, known, budget);
    if (entry.isEmpty()) {
      finish(artifact, target, target, budget);
      return;
    }
    try {
      useCached(artifact, entry.get().content(), target, budget);
    } catch (NoSuchFileException e) {
      // It had to make room for another artifact just now.
      download(source, target, budget);
      finish(artifact, target, target, budget);
    }
  }

  private void useCached(Artifact artifact, Path content, Path target, Budget budget)
      throws IOException, ArtifactException {
    cache.touch(artifact.uri(), clock.instant());
    if (isUnpacked(artifact, target)) {
      // Mesos does not leave a cached archive in the sandbox either.
      finish(artifact, content, target, budget);
    } else {
      budget.take(Files.size(content));
      Files.copy(content, target, StandardCopyOption.REPLACE_EXISTING);
      finish(artifact, target, target, budget);
    }
  }

  /** The cache's present content; empty when it was downloaded to {@code target} instead. */
  private Optional<ArtifactCache.Entry> renewed(
      Artifact artifact,
      ArtifactSource source,
      Path target,
      Optional<ArtifactCache.Entry> known,
      Budget budget)
      throws IOException, InterruptedException, ArtifactException {
    ArtifactSource.Validators validators =
        known.map(ArtifactCache.Entry::validators).orElse(ArtifactSource.Validators.NONE);
    try (ArtifactSource.Answer answer = source.open(validators)) {
      if (answer.content() == null) {
        return known;
      }
      if (!answer.validators().exist()) {
        // Nobody could tell whether it changed.
        save(answer, target, budget);
        return Optional.empty();
      }
      Path part = cache.part();
      try {
        save(answer, part, new Budget(limits.task()));
        Optional<ArtifactCache.Entry> kept = cache.put(artifact.uri(), answer.validators(), part);
        if (kept.isEmpty()) {
          budget.take(Files.size(part));
          Files.copy(part, target, StandardCopyOption.REPLACE_EXISTING);
        }
        return kept;
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (IOException e) {
      if (known.isEmpty()) {
        throw e;
      }
      LOG.log(Level.WARNING, "{0}: {1}; what is cached of it is used", source.shown(), words(e));
      return known;
    }
  }

  private static void finish(Artifact artifact, Path content, Path target, Budget budget)
      throws IOException, ArtifactException {
    if (artifact.executable() && !target.toFile().setExecutable(true, false)) {
      throw new IOException("it cannot be made executable");
    }
    Path directory = target.getParent();
    if (isUnpacked(artifact, target) && directory != null) {
      Unpacker.unpack(content, fileName(target), directory, budget);
    }
  }

  private static boolean isUnpacked(Artifact artifact, Path target) {
    return artifact.extract() && !artifact.executable() && Unpacker.isArchive(fileName(target));
  }

  private static String fileName(Path path) {
    return String.valueOf(path.getFileName());
  }

  private static String words(Exception e) {
    String message = e.getMessage();
    String kind = e.getClass().getSimpleName().replaceAll("(Exception|Error)$", "");
    return message == null || message.isBlank() ? kind : kind + ": " + message;
  }
}
