package io.dromos.health;

/** Where a check connects to. */
public record Endpoint(String address, int port) {}
