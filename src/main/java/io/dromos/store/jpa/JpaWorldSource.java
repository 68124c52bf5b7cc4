package io.dromos.store.jpa;

import io.dromos.app.AppId;
import io.dromos.app.AppSpec;
import io.dromos.deployment.Deployment;
import io.dromos.deployment.LaunchDelay;
import io.dromos.deployment.QueueEntry;
import io.dromos.deployment.World;
import io.dromos.deployment.WorldChange;
import io.dromos.placement.Agent;
import io.dromos.store.WorldSource;
import io.dromos.task.TaskFailure;
import io.dromos.task.TaskId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What changed in the database. Rows with a revision are read by a single statement: it sees one
 * snapshot at every isolation level, so a world is never half of a transaction. Agents have no
 * revision; their rows are found by the transaction that wrote them last.
 */
final class JpaWorldSource implements WorldSource {
  /**
   * An incarnation ends when the server was restarted (it may have been put back to a point in
   * time) and when the table was made or filled anew (a dump may have been restored into it).
   */
  private static final String POSITION =
      "select cluster_id || ' ' || pg_relation_filenode('cluster_state') || ' '"
          + " || extract(epoch from pg_postmaster_start_time()), revision, pruned_revision,"
          + " mine.id is not null and (cast(mine.id as text) = cast(revision_xact as text)"
          + " or exists (select 1 from agent a where a.xmin = xid(mine.id)))"
          + " from cluster_state, pg_current_xact_id_if_assigned() as mine (id)"
          + " where cluster_state.id = 1";

  private static final String APPS =
      "select 'app' as kind, cast(v.document as text) as a, null as b, cast(0 as bigint) as n"
          + " from app a join app_version v on v.app_id = a.id and v.version = a.version";

  private static final String GOALS =
      "select 'goal', cast(document as text), null, revision from task_goal";

  private static final String SEEN =
      "select 'seen', cast(o.document as text), g.app_id, o.revision"
          + " from task_observation o join task_goal g on g.id = o.id";

  private static final String DEPLOYMENTS =
      "select 'deployment', cast(document as text), null, revision from deployment";

  private static final String DELAYS =
      "select 'delay', cast(document as text), null, revision from launch_delay";

  private static final String QUEUE =
      "select 'queued', cast(document as text), null, revision from queue_entry";

  private static final String FAILURES =
      "select 'failure', cast(document as text), null, revision from task_failure";

  private static final String REVISION =
      "select 'position', incarnation, cast(pruned as text), revision"
          + " from ("
          + POSITION
          + ") as p (incarnation, revision, pruned, uncommitted)";

  private static final String EVERYTHING =
      String.join(
          " union all ",
          APPS,
          REVISION,
          "select 'version', cast(v.document as text), null, v.revision from app_version v"
              + " where exists (select 1 from task_goal g"
              + " where g.app_id = v.app_id and g.version = v.version)",
          GOALS,
          SEEN,
          DEPLOYMENTS + " where status = 'RUNNING'",
          DELAYS,
          QUEUE,
          FAILURES);

  private static final String CHANGES =
      String.join(
          " union all ",
          APPS + " where a.revision > ?",
          REVISION,
          GOALS + " where revision > ?",
          SEEN + " where o.revision > ?",
          DEPLOYMENTS + " where revision > ?",
          DELAYS + " where revision > ?",
          QUEUE + " where revision > ?",
          FAILURES + " where revision > ?",
          "select 'gone ' || kind, key, app_id, revision from tombstone where revision > ?");

  private static final String DEFINITIONS =
      "select cast(v.document as text) from app_version v"
          + " join unnest(?, ?) as needed (app_id, version)"
          + " on v.app_id = needed.app_id and v.version = cast(needed.version as timestamptz)";

  /**
   * The mark: from it on transactions are still under way, or have not begun. Then the agents whose
   * rows were written by such a transaction, whatever the counter has wrapped around to.
   */
  private static final String AGENTS =
      "select null as name, cast(pg_snapshot_xmin(pg_current_snapshot()) as text) as written,"
          + " cast(0 as bigint) as served, cast(null as timestamptz) as seen_at"
          + " union all select name, cast(written as text), served_revision, seen_at from agent";

  private static final String AGENTS_SINCE = AGENTS + " where age(xmin) <= age(cast(? as xid))";

  private static final String DOCUMENTS =
      "select name, cast(written as text), cast(document as text) from agent"
          + " where name = any (?)";

  /** One row of the statements above. */
  private record Row(String kind, @Nullable String a, @Nullable String b, long number) {
    static Row of(ResultSet row) throws SQLException {
      return new Row(row.getString(1), row.getString(2), row.getString(3), row.getLong(4));
    }

    String text() {
      return Objects.requireNonNull(a);
    }

    String other() {
      return Objects.requireNonNull(b);
    }
  }

  /** The columns of an agent. */
  private record Beat(@Nullable String name, String written, long served, @Nullable Instant at) {
    static Beat of(ResultSet row) throws SQLException {
      Timestamp at = row.getTimestamp(4);
      return new Beat(
          row.getString(1), row.getString(2), row.getLong(3), at == null ? null : at.toInstant());
    }
  }

  /** The decoded document of an agent, and which writing of it that was. */
  private record Document(String written, Agent agent) {}

  private final JpaSession session;
  private final Map<String, Document> documents = new ConcurrentHashMap<>();

  JpaWorldSource(JpaSession session) {
    this.session = session;
  }

