package io.dromos.api;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;

/**
 * A servlet that answers a method it doesn't serve as the resources do: 405 in JSON, where the
 * container would send a page of HTML, and 501 for {@code PATCH}.
 */
public abstract class JsonServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;
  private static final Set<String> SERVABLE = Set.of("GET", "HEAD", "POST", "OPTIONS");

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    if (SERVABLE.contains(request.getMethod())) {
      super.service(request, response);
    } else {
      notAllowed(response);
    }
  }

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    notAllowed(response);
  }

  private static void notAllowed(HttpServletResponse response) throws IOException {
    ServletJson.message(response, 405, "Method Not Allowed");
  }
}
