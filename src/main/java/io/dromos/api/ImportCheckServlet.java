package io.dromos.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.app.AppValidator;
import io.dromos.store.Stores;
import jakarta.inject.Inject;
import jakarta.inject.Provider;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code POST /console/import-check}: what would become of apps and groups that come from a file or
 * another Marathon ({@code console-json.md}). Nothing is created; the definitions in the answer are
 * what to send to {@code PUT /v2/apps}.
 */
@WebServlet(name = "import-check", urlPatterns = "/console/import-check")
public class ImportCheckServlet extends JsonServlet {
  private static final long serialVersionUID = 1L;

  @Inject private transient Stores stores;
  @Inject private transient Provider<AppValidator> validator;

  /** The answer. */
  record CheckJson(List<ImportCheck.Verdict> apps, List<String> pods) {}

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    try {
      Object body =
          Json.read(
              request.getInputStream().readAllBytes(), Json.MAPPER.constructType(JsonNode.class));
      ServletJson.send(response, 200, check(ImportSource.of((JsonNode) body)));
    } catch (BodyException e) {
      ServletJson.send(response, e.status(), e.body());
    }
  }

  private CheckJson check(ImportSource source) {
    Map<AppId, AppSpec> existing = new HashMap<>();
    stores
        .transactions()
        .run(() -> stores.apps().all().forEach(app -> existing.put(app.id(), app)));
    ImportCheck check = new ImportCheck(validator.get(), existing);
    return new CheckJson(source.apps().stream().map(check::check).toList(), source.pods());
  }
}