  @Override
  public Position position() {
    return session.jdbc(
        connection ->
            Statements.rows(
                    connection,
                    POSITION,
                    row ->
                        new Position(
                            row.getString(1), row.getLong(2), row.getLong(3), row.getBoolean(4)))
                .get(0));
  }

  @Override
  public Sight everything() {
    return session.jdbc(
        connection -> {
          List<Row> rows = Statements.rows(connection, EVERYTHING, Row::of);
          return sight(connection, World.EMPTY, rows, beats(connection, AGENTS));
        });
  }

  @Override
  public Sight changes(World known, String mark) {
    return session.jdbc(
        connection -> {
          Object[] revisions = new Object[8];
          Arrays.fill(revisions, known.revision());
          List<Row> rows = Statements.rows(connection, CHANGES, Row::of, revisions);
          return sight(connection, known, rows, beats(connection, AGENTS_SINCE, mark));
        });
  }

  @Override
  public Sight agents(World known, Position position, String mark) {
    return session.jdbc(
        connection -> {
          WorldChange change = new WorldChange(known.revision());
          List<Beat> beats = beats(connection, AGENTS_SINCE, mark);
          return new Sight(position, change, agents(connection, beats, change));
        });
  }

  private Sight sight(Connection connection, World known, List<Row> rows, List<Beat> beats)
      throws SQLException {
    Row where =
        rows.stream().filter(row -> row.kind().equals("position")).findFirst().orElseThrow();
    Position position =
        new Position(where.text(), where.number(), Long.parseLong(where.other()), false);
    WorldChange change = new WorldChange(position.revision());
    rows.forEach(row -> add(row, change));
    addMissing(connection, known, change);
    return new Sight(position, change, agents(connection, beats, change));
  }

  private static void add(Row row, WorldChange change) {
    switch (row.kind()) {
      case "position" -> {}
      case "app" -> change.app(DocumentCodec.decode(row.text(), AppSpec.class));
      case "version" -> change.version(DocumentCodec.decode(row.text(), AppSpec.class));
      case "goal" -> change.goal(JpaTaskStore.goal(row.text(), row.number()));
      case "seen" ->
          change.seen(
              DocumentCodec.appId(row.other()), JpaTaskStore.observation(row.text(), row.number()));
      case "deployment" -> change.deployment(DocumentCodec.decode(row.text(), Deployment.class));
      case "delay" -> change.delay(DocumentCodec.decode(row.text(), LaunchDelay.class));
      case "queued" -> change.queued(DocumentCodec.decode(row.text(), QueueEntry.class));
      case "failure" -> change.failure(DocumentCodec.decode(row.text(), TaskFailure.class));
      default -> bury(row, change);
    }
  }

  private static void bury(Row row, WorldChange change) {
    switch (row.kind()) {
      case "gone app" -> change.appGone(new AppId(row.text()));
      case "gone task" -> change.expunged(DocumentCodec.appId(row.other()), new TaskId(row.text()));
      case "gone deployment" -> change.deploymentGone(row.text());
      case "gone launch_delay" -> change.delayGone(new AppId(row.text()));
      case "gone queue_entry" -> change.dequeued(new AppId(row.text()));
      case "gone task_failure" -> change.failureGone(new AppId(row.text()));
      case "gone agent" -> change.agentGone(row.text());
      // A newer node may bury what we don't know.
      default -> {}
    }
  }

  /** Definitions never change, so it does no harm that they are read a moment later. */
  private static void addMissing(Connection connection, World known, WorldChange change)
      throws SQLException {
    Set<WorldChange.Version> missing = change.missing(known);
    if (!missing.isEmpty()) {
      Statements.rows(
              connection,
              DEFINITIONS,
              row -> DocumentCodec.decode(row.getString(1), AppSpec.class),
              Statements.texts(connection, missing, version -> version.app().path()),
              Statements.instants(connection, missing, WorldChange.Version::version))
          .forEach(change::version);
    }
  }

  private static List<Beat> beats(Connection connection, String sql, Object... parameters)
      throws SQLException {
    return Statements.rows(connection, sql, Beat::of, parameters);
  }

  /** Adds the agents of {@code beats}; the mark for the next time. */
  private String agents(Connection connection, List<Beat> beats, WorldChange change)
      throws SQLException {
    List<String> unread = new ArrayList<>();
    String mark = "";
    for (Beat beat : beats) {
      if (beat.name() == null) {
        mark = Long.toString(Long.parseUnsignedLong(beat.written()) & 0xFFFF_FFFFL);
      } else if (document(beat) == null) {
        unread.add(beat.name());
      }
    }
    if (!unread.isEmpty()) {
      readDocuments(connection, unread);
    }
    for (Beat beat : beats) {
      Agent agent = document(beat);
      if (agent != null && beat.at() != null) {
        change.agent(agent.seen(beat.served(), beat.at()));
      }
    }
    return mark;
  }

  private @Nullable Agent document(Beat beat) {
    Document known = beat.name() == null ? null : documents.get(beat.name());
    return known == null || !known.written().equals(beat.written()) ? null : known.agent();
  }

  private void readDocuments(Connection connection, List<String> names) throws SQLException {
    var unused =
        Statements.rows(
            connection,
            DOCUMENTS,
            row ->
                documents.put(
                    row.getString(1),
                    new Document(
                        row.getString(2), DocumentCodec.decode(row.getString(3), Agent.class))),
            Statements.texts(connection, names, name -> name));
  }
}
