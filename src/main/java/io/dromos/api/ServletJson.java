package io.dromos.api;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** JSON answers of the servlets and filters, in the same words as the resources use. */
public final class ServletJson {
  private ServletJson() {}

  /** Writes the whole answer. */
  public static void send(HttpServletResponse response, int status, Object body)
      throws IOException {
    response.setStatus(status);
    response.setContentType("application/json");
    response.getOutputStream().write(Json.write(body).getBytes(StandardCharsets.UTF_8));
  }

  /** {@code {"message":"…"}}. */
  public static void message(HttpServletResponse response, int status, String text)
      throws IOException {
    send(response, status, ErrorJson.of(text));
  }
}
