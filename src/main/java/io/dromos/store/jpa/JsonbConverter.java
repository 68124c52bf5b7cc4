package io.dromos.store.jpa;

import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PGobject;

/** JSON text as a {@code jsonb} parameter, without a cast in the statement. */
@Converter
public class JsonbConverter implements AttributeConverter<String, Object> {
  @Override
  public @Nullable Object convertToDatabaseColumn(@Nullable String json) {
    if (json == null) {
      return null;
    }
    try {
      PGobject value = new PGobject();
      value.setType("jsonb");
      value.setValue(json);
      return value;
    } catch (SQLException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @Override
  public @Nullable String convertToEntityAttribute(@Nullable Object column) {
    return column == null ? null : column.toString();
  }
}
