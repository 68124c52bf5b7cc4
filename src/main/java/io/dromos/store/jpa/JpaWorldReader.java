package io.dromos.store.jpa;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.deployment.Deployment;
import io.dromos.deployment.LaunchDelay;
import io.dromos.deployment.QueueEntry;
import io.dromos.deployment.World;
import io.dromos.placement.Agent;
import io.dromos.store.WorldReader;
import io.dromos.task.Task;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the world by a single statement. A statement sees one snapshot of the database at every
 * isolation level, so the world is consistent inside a caller's transaction too, where asking for
 * repeatable reads would come too late.
 */
final class JpaWorldReader implements WorldReader {
  private static final String WORLD =
      "select 'revision' as kind, cast(revision as text) as a, null as b, null as c"
          + " from cluster_state"
          + " union all select 'version', cast(v.document as text),"
          + " (select 'current' from app a where a.id = v.app_id and a.version = v.version), null"
          + " from app_version v where "
          + JpaAppStore.NEEDED
          + " union all select 'task', cast(g.document as text), cast(o.document as text), null"
          + " from task_goal g join task_observation o on o.id = g.id"
          + " union all (select 'deployment', cast(document as text), null, null"
          + " from deployment where status = 'RUNNING' order by started_at, id)"
          + " union all select 'delay', cast(document as text), null, null from launch_delay"
          + " union all select 'queued', cast(document as text), null, null from queue_entry"
          + " union all select 'agent', cast(document as text), cast(served_revision as text),"
          + " to_char(seen_at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') from agent";

  private final JpaSession session;

  JpaWorldReader(JpaSession session) {
    this.session = session;
  }

  @Override
  public World load() {
    Collector collector = new Collector();
    for (Object row : session.em().createNativeQuery(WORLD).getResultList()) {
      Object[] columns = (Object[]) row;
      collector.add(
          (String) columns[0], (String) columns[1], (String) columns[2], (String) columns[3]);
    }
    return collector.world();
  }

  /** Sorts the rows of the statement by kind. */
  private static final class Collector {
    private long revision;
    private final Map<AppId, AppSpec> apps = new HashMap<>();
    private final Map<AppId, Map<Instant, AppSpec>> versions = new HashMap<>();
    private final List<Task> tasks = new ArrayList<>();
    private final List<Deployment> deployments = new ArrayList<>();
    private final List<LaunchDelay> delays = new ArrayList<>();
    private final List<QueueEntry> queue = new ArrayList<>();
    private final List<Agent> agents = new ArrayList<>();

    void add(String kind, String a, @Nullable String b, @Nullable String c) {
      switch (kind) {
        case "revision" -> revision = Long.parseLong(a);
        case "version" -> addVersion(DocumentCodec.decode(a, AppSpec.class), b != null);
        case "task" -> tasks.add(JpaTaskStore.task(a, text(b)));
        case "deployment" -> deployments.add(DocumentCodec.decode(a, Deployment.class));
        case "delay" -> delays.add(DocumentCodec.decode(a, LaunchDelay.class));
        case "queued" -> queue.add(DocumentCodec.decode(a, QueueEntry.class));
        case "agent" ->
            agents.add(JpaAgentStore.agent(a, Long.parseLong(text(b)), Instant.parse(text(c))));
        default -> throw new IllegalStateException("unknown kind " + kind);
      }
    }

    private void addVersion(AppSpec spec, boolean current) {
      versions.computeIfAbsent(spec.id(), id -> new HashMap<>()).put(spec.version(), spec);
      if (current) {
        apps.put(spec.id(), spec);
      }
    }

    World world() {
      return new World(revision, apps, versions, tasks, deployments, delays, queue, agents);
    }

    private static String text(@Nullable String column) {
      if (column == null) {
        throw new IllegalStateException("a column is missing");
      }
      return column;
    }
  }
}
