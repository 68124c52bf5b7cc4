package io.dromos.api;

import io.dromos.app.Violation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A body or value that cannot be understood; thrown while a request is read, nothing has changed.
 */
public final class BodyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final transient ErrorJson body;

  private BodyException(int status, ErrorJson body) {
    super(body.message());
    this.status = status;
    this.body = body;
  }

  /** Nothing was sent where JSON is needed. */
  public static BodyException empty() {
    return new BodyException(
        400,
        new ErrorJson(
            "Please specify data in JSON format", "No content to map due to end-of-input", null));
  }

  /** Not JSON at all. */
  public static BodyException syntax(String parserText) {
    return new BodyException(400, new ErrorJson("Invalid JSON", parserText, null));
  }

  /** JSON of the wrong shape. */
  public static BodyException invalid(List<Violation> violations) {
    return new BodyException(422, ErrorJson.of("Invalid JSON", violations));
  }

  /** A version that is no instant. */
  public static BodyException timestamp(String text) {
    return new BodyException(
        422,
        ErrorJson.of(
            "Invalid timestamp provided '" + text + "'. Expecting ISO-8601 datetime string."));
  }

  /** The body, which the server hands over as null when there was none at all. */
  public static <T> T present(@Nullable T body) {
    if (body == null) {
      throw empty();
    }
    return body;
  }

  public int status() {
    return status;
  }

  public ErrorJson body() {
    return body;
  }
}
