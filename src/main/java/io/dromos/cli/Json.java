package io.dromos.cli;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reading JSON that a user wrote or a server sent. */
final class Json {
  private Json() {}

  static Object parse(String text) throws CommandFailedException {
    return parse(text, "the server's answer");
  }

  /** Any JSON value; {@code what} names the text in the message of a failure. */
  static Object parse(String text, String what) throws CommandFailedException {
    try {
      return JsonParser.any().from(text);
    } catch (JsonParserException e) {
      // The library's message ends in its own position; the line and column say it for an editor.
      String words = String.valueOf(e.getMessage()).replaceAll(" on line \\d+, char \\d+", "");
      throw new CommandFailedException(
          what
              + " is not JSON: "
              + words
              + " (line "
              + e.getLinePosition()
              + ", column "
              + e.getCharPosition()
              + ")");
    }
  }

  static JsonObject object(String text, String what) throws CommandFailedException {
    if (parse(text, what) instanceof JsonObject object) {
      return object;
    }
    throw new CommandFailedException(what + " is not a JSON object");
  }

  /** The objects of an array; whatever else it holds is left out. */
  static List<JsonObject> objects(@Nullable Object array) {
    List<JsonObject> objects = new ArrayList<>();
    if (array instanceof JsonArray items) {
      for (Object item : items) {
        if (item instanceof JsonObject object) {
          objects.add(object);
        }
      }
    }
    return objects;
  }

  static String join(List<?> items, String separator) {
    return items.stream().map(String::valueOf).collect(Collectors.joining(separator));
  }
}
