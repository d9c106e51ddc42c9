using System.Globalization;
using HomelabOps.Core.Replication;

namespace HomelabOps.Core.Backups;

/// <summary>Names of archives, such as <c>sonarr-20261126-154500.tar.gz</c>: the application and the local time.</summary>
internal static class BackupNames
{
    /// <summary>How the checksum beside an archive ends; <c>sha256sum -c</c> reads it.</summary>
    public const string Seal = ".sha256";

    private const string Suffix = ".tar.gz";
    private const string Form = "yyyyMMdd-HHmmss";

    public static string Make(string app, DateTime time) => $"{app}-{time.ToString(Form, CultureInfo.InvariantCulture)}{Suffix}";

    /// <summary>Application and time of a name; null for one that is no archive's.</summary>
    public static (string App, DateTime Time)? Parse(string name)
    {
        if (!name.EndsWith(Suffix, StringComparison.Ordinal) || name.Length < Suffix.Length + Form.Length + 2)
        {
            return null;
        }

        var end = name.Length - Suffix.Length - Form.Length;
        return name[end - 1] == '-' && DateTime.TryParseExact(name.AsSpan(end, Form.Length), Form, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var time)
            ? (name[..(end - 1)], time)
            : null;
    }

    /// <summary>What was typed as a backup: a ReplicationSource by kind and name, else a file.</summary>
    /// <param name="typed">The text.</param>
    /// <param name="full">Makes a path absolute.</param>
    public static HomelabBackup Read(string typed, Func<string, string> full) => typed.StartsWith(ReplicationTypes.SourceKind + "/", StringComparison.OrdinalIgnoreCase)
        ? new() { Path = typed, Kind = BackupKind.Restic }
        : new() { Path = full(typed) };
}
