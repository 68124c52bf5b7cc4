package io.dromos.api;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;

/**
 * Sends a request on under the path that the resources know ({@link PathForms}). Mapped in {@code
 * web.xml} behind the door, which has judged the path as it came.
 */
public class PathFilter implements Filter {
  @Override
  public void doFilter(ServletRequest plain, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    HttpServletRequest request = (HttpServletRequest) plain;
    String uri = request.getRequestURI();
    String canonical = PathForms.canonical(uri);
    if (canonical.equals(uri)) {
      chain.doFilter(request, response);
    } else {
      request.getRequestDispatcher(canonical).forward(request, response);
    }
  }
}
