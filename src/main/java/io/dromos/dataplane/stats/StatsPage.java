package io.dromos.dataplane.stats;

import io.dromos.dataplane.stats.StatColumns.Line;
import java.util.List;

/** The statistics as a page for a browser, which fetches itself again every five seconds. */
final class StatsPage {
  /** Column of the statistics and what the page calls it. */
  private static final String[][] SHOWN = {
    {"svname", "Server"},
    {"status", "Status"},
    {"scur", "Open"},
    {"smax", "Most open"},
    {"stot", "Sessions"},
    {"rate", "Sessions/s"},
    {"req_tot", "Requests"},
    {"bin", "Bytes in"},
    {"bout", "Bytes out"},
    {"hrsp_2xx", "2xx"},
    {"hrsp_3xx", "3xx"},
    {"hrsp_4xx", "4xx"},
    {"hrsp_5xx", "5xx"},
    {"dreq", "Denied"},
    {"ereq", "Bad requests"},
    {"econ", "Connect errors"},
    {"eresp", "Answer errors"},
    {"wretr", "Retries"},
    {"rtime", "Answer ms"},
    {"ttime", "Total ms"},
    {"lastsess", "Idle s"},
    {"addr", "Address"}
  };

  private static final String STYLE =
      "body{font:14px system-ui,sans-serif;margin:1.5em;color:#1b1b1f;background:#fff}"
          + "h1{font-size:1.3em}h2{font-size:1em;margin:1.2em 0 .3em}"
          + "table{border-collapse:collapse}td,th{padding:.15em .6em;text-align:right;"
          + "border-bottom:1px solid #ddd;font-variant-numeric:tabular-nums}"
          + "td:first-child,th:first-child,td:nth-child(2),th:nth-child(2){text-align:left}"
          + "tr.total{background:#f1f3f8}tr.DOWN{background:#fde3e1}tr.MAINT{background:#fff1cc}"
          + "p{color:#555}"
          + "@media(prefers-color-scheme:dark){body{color:#e4e4e8;background:#18181b}"
          + "td,th{border-color:#333}tr.total{background:#24262e}tr.DOWN{background:#4a1f1c}"
          + "tr.MAINT{background:#453a17}p{color:#aaa}}";

  private StatsPage() {}

  static String html(List<Line> lines, long version, boolean refresh) {
    StringBuilder page =
        new StringBuilder("<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">");
    if (refresh) {
      page.append("<meta http-equiv=\"refresh\" content=\"5\">");
    }
    page.append("<title>Dromos: statistics</title><style>")
        .append(STYLE)
        .append("</style></head><body><h1>Statistics of the public edge</h1><p>Routes of revision ")
        .append(version)
        .append(
            ". Also as <a href=\"/haproxy?stats;csv\">CSV</a> and for <a"
                + " href=\"/metrics\">Prometheus</a>; the <a"
                + " href=\"/_haproxy_getconfig\">configuration</a> behind it.</p>");
    if (lines.isEmpty()) {
      page.append("<p>This node has no public edge.</p>");
    }
    String proxy = "";
    for (Line line : lines) {
      if (!line.row().proxy().equals(proxy)) {
        page.append(proxy.isEmpty() ? "" : "</tbody></table>");
        proxy = line.row().proxy();
        begin(proxy, page);
      }
      row(line, page);
    }
    return page.append(proxy.isEmpty() ? "" : "</tbody></table>")
        .append("</body></html>")
        .toString();
  }

  private static void begin(String proxy, StringBuilder page) {
    page.append("<h2>").append(escape(proxy)).append("</h2><table><thead><tr>");
    for (String[] column : SHOWN) {
      page.append("<th>").append(column[1]).append("</th>");
    }
    page.append("</tr></thead><tbody>");
  }

  private static void row(Line line, StringBuilder page) {
    String status = line.row().status().get();
    page.append("<tr class=\"")
        .append(StatColumns.isTotal(line) ? "total" : escape(status))
        .append("\">");
    for (String[] column : SHOWN) {
      page.append("<td>").append(escape(StatColumns.value(line, column[0]))).append("</td>");
    }
    page.append("</tr>");
  }

  /** Names come from labels of apps. */
  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
