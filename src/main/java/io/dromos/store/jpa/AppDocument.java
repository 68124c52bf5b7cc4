package io.dromos.store.jpa;

import io.dromos.app.AppId;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Id;
import jakarta.persistence.MappedSuperclass;

/** Something that there is at most once an app, looked up by app alone. */
@MappedSuperclass
public abstract class AppDocument {
  @Id
  @Column(name = "app_id")
  private String appId;

  @Convert(converter = JsonbConverter.class)
  @Column(name = "document")
  private String document;

  protected AppDocument() {}

  AppDocument(AppId app, Object value) {
    this.appId = app.path();
    this.document = DocumentCodec.encode(value);
  }
}
