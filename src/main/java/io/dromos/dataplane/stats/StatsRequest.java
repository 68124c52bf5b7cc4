package io.dromos.dataplane.stats;

/**
 * What somebody asks the statistics.
 *
 * @param path without the query
 * @param query after the question mark, empty where there is none
 * @param host the Host header, empty without one
 */
record StatsRequest(String method, String path, String query, String host) {}
