package io.dromos.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import io.dromos.app.UnreachableStrategy;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An object with two times, or the word {@code "disabled"} (marathon-api reference, 5.9). */
public final class UnreachableJson {
  private final @Nullable String word;
  private final @Nullable Long inactiveAfterSeconds;
  private final @Nullable Long expungeAfterSeconds;

  private UnreachableJson(
      @Nullable String word,
      @Nullable Long inactiveAfterSeconds,
      @Nullable Long expungeAfterSeconds) {
    this.word = word;
    this.inactiveAfterSeconds = inactiveAfterSeconds;
    this.expungeAfterSeconds = expungeAfterSeconds;
  }

  static UnreachableJson of(UnreachableStrategy strategy) {
    return strategy.disabled()
        ? word("disabled")
        : times(strategy.inactiveAfterSeconds(), strategy.expungeAfterSeconds());
  }

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static UnreachableJson word(String word) {
    return new UnreachableJson(word, null, null);
  }

  @JsonCreator(mode = JsonCreator.Mode.PROPERTIES)
  static UnreachableJson times(
      @JsonProperty("inactiveAfterSeconds") @Nullable Long inactiveAfterSeconds,
      @JsonProperty("expungeAfterSeconds") @Nullable Long expungeAfterSeconds) {
    return new UnreachableJson(null, inactiveAfterSeconds, expungeAfterSeconds);
  }

  @JsonIgnore
  @Nullable String word() {
    return word;
  }

  @JsonIgnore
  @Nullable Long inactiveAfterSeconds() {
    return inactiveAfterSeconds;
  }

  @JsonIgnore
  @Nullable Long expungeAfterSeconds() {
    return expungeAfterSeconds;
  }

  /** The wire form: a word or an object. */
  @JsonValue
  Object wire() {
    if (word != null) {
      return word;
    }
    Map<String, @Nullable Long> times = new LinkedHashMap<>();
    times.put("inactiveAfterSeconds", inactiveAfterSeconds);
    times.put("expungeAfterSeconds", expungeAfterSeconds);
    return times;
  }
}
