package io.dromos.dcos;

import io.dromos.api.ServletJson;
import io.dromos.platform.NodeInfo;
import io.dromos.platform.Setting;
import io.dromos.platform.Settings;
import io.dromos.routing.Resolver;
import io.dromos.routing.VipNames;
import io.dromos.store.Stores;
import io.dromos.task.Task;
import io.dromos.task.TaskState;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Names and VIPs over HTTP: {@code /mesos_dns/v1/*} and, as Mesos-DNS' own port has it, {@code
 * /v1/*} answer like Mesos-DNS; {@code /net/v1/*} answers like dcos-net (service-discovery
 * reference, 2.6).
 */
@WebServlet(
    name = "names",
    urlPatterns = {"/mesos_dns", "/mesos_dns/*", "/v1/*", "/net/v1/*"})
public class NamesServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  @Inject private transient Stores stores;
  @Inject private transient Resolver resolver;
  @Inject private transient NodeInfo node;
  @Inject private transient Settings settings;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String uri = request.getRequestURI();
    if (uri.equals("/mesos_dns")) {
      response.setStatus(301);
      response.setHeader("Location", "/mesos_dns/");
      return;
    }
    String path =
        URLDecoder.decode(
            uri.replaceFirst("^/(mesos_dns/|net/)?v1/", "").replace("+", "%2B"),
            StandardCharsets.UTF_8);
    if (uri.startsWith("/net/")) {
      directory(path, request, response);
    } else {
      mesosDns(path, response);
    }
  }

  private void mesosDns(String path, HttpServletResponse response) throws IOException {
    MesosDnsReads reads = new MesosDnsReads(resolver.current());
    if (path.startsWith("hosts/") && path.endsWith("/ports")) {
      ServletJson.message(response, 501, "Ports of a host are not kept; ask /v1/services");
    } else if (path.startsWith("hosts/")) {
      ServletJson.send(response, 200, reads.hosts(path.substring("hosts/".length())));
    } else if (path.startsWith("services/")) {
      ServletJson.send(response, 200, reads.services(path.substring("services/".length())));
    } else {
      switch (path) {
        case "version" ->
            ServletJson.send(
                response,
                200,
                Map.of("Service", "Mesos-DNS", "Version", node.version(), "URL", "/mesos_dns/"));
        case "config" ->
            ServletJson.send(
                response,
                200,
                MesosDnsReads.config(
                    settings.text(Setting.DNS_ADDRESS),
                    settings.integer(Setting.DNS_PORT, 0, 65535)));
        case "enumerate" ->
            ServletJson.send(response, 200, reads.enumeration(VipNames.FRAMEWORK, running()));
        case "axfr" -> ServletJson.send(response, 200, reads.transfer());
        default -> notFound(response, path);
      }
    }
  }

  private List<Task> running() {
    return stores
        .transactions()
        .inTransaction(
            () ->
                stores.world().load().tasks().stream()
                    .filter(task -> task.state() == TaskState.RUNNING)
                    .toList());
  }

  private void directory(String path, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    DirectoryReads reads = new DirectoryReads(resolver.current());
    if (path.startsWith("hosts/")) {
      ServletJson.send(response, 200, reads.hosts(path.substring("hosts/".length())));
    } else if (path.startsWith("services/")) {
      ServletJson.send(response, 200, reads.services(path.substring("services/".length())));
    } else {
      switch (path) {
        case "version" ->
            ServletJson.send(
                response, 200, Map.of("Service", "dcos-dns", "Version", node.version()));
        case "config", "enumerate" ->
            ServletJson.message(response, 501, "dcos-net has no answer here; ask /mesos_dns/v1");
        case "records" -> ServletJson.send(response, 200, reads.records());
        case "vips" -> vips(reads, request, response);
        default -> notFound(response, path);
      }
    }
  }

  private static void vips(
      DirectoryReads reads, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String tag = reads.vipsTag();
    response.setHeader("ETag", tag);
    if (tag.equals(request.getHeader("If-None-Match"))) {
      response.setStatus(304);
    } else {
      ServletJson.send(response, 200, reads.vips());
    }
  }

  private static void notFound(HttpServletResponse response, String path) throws IOException {
    ServletJson.message(
        response,
        404,
        "No such resource: " + path + "; there are hosts/NAME, services/NAME, version and others");
  }
}
