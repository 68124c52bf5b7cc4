package io.dromos.api;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What the container refuses by itself, in our words instead of its HTML; see {@code web.xml}. */
@WebServlet(name = "error", urlPatterns = ErrorServlet.PATH)
public class ErrorServlet extends HttpServlet {
  static final String PATH = "/error";
  private static final long serialVersionUID = 1L;

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Object status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
    Object uri = request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI);
    if (status instanceof Integer code) {
      // Clients take any 5xx for a node that is down; a method that nobody serves is no such thing.
      int told = code == 501 ? 405 : code;
      ServletJson.message(response, told, words(told, String.valueOf(uri)));
    } else {
      // Nobody asks for this page itself but by typing it.
      ServletJson.message(response, 404, words(404, request.getRequestURI()));
    }
  }

  static String words(int status, @Nullable String uri) {
    return switch (status) {
      case 400 -> "Bad Request";
      case 404 -> "URI not found: " + uri;
      case 405 -> "Method Not Allowed";
      case 503 -> "Not started yet";
      default ->
          status >= 500 ? "Internal error; the server's log tells more." : "Status " + status;
    };
  }
}
