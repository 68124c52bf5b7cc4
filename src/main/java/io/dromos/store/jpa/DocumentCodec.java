package io.dromos.store.jpa;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.KeyDeserializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import io.dromos.app.AppId;
import io.dromos.task.TaskId;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Domain records as JSON documents: components by name, instants in ISO form with all their digits,
 * ids as plain text, also as keys. What a document lacks reads as empty, and what it has beyond our
 * knowledge is skipped, so that nodes of neighbouring releases share one database.
 */
final class DocumentCodec {
  private static final int MOST_APP_IDS = 100_000;
  private static final Map<String, AppId> APP_IDS = new ConcurrentHashMap<>();
  private static final ObjectMapper MAPPER = mapper();

  private DocumentCodec() {}

  /**
   * The same object for the same path: worlds look apps up by the thousand, and what is the same
   * need not be compared.
   */
  static AppId appId(String path) {
    AppId known = APP_IDS.get(path);
    if (known == null) {
      if (APP_IDS.size() > MOST_APP_IDS) {
        APP_IDS.clear();
      }
      known = APP_IDS.computeIfAbsent(path, AppId::new);
    }
    return known;
  }

  static String encode(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot store a " + value.getClass().getSimpleName(), e);
    }
  }

  static <T> T decode(String json, Class<T> type) {
    try {
      return MAPPER.readValue(json, type);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("stored " + type.getSimpleName() + " is not readable", e);
    }
  }

  private static ObjectMapper mapper() {
    SimpleModule types = new SimpleModule("dromos");
    text(types, Instant.class, Instant::toString, Instant::parse);
    text(types, AppId.class, AppId::path, DocumentCodec::appId);
    text(types, TaskId.class, TaskId::value, TaskId::new);
    types.addSerializer(String.class, writer(DocumentCodec::storable));
    types.addKeySerializer(String.class, keyWriter(DocumentCodec::storable));
    ObjectMapper mapper =
        JsonMapper.builder()
            .addModule(types)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            // Records speak through their components alone; isRunning() and the like are derived.
            .visibility(PropertyAccessor.GETTER, JsonAutoDetect.Visibility.NONE)
            .visibility(PropertyAccessor.IS_GETTER, JsonAutoDetect.Visibility.NONE)
            .visibility(PropertyAccessor.FIELD, JsonAutoDetect.Visibility.ANY)
            .build();
    for (Class<?> container : List.of(List.class, Map.class)) {
      mapper
          .configOverride(container)
          .setSetterInfo(JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY));
    }
    return mapper;
  }

  /** jsonb cannot hold the NUL character, which a task's last words may well contain. */
  private static String storable(String text) {
    return text.indexOf('\0') < 0 ? text : text.replace('\0', '\uFFFD');
  }

  private static <T> void text(
      SimpleModule module, Class<T> type, Function<T, String> write, Function<String, T> read) {
    module.addSerializer(type, writer(write));
    module.addKeySerializer(type, keyWriter(write));
    module.addDeserializer(
        type,
        new JsonDeserializer<T>() {
          @Override
          public T deserialize(JsonParser parser, DeserializationContext context)
              throws IOException {
            return read.apply(parser.getText());
          }
        });
    module.addKeyDeserializer(
        type,
        new KeyDeserializer() {
          @Override
          public Object deserializeKey(String key, DeserializationContext context) {
            return read.apply(key);
          }
        });
  }

  private static <T> JsonSerializer<T> writer(Function<T, String> write) {
    return new JsonSerializer<>() {
      @Override
      public void serialize(T value, JsonGenerator generator, SerializerProvider provider)
          throws IOException {
        generator.writeString(write.apply(value));
      }
    };
  }

  private static <T> JsonSerializer<T> keyWriter(Function<T, String> write) {
    return new JsonSerializer<>() {
      @Override
      public void serialize(T value, JsonGenerator generator, SerializerProvider provider)
          throws IOException {
        generator.writeFieldName(write.apply(value));
      }
    };
  }
}
