package io.dromos.store.jpa;

import io.dromos.store.StoredEvent;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A line of the event stream. */
@Entity
@Table(name = "event")
public class EventEntity {
  @Id
  @Column(name = "id")
  private long id;

  @Column(name = "type")
  private String type;

  @Convert(converter = InstantConverter.class)
  @Column(name = "at")
  private Instant at;

  @Column(name = "app_id")
  private @Nullable String appId;

  @Column(name = "json")
  private String json;

  protected EventEntity() {}

  EventEntity(long id, StoredEvent event) {
    this.id = id;
    this.type = event.type();
    this.at = event.at();
    this.appId = event.appId();
    // PostgreSQL's text cannot hold NUL; JSON escapes it anyway.
    this.json = event.json().replace('\0', '\uFFFD');
  }

  StoredEvent event() {
    return new StoredEvent(id, type, at, appId, json);
  }
}
