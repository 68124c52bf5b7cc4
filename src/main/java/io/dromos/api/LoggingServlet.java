package io.dromos.api;

import static io.dromos.api.BodyException.present;

import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** {@code /logging}: levels of the server's log, and changing one, for a while or for good. */
@WebServlet(name = "logging", urlPatterns = "/logging")
public class LoggingServlet extends JsonServlet {
  /** Body of a change. */
  public record ChangeJson(
      @Nullable String logger, @Nullable String level, @Nullable Long durationSeconds) {}

  private static final long serialVersionUID = 1L;

  @Inject private transient LogLevels levels;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    ServletJson.send(response, 200, levels.all());
  }

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    try {
      ChangeJson change =
          present(Json.read(request.getInputStream().readAllBytes(), ChangeJson.class));
      Violations out = new Violations();
      out.required("/logger", change.logger());
      out.required("/level", change.level());
      out.word("/level", change.level(), LogLevels.WORDS);
      out.atLeast("/durationSeconds", change.durationSeconds(), 1);
      if (!out.found().isEmpty()) {
        throw BodyException.invalid(out.found());
      }
      levels.set(
          String.valueOf(change.logger()),
          String.valueOf(change.level()),
          change.durationSeconds());
      ServletJson.send(response, 200, change);
    } catch (BodyException e) {
      ServletJson.send(response, e.status(), e.body());
    }
  }
}
