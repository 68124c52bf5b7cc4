package io.dromos.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.databind.type.LogicalType;
import io.dromos.app.Violation;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * JSON as Marathon 1.11 reads and writes it (marathon-api reference, 1.2): absent instead of null,
 * no coercion between kinds, unknown fields ignored, times in UTC with three fraction digits.
 */
public final class Json {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  /** Shared and immutable. Null fields are left out; an {@code ObjectNode} keeps its nulls. */
  public static final ObjectMapper MAPPER = mapper();

  private Json() {}

  /** {@code 2014-08-26T05:04:49.766Z}: always UTC, always three digits. */
  public static String time(Instant instant) {
    return TIME.format(instant);
  }

  /** As {@link #time(Instant)}, null for null. */
  public static @Nullable String timeOrNull(@Nullable Instant instant) {
    return instant == null ? null : time(instant);
  }

  /** The JSON text of a wire value. */
  public static String write(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a wire record that cannot be written", e);
    }
  }

  /** Reads a request body. */
  public static <T> T read(byte[] body, Class<T> type) {
    return type.cast(read(body, MAPPER.constructType(type)));
  }

  /**
   * Reads a request body of any type.
   *
   * @throws BodyException 400 for an empty body or broken JSON, 422 for a wrong kind of value
   */
  public static Object read(byte[] body, JavaType type) {
    try {
      JsonNode tree = MAPPER.readTree(body);
      if (tree == null || tree.isMissingNode()) {
        throw BodyException.empty();
      }
      List<Violation> broken = new ArrayList<>();
      clean(tree, "", broken);
      if (!broken.isEmpty() || tree.isNull()) {
        throw BodyException.invalid(
            broken.isEmpty() ? List.of(new Violation("/", "error.expected.jsobject")) : broken);
      }
      return MAPPER.treeToValue(tree, type);
    } catch (JsonMappingException e) {
      throw BodyException.invalid(List.of(violation(e)));
    } catch (JsonProcessingException e) {
      throw BodyException.syntax(withoutSource(e.getOriginalMessage()) + place(e));
    } catch (IOException e) {
      // Bytes that are not UTF-8; reading from memory fails in no other way.
      throw BodyException.syntax(String.valueOf(e.getMessage()));
    }
  }

  /** Jackson says in brackets that it will not show the text; nobody asked. */
  private static String withoutSource(String message) {
    return message.replaceAll("\\[Source: REDACTED [^;]*; ", "[");
  }

  private static String place(JsonProcessingException e) {
    return e.getLocation() == null
        ? ""
        : " at line " + e.getLocation().getLineNr() + ", column " + e.getLocation().getColumnNr();
  }

  /**
   * A null field is an absent field; a null element is an error, and so is half a character, which
   * nothing could store or send back.
   */
  private static void clean(JsonNode node, String path, List<Violation> found) {
    if (node instanceof ObjectNode object) {
      for (Iterator<JsonNode> values = object.elements(); values.hasNext(); ) {
        if (values.next().isNull()) {
          values.remove();
        }
      }
      for (var field : object.properties()) {
        String at = path + "/" + field.getKey();
        text(field.getKey(), at, found);
        clean(field.getValue(), at, found);
      }
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        String element = path + "(" + i + ")";
        if (array.get(i).isNull()) {
          found.add(new Violation(element, "error.path.missing"));
        } else {
          clean(array.get(i), element, found);
        }
      }
    } else if (node.isTextual()) {
      text(node.textValue(), path, found);
    }
  }

  private static void text(String text, String path, List<Violation> found) {
    if (text.codePoints().anyMatch(c -> Character.getType(c) == Character.SURROGATE)) {
      String where = path.isEmpty() ? "/" : path.replaceAll("\\p{Cs}", "?");
      found.add(new Violation(where, "half of a UTF-16 pair is no text"));
    }
  }

  private static Violation violation(JsonMappingException e) {
    StringBuilder path = new StringBuilder();
    for (JsonMappingException.Reference step : e.getPath()) {
      if (step.getFieldName() == null) {
        path.append('(').append(step.getIndex()).append(')');
      } else {
        path.append('/').append(step.getFieldName());
      }
    }
    return new Violation(path.isEmpty() ? "/" : path.toString(), expected(e));
  }

  private static String expected(JsonMappingException e) {
    Class<?> type = e instanceof MismatchedInputException m ? m.getTargetType() : null;
    if (type == null || Number.class.isAssignableFrom(type) || type.isPrimitive()) {
      // A whole number was wanted: it has a fraction or does not fit.
      boolean number =
          e.getProcessor() instanceof JsonParser parser
              && parser.currentToken() != null
              && parser.currentToken().isNumeric();
      return number ? "error.expected.int" : "error.expected.jsnumber";
    }
    if (type == String.class) {
      return "error.expected.jsstring";
    }
    if (type == Boolean.class) {
      return "error.expected.jsboolean";
    }
    return List.class.isAssignableFrom(type) ? "error.expected.jsarray" : "error.expected.jsobject";
  }

  private static ObjectMapper mapper() {
    SimpleModule times = new SimpleModule();
    times.addSerializer(new InstantWriter());
    JsonMapper mapper =
        JsonMapper.builder()
            .defaultPropertyInclusion(
                JsonInclude.Value.construct(
                    JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
            // Marathon ignores fields it does not know, and clients send back what they read.
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .addModule(times)
            .build();
    // Blank text is no number either: Jackson would make null of it, also inside a list.
    mapper
        .coercionConfigDefaults()
        .setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail);
    for (CoercionInputShape shape :
        List.of(CoercionInputShape.Integer, CoercionInputShape.Float, CoercionInputShape.Boolean)) {
      mapper.coercionConfigFor(LogicalType.Textual).setCoercion(shape, CoercionAction.Fail);
    }
    return mapper;
  }

  private static final class InstantWriter extends StdSerializer<Instant> {
    private static final long serialVersionUID = 1L;

    InstantWriter() {
      super(Instant.class);
    }

    @Override
    public void serialize(Instant value, JsonGenerator generator, SerializerProvider provider)
        throws IOException {
      generator.writeString(time(value));
    }
  }
}
