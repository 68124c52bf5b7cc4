package io.dromos.dataplane.tls;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Every certificate an edge can present. Looks at its files every two seconds; what changed serves
 * the next handshake, and connections that exist do not notice. Files that cannot be used are said
 * once, and never take away what worked before. Safe for use by many threads.
 */
public final class Certificates implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Certificates.class.getName());
  private static final Duration LOOK_EVERY = Duration.ofSeconds(2);
  private static final Duration WARN_BEFORE = Duration.ofDays(14);

  /** What handshakes look at. */
  private record Index(
      Map<String, ServedCredential> exact,
      Map<String, ServedCredential> wildcards,
      @Nullable ServedCredential first,
      Map<String, ServedCredential> labelled) {}

  private final TlsConfig config;
  private final boolean needed;
  private final CertificateFiles configured = new CertificateFiles();
  private final Map<String, CertificateFiles> byReference = new HashMap<>();
  private final Map<String, String> referenceProblems = new TreeMap<>();
  private final Set<String> said = new HashSet<>();
  private final Map<String, Instant> warned = new HashMap<>();
  private final ScheduledExecutorService looking;
  private volatile Index index = new Index(Map.of(), Map.of(), null, Map.of());
  private @Nullable ServedCredential lastResort;
  private Runnable changed = () -> {};

  /**
   * Reads everything once; {@link #watch} begins to look for changes.
   *
   * @param needed whether there must be a certificate, be it one that nobody trusts
   */
  public Certificates(TlsConfig config, boolean needed) {
    this.config = config;
    this.needed = needed;
    this.looking =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "dromos-certificates");
              thread.setDaemon(true);
              return thread;
            });
    refresh(Instant.now());
  }

  /** Looks at the files from now on. {@code whenChanged} runs after other ones are in use. */
  @SuppressWarnings("FutureReturnValueIgnored") // ends with the executor; look() fails on nothing
  public void watch(Runnable whenChanged) {
    synchronized (this) {
      changed = whenChanged;
    }
    long nanos = LOOK_EVERY.toNanos();
    looking.scheduleWithFixedDelay(this::look, nanos, nanos, TimeUnit.NANOSECONDS);
  }

  private void look() {
    try {
      if (refresh(Instant.now())) {
        Runnable tell;
        synchronized (this) {
          tell = changed;
        }
        tell.run();
      }
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "the edge's certificates could not be looked at", e);
    }
  }

  /** The certificate for a name that a client asks for; without a name, the first of all. */
  public @Nullable ServedCredential named(@Nullable String serverName) {
    Index now = index;
    if (serverName != null) {
      ServedCredential exact = now.exact().get(serverName);
      if (exact != null) {
        return exact;
      }
      int dot = serverName.indexOf('.');
      ServedCredential wildcard =
          dot < 0 ? null : now.wildcards().get(serverName.substring(dot + 1));
      if (wildcard != null) {
        return wildcard;
      }
    }
    return now.first();
  }

  /** The certificate a label names, once {@link #require} found it. */
  public @Nullable ServedCredential labelled(String reference) {
    return index.labelled().get(reference);
  }

  /**
   * The certificates that labels name from now on: an absolute path, or the name of a file under
   * the configured ones.
   *
   * @return why some cannot be used, by reference
   */
  public synchronized Map<String, String> require(Set<String> references) {
    byReference.keySet().retainAll(references);
    for (String reference : references) {
      byReference.computeIfAbsent(reference, any -> new CertificateFiles());
    }
    refresh(Instant.now());
    return Map.copyOf(referenceProblems);
  }

  /** Reads what changed. Returns whether other certificates are in use afterwards. */
  synchronized boolean refresh(Instant now) {
    List<ServedCredential> usable = new ArrayList<>(configured.load(config.sources()));
    Set<String> problems = new LinkedHashSet<>(configured.problems().values());
    Map<String, ServedCredential> labelled = new HashMap<>();
    referenceProblems.clear();
    byReference.forEach(
        (reference, files) -> {
          Path file = resolve(reference);
          ServedCredential served = null;
          if (file == null) {
            referenceProblems.put(
                reference,
                "no certificate '"
                    + reference
                    + "'; give an absolute path, or the name of a file under"
                    + " dromos.edge.certificates");
          } else {
            served = files.load(List.of(file)).stream().findFirst().orElse(null);
            files.problems().values().forEach(problem -> referenceProblems.put(reference, problem));
            if (served == null) {
              referenceProblems.putIfAbsent(reference, file + ": it holds no certificate");
            }
          }
          if (served != null) {
            labelled.put(reference, served);
          }
        });
    boolean other = swap(usable, labelled, problems, now);
    say(problems);
    warnOfEnds(now);
    return other;
  }

  private @Nullable Path resolve(String reference) {
    try {
      Path path = Path.of(reference);
      if (path.isAbsolute()) {
        return path.normalize();
      }
      for (Path source : config.sources()) {
        Path inside = source.resolve(path).normalize();
        if (java.nio.file.Files.isRegularFile(inside) && inside.startsWith(source)) {
          return inside;
        }
        if (path.equals(source.getFileName())) {
          return source;
        }
      }
    } catch (java.nio.file.InvalidPathException e) {
      // As good as a name that nothing has.
    }
    return null;
  }

  private boolean swap(
      List<ServedCredential> usable,
      Map<String, ServedCredential> labelled,
      Set<String> problems,
      Instant now) {
    Map<String, ServedCredential> exact = new HashMap<>();
    Map<String, ServedCredential> wildcards = new HashMap<>();
    List<ServedCredential> ordered = new ArrayList<>(usable);
    // One that has ended must not shadow its successor.
    ordered.sort(
        java.util.Comparator.comparing(served -> served.credential().notAfter().isBefore(now)));
    for (ServedCredential served : ordered) {
      for (String name : served.credential().names()) {
        if (name.startsWith("*.")) {
          wildcards.putIfAbsent(name.substring(2), served);
        } else {
          exact.putIfAbsent(name, served);
        }
      }
    }
    ServedCredential first = usable.isEmpty() ? lastResort(problems, now) : usable.get(0);
    Index next = new Index(Map.copyOf(exact), Map.copyOf(wildcards), first, Map.copyOf(labelled));
    Index last = index;
    if (next.equals(last)) {
      return false;
    }
    index = next;
    if (first != null && !first.equals(last.first())) {
      sayFirst(first, usable.isEmpty());
    }
    return true;
  }

  /** Made when there is nothing else, and then kept. */
  private @Nullable ServedCredential lastResort(Set<String> problems, Instant now) {
    ServedCredential made = lastResort;
    if (!needed) {
      return null;
    }
    if (made != null && made.credential().notAfter().isAfter(now)) {
      return made;
    }
    try {
      made = ServedCredential.of(SelfSigned.in(config.selfSigned(), config.ownNames(), now));
    } catch (UnusableCertificateException e) {
      problems.add(String.valueOf(e.getMessage()));
    }
    lastResort = made;
    return made;
  }

  private static void sayFirst(ServedCredential first, boolean selfSigned) {
    if (selfSigned) {
      LOG.log(
          Level.WARNING,
          "edge presents a self-signed certificate, which browsers refuse: {0}, SHA-256 {1}; give"
              + " real ones with dromos.edge.certificates",
          first.credential().origin(),
          fingerprint(first));
    } else {
      LOG.log(
          Level.INFO,
          "edge presents {0} for {1} and for names that no certificate is for",
          first.credential().origin(),
          String.join(", ", first.credential().names()));
    }
  }

  private static String fingerprint(ServedCredential served) {
    try {
      byte[] der = served.credential().chain().get(0).getEncoded();
      return HexFormat.ofDelimiter(":")
          .withUpperCase()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(der));
    } catch (GeneralSecurityException e) {
      return "unknown";
    }
  }

  private void say(Set<String> problems) {
    for (String problem : problems) {
      if (said.add(problem)) {
        LOG.log(Level.WARNING, "certificate {0}", problem);
      }
    }
    said.retainAll(problems);
  }

  /** Once a day for each. */
  private void warnOfEnds(Instant now) {
    Index current = index;
    Set<ServedCredential> all = new LinkedHashSet<>(current.exact().values());
    all.addAll(current.wildcards().values());
    all.addAll(current.labelled().values());
    for (ServedCredential served : all) {
      Instant end = served.credential().notAfter();
      String origin = served.credential().origin();
      Instant last = warned.get(origin);
      if (end.isBefore(now.plus(WARN_BEFORE))
          && (last == null || last.plus(Duration.ofDays(1)).isBefore(now))) {
        warned.put(origin, now);
        LOG.log(
            Level.WARNING,
            "certificate {0} {1} {2}; put its successor in its place, it is read at once",
            origin,
            end.isBefore(now) ? "has ended at" : "ends at",
            end);
      }
    }
  }

  @Override
  public void close() {
    looking.shutdownNow();
  }
}
