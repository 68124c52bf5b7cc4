package io.dromos.dataplane.http;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Requests and answers as a container would show them, for decisions that need no container. */
final class ServletRequests {
  private ServletRequests() {}

  /** {@code lines} are header names and values in turn. */
  static HttpServletRequest request(
      String protocol, String method, String target, String... lines) {
    Headers headers = Headers.of(lines);
    int query = target.indexOf('?');
    return (HttpServletRequest)
        Proxy.newProxyInstance(
            ServletRequests.class.getClassLoader(),
            new Class<?>[] {HttpServletRequest.class},
            (proxy, called, arguments) ->
                switch (called.getName()) {
                  case "getProtocol" -> protocol;
                  case "getMethod" -> method;
                  case "getRequestURI" -> query < 0 ? target : target.substring(0, query);
                  case "getQueryString" -> query < 0 ? null : target.substring(query + 1);
                  case "getServerName" -> "server.example.com";
                  case "getServerPort" -> 8080;
                  case "getLocalPort" -> 8080;
                  case "getRemoteAddr" -> "10.0.0.1";
                  case "isSecure" -> false;
                  case "getDispatcherType" -> DispatcherType.REQUEST;
                  case "getHeader" -> headers.first((String) arguments[0]);
                  case "getHeaderNames" -> Collections.enumeration(names(headers));
                  case "getHeaders" ->
                      Collections.enumeration(values(headers, (String) arguments[0]));
                  default -> throw new UnsupportedOperationException(called.getName());
                });
  }

  private static Set<String> names(Headers headers) {
    Set<String> names = new LinkedHashSet<>();
    headers.forEach((name, value) -> names.add(name));
    return names;
  }

  private static List<String> values(Headers headers, String wanted) {
    List<String> values = new ArrayList<>();
    headers.forEach(
        (name, value) -> {
          if (name.equalsIgnoreCase(wanted)) {
            values.add(value);
          }
        });
    return values;
  }

  /** What a filter answered. */
  static final class Answer {
    final Map<String, String> lines = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    final ByteArrayOutputStream body = new ByteArrayOutputStream();
    int status = 200;

    HttpServletResponse response() {
      return (HttpServletResponse)
          Proxy.newProxyInstance(
              ServletRequests.class.getClassLoader(),
              new Class<?>[] {HttpServletResponse.class},
              (proxy, called, arguments) -> {
                switch (called.getName()) {
                  case "setStatus" -> status = (int) arguments[0];
                  case "setHeader" -> lines.put((String) arguments[0], (String) arguments[1]);
                  case "setContentType" -> lines.put("Content-Type", (String) arguments[0]);
                  case "setContentLength" -> lines.put("Content-Length", "" + arguments[0]);
                  case "getOutputStream" -> {
                    return new Output(body);
                  }
                  default -> throw new UnsupportedOperationException(called.getName());
                }
                return null;
              });
    }
  }

  private static final class Output extends jakarta.servlet.ServletOutputStream {
    private final ByteArrayOutputStream body;

    Output(ByteArrayOutputStream body) {
      this.body = body;
    }

    @Override
    public void write(int b) {
      body.write(b);
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void setWriteListener(jakarta.servlet.WriteListener listener) {
      throw new UnsupportedOperationException();
    }
  }
}
