package io.dromos.api;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.store.Stores;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * {@code /v2/groups} (marathon-api reference, 1.8), for reading. Groups come into being with the
 * apps in them; changing a group as a whole answers 405.
 */
@Path("groups")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
public class GroupsResource {
  private static final String READ_ONLY =
      "Groups can only be read here: they are created with their first app. Change the apps at"
          + " /v2/apps instead.";

  @Inject private Stores stores;
  @Inject private AppViews views;

  @GET
  public Response root(@QueryParam("embed") List<String> embed) {
    return group("", embed);
  }

  @GET
  @Path("{id:.+}")
  public Response group(@PathParam("id") String id, @QueryParam("embed") List<String> embed) {
    return views.read(
        () -> {
          AppId group = AppId.of(id);
          return exists(group) ? Responses.ok(tree(group, embed)) : Responses.groupNotFound(group);
        });
  }

  @GET
  @Path("apps")
  public Response rootApps(@QueryParam("embed") List<String> embed) {
    return apps("", embed);
  }

  /** Every app below the group; an unknown group has none. */
  @GET
  @Path("{id:.+}/apps")
  public Response apps(@PathParam("id") String id, @QueryParam("embed") List<String> embed) {
    AppId group = AppId.of(id);
    return Responses.ok(views.list(app -> app.id().isBelow(group), Embed.inGroup(embed)));
  }

  @GET
  @Path("versions")
  public Response rootVersions() {
    return versions("");
  }

  /** The tree has one version at a time: the one that is current. */
  @GET
  @Path("{id:.+}/versions")
  public Response versions(@PathParam("id") String id) {
    return views.read(
        () -> {
          AppId group = AppId.of(id);
          return exists(group)
              ? Responses.ok(List.of(Json.time(stores.apps().rootVersion())))
              : Responses.groupNotFound(group);
        });
  }

  @GET
  @Path("versions/{version}")
  public Response rootVersion(
      @PathParam("version") String version, @QueryParam("embed") List<String> embed) {
    return version("", version, embed);
  }

  @GET
  @Path("{id:.+}/versions/{version}")
  public Response version(
      @PathParam("id") String id,
      @PathParam("version") String version,
      @QueryParam("embed") List<String> embed) {
    Instant wanted = Timestamps.parse(version);
    return views.read(
        () -> {
          AppId group = AppId.of(id);
          return exists(group) && wanted.equals(stores.apps().rootVersion())
              ? Responses.ok(tree(group, embed))
              : Responses.groupNotFound(group);
        });
  }

  @POST
  public Response createRoot() {
    return Responses.message(405, READ_ONLY);
  }

  @POST
  @Path("{id:.+}")
  public Response create() {
    return Responses.message(405, READ_ONLY);
  }

  @PUT
  public Response updateRoot() {
    return Responses.message(405, READ_ONLY);
  }

  @PUT
  @Path("{id:.+}")
  public Response update() {
    return Responses.message(405, READ_ONLY);
  }

  @PATCH
  public Response patchRoot() {
    return Responses.message(405, READ_ONLY);
  }

  @PATCH
  @Path("{id:.+}")
  public Response patch() {
    return Responses.message(405, READ_ONLY);
  }

  @DELETE
  public Response deleteRoot() {
    return Responses.message(405, READ_ONLY);
  }

  @DELETE
  @Path("{id:.+}")
  public Response delete() {
    return Responses.message(405, READ_ONLY);
  }

  private boolean exists(AppId group) {
    return group.isRoot() || stores.apps().groups().contains(group);
  }

  private GroupJson tree(AppId root, List<String> embed) {
    Set<AppId> groups = new HashSet<>(stores.apps().groups());
    groups.add(root);
    List<AppSpec> specs =
        stores.apps().all().stream()
            .filter(app -> app.id().isBelow(root))
            .sorted(Comparator.comparing(AppSpec::id))
            .toList();
    boolean everything = embed.isEmpty();
    Map<AppId, List<AppView>> apps =
        views.render(specs, Embed.inGroup(embed)).stream()
            .collect(
                Collectors.groupingBy(
                    view -> AppId.of(String.valueOf(view.definition().id())).parent()));
    return new Tree(
            groups,
            everything || embed.stream().anyMatch(e -> e.startsWith("group.apps")) ? apps : null,
            everything || embed.contains("group.groups"),
            everything || embed.contains("group.pods"),
            Json.time(stores.apps().rootVersion()))
        .at(root);
  }

  /** Renders groups from the root down; what was not asked for is absent. */
  private record Tree(
      Set<AppId> groups,
      @Nullable Map<AppId, List<AppView>> apps,
      boolean withGroups,
      boolean withPods,
      String version) {
    GroupJson at(AppId group) {
      return new GroupJson(
          group.path(),
          apps == null ? null : apps.getOrDefault(group, List.of()),
          withGroups ? below(group) : null,
          withPods ? List.of() : null,
          List.of(),
          version,
          false);
    }

    private List<GroupJson> below(AppId group) {
      return groups.stream()
          .filter(g -> !g.isRoot() && g.parent().equals(group))
          .sorted()
          .map(this::at)
          .toList();
    }
  }
}
