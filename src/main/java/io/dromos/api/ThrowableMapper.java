package io.dromos.api;

import jakarta.ws.rs.NotAcceptableException;
import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.NotSupportedException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Every exception as a JSON answer with the right status (marathon-api reference, 1.3): unreadable
 * requests, routing errors of JAX-RS, a database that is gone (503), and bugs (500, with the stack
 * trace in the log and never in the answer).
 */
@Provider
public class ThrowableMapper implements ExceptionMapper<Throwable> {
  private static final Logger LOG = System.getLogger(ThrowableMapper.class.getName());

  @Context private UriInfo uri;

  @Override
  public Response toResponse(Throwable thrown) {
    if (thrown instanceof BodyException body) {
      return Responses.json(body.status(), body.body());
    }
    if (thrown instanceof WebApplicationException web) {
      return ofServer(web);
    }
    BodyException wrapped = cause(thrown, BodyException.class);
    if (wrapped != null) {
      return Responses.json(wrapped.status(), wrapped.body());
    }
    SQLException database = cause(thrown, SQLException.class);
    if (database != null && isUnavailable(database)) {
      LOG.log(
          Level.WARNING, "{0}: the database is not available: {1}", path(), database.getMessage());
      // A connection may be lost while a commit is under way: nobody can say that nothing changed.
      return Responses.message(503, "The database is not available at the moment; try again.");
    }
    LOG.log(Level.ERROR, path() + " failed", thrown);
    return Responses.message(500, "Internal error; the server's log tells more.");
  }

  private Response ofServer(WebApplicationException web) {
    Response answer = web.getResponse();
    if (answer.getStatus() < 400) {
      return answer;
    }
    Response told = Responses.message(answer.getStatus(), words(web));
    String allow = answer.getHeaderString(HttpHeaders.ALLOW);
    return allow == null
        ? told
        : Response.fromResponse(told).header(HttpHeaders.ALLOW, allow).build();
  }

  private String words(WebApplicationException web) {
    if (web instanceof NotFoundException) {
      return "URI not found: " + path();
    }
    if (web instanceof NotAllowedException) {
      return "Method Not Allowed";
    }
    if (web instanceof NotAcceptableException) {
      return "Not Acceptable";
    }
    if (web instanceof NotSupportedException) {
      return "Unsupported Media Type";
    }
    return String.valueOf(web.getMessage());
  }

  private String path() {
    return uri.getRequestUri().getRawPath();
  }

  /**
   * Connection lost or refused (class 08), no more connections (53), shutting down (57P), or no
   * state at all: the pool could not connect.
   */
  static boolean isUnavailable(SQLException e) {
    String state = e.getSQLState();
    return state == null
        || state.startsWith("08")
        || state.startsWith("53")
        || state.startsWith("57P");
  }

  private static <T extends Throwable> @Nullable T cause(Throwable thrown, Class<T> type) {
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Throwable at = thrown; at != null && seen.add(at); at = at.getCause()) {
      if (type.isInstance(at)) {
        return type.cast(at);
      }
    }
    return null;
  }
}
