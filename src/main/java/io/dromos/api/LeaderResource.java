package io.dromos.api;

import io.dromos.cluster.Lease;
import io.dromos.platform.NodeInfo;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/** {@code /v2/leader}: who runs the control loop, and asking it to step down. */
@Path("leader")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
public class LeaderResource {
  private static final Logger LOG = System.getLogger(LeaderResource.class.getName());

  @Inject private Lease lease;
  @Inject private NodeInfo node;
  @Context private UriInfo uri;

  @GET
  public Response leader() {
    return lease
        .holder()
        .map(holder -> Responses.ok(Map.of("leader", holder.api())))
        .orElseGet(LeaderResource::none);
  }

  /** Gives the lease up; on another node than the leader: go there. */
  @DELETE
  public Response abdicate() {
    Optional<Lease.Holder> holder = lease.holder();
    if (holder.isEmpty()) {
      return none();
    }
    if (!holder.get().node().equals(node.name())) {
      return Response.temporaryRedirect(
              URI.create(
                  uri.getRequestUri().getScheme() + "://" + holder.get().api() + "/v2/leader"))
          .build();
    }
    lease.release();
    LOG.log(Level.INFO, "leadership given up by request, epoch {0}", holder.get().epoch());
    return Responses.message(200, "Leadership abdicated");
  }

  private static Response none() {
    return Responses.message(404, "There is no leader");
  }
}
