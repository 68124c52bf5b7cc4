package io.dromos.dataplane.http;

import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * Ends a client's connection in the middle of an answer. The servlet API has no word for it, and
 * completing the request would write the last chunk: the client would take half an answer for a
 * whole one. So this asks Payara's own request object for its connection, by name.
 */
final class ConnectionCutter {
  private static final Logger LOG = System.getLogger(ConnectionCutter.class.getName());

  private ConnectionCutter() {}

  static void cut(ServletRequest request) {
    ServletRequest bare = request;
    while (bare instanceof ServletRequestWrapper wrapper) {
      bare = wrapper.getRequest();
    }
    try {
      Object catalina = call(bare, "getUnwrappedCoyoteRequest");
      Object grizzly = call(catalina, "getCoyoteRequest");
      Object connection = call(call(grizzly, "getContext"), "getConnection");
      call(connection, "terminateSilently");
    } catch (ReflectiveOperationException e) {
      LOG.log(
          Level.WARNING,
          "this server does not let a broken answer be cut off ({0}); its client may take it for"
              + " complete",
          e);
    }
  }

  private static Object call(Object on, String method) throws ReflectiveOperationException {
    Object result = on.getClass().getMethod(method).invoke(on);
    return result == null ? on : result;
  }
}
