package io.dromos.dcos;

import io.dromos.api.JsonServlet;
import io.dromos.api.ServletJson;
import io.dromos.placement.Agent;
import io.dromos.platform.NodeInfo;
import io.dromos.runtime.Sandboxes;
import io.dromos.store.Stores;
import io.dromos.task.TaskId;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code /agent/<id>/files/…}, {@code /slave/<id>/files/…}: {@code browse}, {@code download} and
 * {@code debug} of a Mesos agent, which {@code dcos task ls} and {@code download} read. The files
 * of another node are answered with a redirect to its API.
 */
@WebServlet(
    name = "sandbox-files",
    urlPatterns = {"/agent/*", "/slave/*"})
public class SandboxServlet extends JsonServlet {
  private static final long serialVersionUID = 1L;
  private static final Pattern RESOURCE =
      Pattern.compile("/(?:agent|slave)/([^/]+)/files/(browse|download|debug)(?:\\.json)?");

  @Inject private transient Stores stores;
  @Inject private transient Sandboxes sandboxes;
  @Inject private transient NodeInfo node;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Matcher wanted = RESOURCE.matcher(request.getRequestURI());
    if (!wanted.matches()) {
      ServletJson.message(response, 404, "URI not found: " + request.getRequestURI());
      return;
    }
    Optional<Agent> agent =
        stores
            .transactions()
            .inTransaction(
                () ->
                    stores.agents().all().stream()
                        .filter(a -> a.id().equals(wanted.group(1)))
                        .findFirst());
    if (agent.isEmpty()) {
      ServletJson.message(response, 404, "There is no agent " + wanted.group(1));
    } else if (!agent.get().name().equals(node.name())) {
      elsewhere(request, response, agent.get());
    } else if (wanted.group(2).equals("debug")) {
      ServletJson.send(response, 200, all());
    } else {
      serve(request.getParameter("path"), wanted.group(2).equals("browse"), response);
    }
  }

  private void serve(String path, boolean browse, HttpServletResponse response) throws IOException {
    if (path == null || path.isEmpty()) {
      ServletJson.message(response, 400, "Expecting 'path=value' in query");
      return;
    }
    SandboxFiles files = new SandboxFiles(sandboxes);
    try {
      if (browse) {
        Optional<List<SandboxFiles.EntryJson>> entries = files.browse(path);
        if (entries.isPresent()) {
          ServletJson.send(response, 200, entries.get());
          return;
        }
      } else {
        Optional<Path> file = files.file(path);
        if (file.isPresent()) {
          download(file.get(), response);
          return;
        }
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      // It went while we looked.
    }
    ServletJson.message(response, 404, "No such file or directory: " + path);
  }

  private static void download(Path file, HttpServletResponse response) throws IOException {
    String name = String.valueOf(file.getFileName()).replaceAll("[^A-Za-z0-9._-]", "_");
    response.setContentType("application/octet-stream");
    response.setHeader("Content-Disposition", "attachment; filename=" + name);
    response.setHeader("X-Content-Type-Options", "nosniff");
    Files.copy(file, response.getOutputStream());
  }

  /** The sandboxes that are here, each under its own path. */
  private Map<String, String> all() throws IOException {
    String framework =
        stores.transactions().inTransaction(() -> stores.revisions().clusterId()) + "-0000";
    Map<String, String> paths = new TreeMap<>();
    for (TaskId task : sandboxes.untouchedSince(java.time.Instant.MAX)) {
      String path = SandboxFiles.path(framework, task);
      paths.put(path, path);
    }
    return paths;
  }

  private static void elsewhere(
      HttpServletRequest request, HttpServletResponse response, Agent agent) throws IOException {
    if (agent.api().isBlank()) {
      ServletJson.message(response, 502, agent.name() + " has not told its API address");
      return;
    }
    String query = request.getQueryString() == null ? "" : "?" + request.getQueryString();
    response.setStatus(307);
    response.setHeader(
        "Location", request.getScheme() + "://" + agent.api() + request.getRequestURI() + query);
  }
}
