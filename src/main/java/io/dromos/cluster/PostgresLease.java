package io.dromos.cluster;

import io.dromos.store.Transactions;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The lease as one row of PostgreSQL. All times are the database's, so the clocks of nodes may
 * disagree. Losing the race costs nothing; writing under a lost lease is refused by {@link
 * #verify}, which holds the row until the leader's transaction ends.
 */
public final class PostgresLease implements Lease {
  /** A leader that is silent this long is replaced. */
  public static final Duration TERM = Duration.ofSeconds(10);

  private static final Logger LOG = System.getLogger(PostgresLease.class.getName());

  /**
   * Ours and fresh enough: no write, so that a busy loop doesn't commit for its lease each turn.
   */
  private static final String STILL_FRESH =
      "select epoch from lease where id = 1 and incarnation = ?"
          + " and expires_at > clock_timestamp() + ? * interval '1 millisecond'";

  /**
   * Who is let in: the holder, anybody after the term, and a node's new process in place of the
   * old.
   */
  private static final String TAKE_OR_RENEW =
      "update lease set"
          + " epoch = case when incarnation = ? then epoch else epoch + 1 end,"
          + " node = ?, api = ?, incarnation = ?,"
          + " expires_at = clock_timestamp() + ? * interval '1 millisecond'"
          + " where id = 1 and (incarnation = ? or expires_at < clock_timestamp() or (? and node = ?))"
          + " returning epoch";

  private final DataSource database;
  private final Transactions transactions;
  private final String node;
  private final String api;
  private final Duration term;
  private final String incarnation = UUID.randomUUID().toString();

  /**
   * True until the first attempt: later, the same name in the row is somebody else with our name.
   */
  private volatile boolean newcomer = true;

  private volatile @Nullable Long held;

  /**
   * @param database takes part in {@code transactions}
   * @param node name of this node
   * @param api {@code host:port} of this node's API, for redirects
   */
  public PostgresLease(DataSource database, Transactions transactions, String node, String api) {
    this(database, transactions, node, api, TERM);
  }

  PostgresLease(
      DataSource database, Transactions transactions, String node, String api, Duration term) {
    this.database = database;
    this.transactions = transactions;
    this.node = node;
    this.api = api;
    this.term = term;
  }

  @Override
  public Optional<Long> acquire() {
    OptionalLong epoch = transactions.inTransaction(this::takeOrRenew);
    newcomer = false;
    note(epoch.isPresent() ? epoch.getAsLong() : null);
    return epoch.isPresent() ? Optional.of(epoch.getAsLong()) : Optional.empty();
  }

  private OptionalLong takeOrRenew() {
    try (Connection connection = database.getConnection()) {
      try (PreparedStatement fresh = connection.prepareStatement(STILL_FRESH)) {
        fresh.setString(1, incarnation);
        fresh.setLong(2, term.toMillis() * 2 / 3);
        OptionalLong epoch = epoch(fresh);
        if (epoch.isPresent()) {
          return epoch;
        }
      }
      try (PreparedStatement take = connection.prepareStatement(TAKE_OR_RENEW)) {
        take.setString(1, incarnation);
        take.setString(2, node);
        take.setString(3, api);
        take.setString(4, incarnation);
        take.setLong(5, term.toMillis());
        take.setString(6, incarnation);
        take.setBoolean(7, newcomer);
        take.setString(8, node);
        return epoch(take);
      }
    } catch (SQLException e) {
      throw new LeaseUnavailableException(e);
    }
  }

  private static OptionalLong epoch(PreparedStatement query) throws SQLException {
    try (ResultSet row = query.executeQuery()) {
      return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
    }
  }

  /** One line when leadership comes or goes. */
  private void note(@Nullable Long epoch) {
    Long before = held;
    held = epoch;
    if (epoch != null && !epoch.equals(before)) {
      LOG.log(Level.INFO, "{0} leads, epoch {1}", node, String.valueOf(epoch));
    } else if (epoch == null && before != null) {
      LOG.log(Level.WARNING, "{0} leads no more, epoch {1} is over", node, String.valueOf(before));
    }
  }

  @Override
  public void release() {
    transactions.run(
        () -> {
          try (Connection connection = database.getConnection();
              PreparedStatement give =
                  connection.prepareStatement(
                      "update lease set node = null, api = null, incarnation = null,"
                          + " expires_at = '-infinity' where id = 1 and incarnation = ?")) {
            give.setString(1, incarnation);
            give.executeUpdate();
          } catch (SQLException e) {
            throw new LeaseUnavailableException(e);
          }
        });
    held = null;
  }

  @Override
  public Optional<Holder> holder() {
    try (Connection connection = database.getConnection();
        PreparedStatement query =
            connection.prepareStatement(
                "select node, api, epoch, expires_at from lease"
                    + " where id = 1 and expires_at > clock_timestamp()");
        ResultSet row = query.executeQuery()) {
      if (!row.next()) {
        return Optional.empty();
      }
      Instant expires = row.getTimestamp(4).toInstant();
      return Optional.of(new Holder(row.getString(1), row.getString(2), row.getLong(3), expires));
    } catch (SQLException e) {
      throw new LeaseUnavailableException(e);
    }
  }

  @Override
  public void verify(long epoch) {
    // A shared lock: whoever wants to take over waits for our commit, and then everything we wrote
    // was written while we led.
    try (Connection connection = database.getConnection();
        PreparedStatement query =
            connection.prepareStatement(
                "select 1 from lease where id = 1 and epoch = ? and incarnation = ? for share")) {
      query.setLong(1, epoch);
      query.setString(2, incarnation);
      try (ResultSet row = query.executeQuery()) {
        if (!row.next()) {
          throw new StaleEpochException(epoch);
        }
      }
    } catch (SQLException e) {
      throw new LeaseUnavailableException(e);
    }
  }

  /** The database did not answer; nobody knows who leads. */
  public static final class LeaseUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LeaseUnavailableException(SQLException cause) {
      super("the lease cannot be read: " + cause.getMessage(), cause);
    }
  }
}
