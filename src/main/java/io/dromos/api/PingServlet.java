package io.dromos.api;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@code /ping}: says {@code pong} without touching the database. */
@WebServlet(name = "ping", urlPatterns = "/ping")
public class PingServlet extends JsonServlet {
  private static final long serialVersionUID = 1L;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String type = contentType(request.getHeader("Accept"));
    if (type == null) {
      response.setStatus(204);
      return;
    }
    boolean json = type.equals("application/json");
    response.setContentType(type);
    response
        .getOutputStream()
        .write((json ? "\"pong\"" : "pong").getBytes(StandardCharsets.US_ASCII));
  }

  /**
   * Marathon 1.11: text for {@code *}/{@code *} and text types, JSON only when asked, else none.
   */
  static @Nullable String contentType(@Nullable String accept) {
    String wanted = accept == null ? "*/*" : accept.toLowerCase(Locale.ROOT);
    if (wanted.isBlank() || wanted.contains("*/*") || wanted.contains("text/plain")) {
      return "text/plain";
    } else if (wanted.contains("text/html")) {
      return "text/html";
    } else if (wanted.contains("text/*")) {
      return "text/plain";
    }
    return wanted.contains("application/json") ? "application/json" : null;
  }
}
