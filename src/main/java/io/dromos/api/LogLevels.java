package io.dromos.api;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Levels of this JVM's loggers in the words of Marathon's {@code /logging}. What is set here holds
 * until the next start.
 */
@ApplicationScoped
public class LogLevels {
  private static final Map<String, Level> LEVELS =
      Map.of(
          "OFF", Level.OFF,
          "ERROR", Level.SEVERE,
          "WARN", Level.WARNING,
          "INFO", Level.INFO,
          "DEBUG", Level.FINE,
          "TRACE", Level.FINER,
          "ALL", Level.ALL);

  /** Levels that can be set. */
  static final Set<String> WORDS = LEVELS.keySet();

  private static final String ROOT = "ROOT";

  // Loggers are held weakly by the JVM, and with them the levels that somebody set.
  private final Map<String, Logger> held = new ConcurrentHashMap<>();

  /** Level by logger; {@code (inherited)} marks those without one of their own. */
  Map<String, String> all() {
    Map<String, String> levels = new TreeMap<>();
    LogManager manager = LogManager.getLogManager();
    for (String name : Collections.list(manager.getLoggerNames())) {
      Logger logger = manager.getLogger(name);
      if (logger != null) {
        levels.put(
            name.isEmpty() ? ROOT : name,
            word(effective(logger)) + (logger.getLevel() == null ? " (inherited)" : ""));
      }
    }
    return levels;
  }

  /**
   * Sets a level.
   *
   * @param word one of {@link #WORDS}, in any case
   * @param seconds after which the level of before comes back; null: never
   */
  void set(String name, String word, @Nullable Long seconds) {
    Logger logger = held.computeIfAbsent(name, n -> Logger.getLogger(n.equals(ROOT) ? "" : n));
    Level before = logger.getLevel();
    Level wanted = LEVELS.getOrDefault(word.toUpperCase(Locale.ROOT), Level.INFO);
    logger.setLevel(wanted);
    if (seconds != null) {
      Executor later = CompletableFuture.delayedExecutor(seconds, TimeUnit.SECONDS);
      later.execute(
          () -> {
            if (wanted.equals(logger.getLevel())) {
              logger.setLevel(before);
            }
          });
    }
  }

  private static Level effective(Logger logger) {
    for (Logger at = logger; at != null; at = at.getParent()) {
      Level level = at.getLevel();
      if (level != null) {
        return level;
      }
    }
    return Level.INFO;
  }

  private static String word(Level level) {
    int value = level.intValue();
    if (value == Level.OFF.intValue() || value == Level.ALL.intValue()) {
      return level.getName();
    }
    if (value >= Level.SEVERE.intValue()) {
      return "ERROR";
    }
    if (value >= Level.WARNING.intValue()) {
      return "WARN";
    }
    if (value >= Level.INFO.intValue()) {
      return "INFO";
    }
    return value >= Level.FINE.intValue() ? "DEBUG" : "TRACE";
  }
}
