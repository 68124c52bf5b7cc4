package io.dromos.cli;

import com.grack.nanojson.JsonWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a command stands on: its streams, the environment, and the server it speaks to. */
final class CommandContext {
  static final String DEFAULT_URL = "http://127.0.0.1:8080";

  private final InputStream in;
  private final PrintStream out;
  private final PrintStream err;
  private final Map<String, String> env;
  private @Nullable String url;
  private @Nullable String credentials;
  private @Nullable Server server;

  CommandContext(InputStream in, PrintStream out, PrintStream err, Map<String, String> env) {
    this.in = in;
    this.out = out;
    this.err = err;
    this.env = env;
  }

  PrintStream out() {
    return out;
  }

  PrintStream err() {
    return err;
  }

  Map<String, String> env() {
    return env;
  }

  /** {@code --url}, ahead of the environment. */
  void useUrl(String text) {
    url = text;
  }

  /** {@code --credentials}, ahead of the environment. */
  void useCredentials(String text) {
    credentials = text;
  }

  String url() {
    return url != null ? url : env.getOrDefault("DROMOS_URL", DEFAULT_URL);
  }

  @Nullable String credentials() {
    return credentials != null ? credentials : env.get("DROMOS_CREDENTIALS");
  }

  /** The server; nothing is sent before the first request. */
  Server server() throws CommandFailedException {
    Server known = server;
    if (known == null) {
      known = new Server(address(url()), credentials());
      server = known;
    }
    return known;
  }

  /** Everything on standard input. */
  String input() throws CommandFailedException {
    try {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new CommandFailedException("cannot read standard input: " + e.getMessage());
    }
  }

  /** Prints JSON in the command line's layout. */
  void print(Object json) {
    out.println(JsonWriter.indent("  ").string().value(json).done());
  }

  private static URI address(String text) throws CommandFailedException {
    String full = text.contains("://") ? text : "http://" + text;
    try {
      URI uri = URI.create(full.endsWith("/") ? full.substring(0, full.length() - 1) : full);
      if (uri.getHost() != null
          && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // Reported below, together with what parses and is no address of a server.
    }
    throw new CommandFailedException(
        "'" + text + "' is not the address of a server; give one like " + DEFAULT_URL);
  }
}
