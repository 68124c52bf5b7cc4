package io.dromos.api;

import io.dromos.app.Violation;
import java.util.List;

/** A request body that cannot be understood; thrown while reading it, before any resource runs. */
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

  public int status() {
    return status;
  }

  public ErrorJson body() {
    return body;
  }
}
