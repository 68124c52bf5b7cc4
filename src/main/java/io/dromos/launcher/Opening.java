package io.dromos.launcher;

import io.dromos.platform.Setting;
import io.dromos.platform.Settings;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * A database that is being opened beside other work. It may be closed at any time, from any thread:
 * an embedded server that is still coming up is waited for and then stopped, so that no start that
 * failed or was given up leaves one behind.
 */
final class Opening implements AutoCloseable {
  private final CompletableFuture<Database> database;
  private final boolean embedded;

  private Opening(CompletableFuture<Database> database, boolean embedded) {
    this.database = database;
    this.embedded = embedded;
  }

  static Opening begin(Settings settings, Path dataDir) {
    boolean embedded = settings.explicit(Setting.DB_URL).isEmpty();
    return new Opening(
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return Database.open(settings, dataDir);
              } catch (StartRefusedException e) {
                throw new CompletionException(e);
              }
            }),
        embedded);
  }

  /** Returns once it answers. */
  Database await() throws StartRefusedException {
    try {
      return database.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof StartRefusedException refused) {
        throw refused;
      }
      throw e;
    }
  }

  /** Somebody else's server needs no stop, so nobody waits for it here. */
  @Override
  public synchronized void close() {
    if (embedded) {
      database
          .handle(
              (opened, refusal) -> {
                if (opened != null) {
                  opened.close();
                }
                return true;
              })
          .join();
    }
  }
}
