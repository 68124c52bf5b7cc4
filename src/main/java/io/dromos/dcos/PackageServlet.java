package io.dromos.dcos;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dromos.api.Json;
import io.dromos.api.JsonServlet;
import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.control.Change;
import io.dromos.control.CommandContext;
import io.dromos.control.CommandResult;
import io.dromos.control.Commands;
import io.dromos.platform.NodeInfo;
import io.dromos.platform.Setting;
import io.dromos.platform.Settings;
import io.dromos.routing.Planes;
import io.dromos.store.Stores;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code POST /package/*} and {@code GET /capabilities}: {@link PackageCatalogue} over HTTP. */
@WebServlet(
    name = "packages",
    urlPatterns = {"/package/*", "/capabilities"})
public class PackageServlet extends JsonServlet {
  private static final long serialVersionUID = 1L;
  private static final int MAX_BODY = 1 << 20;
  private static final String ERROR_TYPE =
      "application/vnd.dcos.package.error+json;charset=utf-8;version=v1";
  private static final Pattern VERSIONED =
      Pattern.compile(
          "application/vnd\\.dcos\\.[a-z.-]+-response\\+json;charset=utf-8;version=v\\d");

  @Inject private transient Stores stores;
  @Inject private transient Commands commands;
  @Inject private transient Planes planes;
  @Inject private transient Settings settings;
  @Inject private transient NodeInfo node;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (!request.getRequestURI().equals("/capabilities")) {
      problem(response, new PackageCatalogue.Problem(405, "MethodNotAllowed", "Use POST"));
      return;
    }
    ObjectNode body = Json.MAPPER.createObjectNode();
    body.putArray("capabilities")
        .add(capability("PACKAGE_MANAGEMENT"))
        .add(capability("LOGGING"))
        .add(capability("LOGGING_V2"));
    String accept = request.getHeader("Accept");
    boolean vendor = accept != null && accept.startsWith("application/vnd.dcos.capabilities");
    send(response, 200, vendor ? accept : "application/json", body);
  }

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String uri = request.getRequestURI();
    String operation = uri.startsWith("/package/") ? uri.substring("/package/".length()) : "";
    byte[] bytes = request.getInputStream().readNBytes(MAX_BODY);
    JsonNode body;
    try {
      body = bytes.length == 0 ? Json.MAPPER.createObjectNode() : Json.MAPPER.readTree(bytes);
    } catch (JsonProcessingException e) {
      problem(
          response, new PackageCatalogue.Problem(400, "JsonParsingError", e.getOriginalMessage()));
      return;
    }
    PackageCatalogue.Outcome outcome = catalogue().call(operation, body);
    if (outcome instanceof PackageCatalogue.Removal removal) {
      outcome = remove(removal, request);
    }
    if (outcome instanceof PackageCatalogue.Answer answer) {
      answer(request, response, operation, answer.body());
    } else if (outcome instanceof PackageCatalogue.Problem problem) {
      problem(response, problem);
    }
  }

  private PackageCatalogue catalogue() {
    EdgeFacts edge =
        new EdgeFacts(
            node.name(),
            node.is("edge"),
            settings.text(Setting.EDGE_ADDRESS),
            settings.list(Setting.EDGE_GROUPS),
            planes.reports().get("edge"));
    List<AppSpec> apps = stores.transactions().inTransaction(() -> stores.apps().all());
    return new PackageCatalogue(edge, apps, node.version());
  }

  private PackageCatalogue.Outcome remove(
      PackageCatalogue.Removal removal, HttpServletRequest request) {
    Set<AppId> ids = removal.apps();
    CommandResult result =
        commands.change(
            tree -> new Change.Proceed(List.of(), ids, Set.of()),
            new CommandContext(request.getRemoteAddr(), request.getRequestURI(), true, false));
    return result instanceof CommandResult.Refused refused
        ? new PackageCatalogue.Problem(409, "Conflict", String.valueOf(refused.rejection()))
        : new PackageCatalogue.Answer(removal.body());
  }

  /** Clients compare the content type with what they asked for: it is sent back as it came. */
  private static void answer(
      HttpServletRequest request, HttpServletResponse response, String operation, ObjectNode body)
      throws IOException {
    String type = negotiated(request.getHeader("Accept"));
    if (type == null) {
      send(response, 200, "application/json", body);
      return;
    }
    char version = type.charAt(type.length() - 1);
    boolean describe = operation.equals("describe");
    char newest = describe ? '3' : operation.equals("install") ? '2' : '1';
    if (version < '1' || version > newest || (describe && version == '1')) {
      problem(
          response,
          new PackageCatalogue.Problem(
              400, "UnsupportedContentType", "This answer comes as version v" + newest));
      return;
    }
    JsonNode shown = body;
    if (describe && version == '2') {
      ObjectNode flat = body.path("package").deepCopy();
      flat.remove(List.of("releaseVersion", "lastUpdated"));
      shown = flat;
    }
    send(response, 200, type, shown);
  }

  /** The first versioned type that the client accepts; null when it asks for plain JSON. */
  static @Nullable String negotiated(@Nullable String accept) {
    Matcher matcher =
        VERSIONED.matcher(accept == null ? "" : accept.toLowerCase(Locale.ROOT).replace(" ", ""));
    return matcher.find() ? matcher.group() : null;
  }

  private static ObjectNode capability(String name) {
    return Json.MAPPER.createObjectNode().put("name", name);
  }

  private static void problem(HttpServletResponse response, PackageCatalogue.Problem problem)
      throws IOException {
    ObjectNode body = Json.MAPPER.createObjectNode();
    body.put("type", problem.type()).put("message", problem.message()).putObject("data");
    send(response, problem.status(), ERROR_TYPE, body);
  }

  private static void send(HttpServletResponse response, int status, String type, JsonNode body)
      throws IOException {
    response.setStatus(status);
    response.setHeader("Content-Type", type);
    response.getOutputStream().write(Json.write(body).getBytes(StandardCharsets.UTF_8));
  }
}
