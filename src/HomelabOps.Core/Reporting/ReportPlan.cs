using HomelabOps.Core.Machine;
using HomelabOps.Core.Reporting.Html;
using HomelabOps.Core.Reporting.Json;
using HomelabOps.Core.Reporting.Prometheus;

namespace HomelabOps.Core.Reporting;

/// <summary>Which files a report is written to.</summary>
internal sealed class ReportPlan
{
    /// <summary>What a file is called where only its folder is named.</summary>
    public const string UsualName = "homelab-report";

    private static readonly Dictionary<ReportFormat, string> Endings = new()
    {
        [ReportFormat.Html] = ".html",
        [ReportFormat.Json] = ".json",
        [ReportFormat.Prometheus] = ".prom",
    };

    private ReportPlan(IReadOnlyList<(ReportFormat Format, string Path)> files) => Files = files;

    /// <summary>The files, as absolute paths.</summary>
    public IReadOnlyList<(ReportFormat Format, string Path)> Files { get; }

    /// <summary>Works the files out.</summary>
    /// <param name="path">A file, or a folder that is there or ends in a separator.</param>
    /// <param name="formats">Formats; empty for what the file's ending says, else a page.</param>
    /// <exception cref="HomelabException">ReportPathUnfit.</exception>
    public static ReportPlan Of(string path, IReadOnlyList<ReportFormat> formats)
    {
        // A file of that name could be made, and would be found by every pattern afterwards.
        if (ResourcePattern.HasWildcard(Path.GetFileName(path)))
        {
            throw Errors.ReportPathUnfit(path);
        }

        var full = Path.GetFullPath(path);
        var isFolder = Directory.Exists(full) || Path.EndsInDirectorySeparator(full);
        var wanted = formats.Count > 0 ? [.. formats.Distinct()] : new List<ReportFormat> { isFolder ? ReportFormat.Html : FormatOf(full) };
        return new([.. wanted.Select(format => (format, isFolder ? Path.Combine(full, UsualName + Endings[format]) : wanted.Count == 1 ? full : Path.ChangeExtension(full, Endings[format])))]);
    }

    /// <summary>Fails where a file could not be written, before any work is done for it.</summary>
    /// <param name="keep">What is there may not be replaced.</param>
    /// <exception cref="HomelabException">ReportExists, ReportUnwritable.</exception>
    public void Check(bool keep)
    {
        foreach (var (_, path) in Files)
        {
            Guard(path, keep, () => WholeFile.Try(path));
        }
    }

    /// <summary>Writes the report, each file whole or not at all.</summary>
    /// <param name="report">What it tells.</param>
    /// <param name="keep">What is there may not be replaced.</param>
    /// <exception cref="HomelabException">ReportExists, ReportUnwritable.</exception>
    public IEnumerable<FileInfo> Write(HomelabReport report, bool keep)
    {
        foreach (var (format, path) in Files)
        {
            Guard(path, keep, () => WholeFile.Write(path, Render(report, format), ReadersOf(format), !keep));
            yield return new FileInfo(path);
        }
    }

    /// <summary>The text of a report.</summary>
    public static string Render(HomelabReport report, ReportFormat format) => format switch
    {
        ReportFormat.Json => JsonReport.Render(report),
        ReportFormat.Prometheus => PrometheusReport.Render(report),
        _ => HtmlReport.Render(report),
    };

    // The collector of metrics is somebody else. The others have lines of logs, and names that not everybody need know.
    private static FileReaders ReadersOf(ReportFormat format) => format == ReportFormat.Prometheus ? FileReaders.Everyone : FileReaders.AsBefore;

    private static ReportFormat FormatOf(string path) => Endings.FirstOrDefault(pair => pair.Value.Equals(Path.GetExtension(path), StringComparison.OrdinalIgnoreCase)).Key;

    private static void Guard(string path, bool keep, Action work)
    {
        if (keep && File.Exists(path))
        {
            throw Errors.ReportExists(path);
        }

        try
        {
            work();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Errors.ReportUnwritable(path, error);
        }
    }
}
