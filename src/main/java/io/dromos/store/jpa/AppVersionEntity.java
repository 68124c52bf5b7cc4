package io.dromos.store.jpa;

import io.dromos.app.AppSpec;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.sql.Timestamp;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One definition of an app. */
@Entity
@Table(name = "app_version")
@IdClass(AppVersionEntity.Key.class)
public class AppVersionEntity {
  /** App and version; JPA wants the types of the columns here. */
  public static class Key implements Serializable {
    private static final long serialVersionUID = 1L;

    private @Nullable String appId;
    private @Nullable Timestamp version;

    public Key() {}

    Key(AppSpec spec) {
      this.appId = spec.id().path();
      this.version = Timestamp.from(spec.version());
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Key key
          && Objects.equals(appId, key.appId)
          && Objects.equals(version, key.version);
    }

    @Override
    public int hashCode() {
      return Objects.hash(appId, version);
    }
  }

  @Id
  @Column(name = "app_id")
  private String appId;

  @Id
  @Column(name = "version")
  private Timestamp version;

  @Convert(converter = JsonbConverter.class)
  @Column(name = "document")
  private String document;

  @Column(name = "revision")
  private long revision;

  @Column(name = "removed")
  private boolean removed;

  protected AppVersionEntity() {}

  AppVersionEntity(AppSpec spec, long revision) {
    this.appId = spec.id().path();
    this.version = Timestamp.from(spec.version());
    this.document = DocumentCodec.encode(spec);
    this.revision = revision;
  }
}
