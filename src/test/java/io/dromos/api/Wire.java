package io.dromos.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.app.AppValidator;
import io.dromos.app.Violation;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/** Wire texts of the tests, inline or under {@code wire/}. */
final class Wire {
  private static final AppValidator VALIDATOR = new AppValidator(Set.of("localhost"));

  private Wire() {}

  static String file(String name) {
    try (InputStream in = Wire.class.getResourceAsStream("/wire/" + name)) {
      if (in == null) {
        throw new IllegalArgumentException("no wire/" + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static AppJson app(String json) {
    return Json.read(json.getBytes(StandardCharsets.UTF_8), AppJson.class);
  }

  /** Schema, legacy forms, and what the definition means: whatever comes first. */
  static List<Violation> violations(String json) {
    AppJson app = app(json);
    List<Violation> schema = AppSchema.check(app, "");
    if (!schema.isEmpty()) {
      return schema;
    }
    Normalized normalized =
        AppNormalizer.create(AppId.of(String.valueOf(app.id())), app, AppId.ROOT);
    return normalized instanceof Normalized.Broken broken
        ? broken.violations()
        : VALIDATOR.validate(((Normalized.Complete) normalized).spec());
  }

  static JsonNode tree(String json) {
    try {
      return Json.MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A whole definition, normalised; fails when it is broken. */
  static AppSpec spec(String json) {
    AppJson app = app(json);
    return complete(AppNormalizer.create(AppId.of(String.valueOf(app.id())), app, AppId.ROOT));
  }

  static AppSpec updated(AppSpec stored, String part) {
    return complete(AppNormalizer.update(stored, app(part), AppId.ROOT));
  }

  static AppSpec complete(Normalized normalized) {
    if (normalized instanceof Normalized.Complete complete) {
      return complete.spec();
    }
    throw new AssertionError(String.valueOf(normalized));
  }

  /** What is wrong with a whole definition before its meaning is judged. */
  static List<Violation> broken(String json) {
    AppJson app = app(json);
    Normalized normalized =
        AppNormalizer.create(AppId.of(String.valueOf(app.id())), app, AppId.ROOT);
    return normalized instanceof Normalized.Broken broken ? broken.violations() : List.of();
  }

  static JsonNode shown(AppSpec spec) {
    return tree(Json.write(AppJson.of(spec)));
  }
}
