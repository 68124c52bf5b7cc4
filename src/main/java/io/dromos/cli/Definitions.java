package io.dromos.cli;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Definitions and properties as users hand them to a command. */
final class Definitions {
  private static final Set<String> TEXT =
      Set.of("id", "cmd", "user", "executor", "role", "version");

  private Definitions() {}

  /** The text of a file or an address; of standard input for {@code -} and for nothing. */
  static String read(CommandContext context, @Nullable String source)
      throws CommandFailedException {
    if (source == null || source.equals("-")) {
      return context.input();
    }
    try {
      return source.startsWith("http://") || source.startsWith("https://")
          ? fetch(source)
          : Files.readString(Path.of(source));
    } catch (NoSuchFileException e) {
      throw new CommandFailedException("there is no file " + source);
    } catch (IOException | IllegalArgumentException e) {
      throw new CommandFailedException("cannot read " + source + ": " + e.getMessage());
    }
  }

  /**
   * {@code instances=3 cmd=date env={"A":"b"}} as JSON. A value is JSON if it reads as such, and
   * text otherwise; what can only be text, a command for instance, is text in any case.
   */
  static JsonObject properties(List<String> assignments) throws CommandFailedException {
    JsonObject properties = new JsonObject();
    for (String assignment : assignments) {
      int equals = assignment.indexOf('=');
      if (equals < 1) {
        throw new CommandFailedException(
            "'" + assignment + "' is not NAME=VALUE, as instances=3 is");
      }
      String name = assignment.substring(0, equals);
      String value = assignment.substring(equals + 1);
      properties.put(name, TEXT.contains(name) ? unquoted(value) : value(value));
    }
    return properties;
  }

  private static @Nullable Object value(String text) {
    try {
      return JsonParser.any().from(text);
    } catch (JsonParserException e) {
      return text;
    }
  }

  private static String unquoted(String text) {
    return text.startsWith("\"") && value(text) instanceof String inner ? inner : text;
  }

  private static String fetch(String url) throws IOException, CommandFailedException {
    try {
      HttpResponse<String> answer =
          HttpClient.newBuilder()
              .followRedirects(HttpClient.Redirect.NORMAL)
              .connectTimeout(Duration.ofSeconds(10))
              .build()
              .send(
                  HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(60)).build(),
                  HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new CommandFailedException(url + " answers " + answer.statusCode());
      }
      return answer.body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailedException("interrupted");
    }
  }
}
