package io.dromos.dataplane.http;

import io.dromos.routing.BasicAuth;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.commons.codec.digest.Crypt;
import org.apache.commons.codec.digest.Md5Crypt;
import org.jspecify.annotations.Nullable;

/**
 * Checks HTTP Basic passwords against crypt(3) hashes. Such a hash takes milliseconds on purpose,
 * so it is never computed on an event loop: one thread does it, with a short queue, and what it
 * found is remembered. Whoever guesses passwords can keep that thread busy and nothing else.
 */
final class Credentials implements AutoCloseable {
  /** What becomes of a request. */
  enum Verdict {
    GRANTED,
    DENIED,
    /** Too many others are being checked. */
    BUSY
  }

  private static final int QUEUE = 256;
  private static final int REMEMBERED = 2_000;
  private static final int LONGEST_PASSWORD = 1_000;

  private final byte[] salt;
  private final Map<String, Boolean> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
          return size() > REMEMBERED;
        }
      };
  private final ThreadPoolExecutor worker;

  /** {@code salt} keeps what is remembered from being anybody's table of hashes. */
  Credentials(String name, byte[] salt) {
    this.salt = salt.clone();
    this.worker =
        new ThreadPoolExecutor(
            1,
            1,
            10,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(QUEUE),
            task -> {
              Thread thread = new Thread(task, "dromos-" + name + "-passwords");
              thread.setDaemon(true);
              return thread;
            });
    worker.allowCoreThreadTimeOut(true);
  }

  /**
   * Judges an Authorization header. {@code then} runs at once where that is possible, else on
   * {@code on}.
   */
  void check(@Nullable String header, BasicAuth auth, Executor on, Consumer<Verdict> then) {
    String password = password(header, auth.user());
    if (password == null) {
      then.accept(Verdict.DENIED);
      return;
    }
    String key = key(auth.hash(), password);
    Boolean seen;
    synchronized (known) {
      seen = known.get(key);
    }
    if (seen != null) {
      then.accept(seen ? Verdict.GRANTED : Verdict.DENIED);
      return;
    }
    try {
      worker.execute(
          () -> {
            boolean right = matches(password, auth.hash());
            synchronized (known) {
              known.put(key, right);
            }
            on.execute(() -> then.accept(right ? Verdict.GRANTED : Verdict.DENIED));
          });
    } catch (RejectedExecutionException e) {
      then.accept(Verdict.BUSY);
    }
  }

  /** What the header says the password of that user is; null when it says nothing of the kind. */
  private static @Nullable String password(@Nullable String header, String user) {
    if (header == null || !header.toLowerCase(Locale.ROOT).startsWith("basic ")) {
      return null;
    }
    try {
      byte[] pair = Base64.getDecoder().decode(header.substring(6).strip());
      String text = new String(pair, StandardCharsets.UTF_8);
      int colon = text.indexOf(':');
      boolean own =
          colon >= 0
              && MessageDigest.isEqual(
                  text.substring(0, colon).getBytes(StandardCharsets.UTF_8),
                  user.getBytes(StandardCharsets.UTF_8));
      return own && text.length() - colon <= LONGEST_PASSWORD ? text.substring(colon + 1) : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** The password itself is not kept. */
  private String key(String hash, String password) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(salt);
      digest.update(hash.getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
      digest.update(password.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Whether crypt(3) makes this hash of the password. */
  static boolean matches(String password, String hash) {
    byte[] bytes = password.getBytes(StandardCharsets.UTF_8);
    try {
      String made =
          hash.startsWith("$apr1$") ? Md5Crypt.apr1Crypt(bytes, hash) : Crypt.crypt(bytes, hash);
      return MessageDigest.isEqual(
          made.getBytes(StandardCharsets.UTF_8), hash.getBytes(StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      return false;
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  @Override
  public void close() {
    worker.shutdownNow();
  }
}
