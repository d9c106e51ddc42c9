namespace HomelabOps;

/// <summary>As what a report is written.</summary>
public enum ReportFormat
{
    /// <summary>One page for people.</summary>
    Html,

    /// <summary>Versioned data for scripts.</summary>
    Json,

    /// <summary>Metrics as the textfile collector of the node exporter reads them.</summary>
    Prometheus,
}
