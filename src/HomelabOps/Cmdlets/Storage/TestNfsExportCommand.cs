using System.Management.Automation;
using HomelabOps.Core.Nfs;

namespace HomelabOps.Cmdlets.Storage;

/// <summary>Asks NFS servers what they export.</summary>
[Cmdlet(VerbsDiagnostic.Test, "NfsExport", HelpUri = HelpPages.Root + "Test-NfsExport.md")]
[OutputType(typeof(NfsExportStatus))]
[RequiresAccess("", "", "")]
public sealed class TestNfsExportCommand : HomelabCmdlet
{
    /// <summary>Servers, by name or address, also with an export: <c>server:/export</c>.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string[] Server { get; set; } = [];

    /// <summary>Absolute paths that each server must export.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Export { get; set; } = [];

    /// <summary>Seconds that a server may take for each step.</summary>
    [Parameter]
    [Alias("TimeoutSec")]
    [ValidateRange(1, 300)]
    public int TimeoutSeconds { get; set; } = 5;

    private protected override void End()
    {
        var query = new NfsExportQuery { Servers = Server, Exports = Export, Timeout = TimeSpan.FromSeconds(TimeoutSeconds) };
        if (Server.Length == 0)
        {
            query = query with { Servers = Sources() };
        }

        Drain(stop => NfsExportReader.ReadAsync(query, stop));
    }

    // With -Export only the servers count, not what else is mounted from them.
    private string[] Sources()
    {
        var config = LoadConfig();
        string[] sources = [.. config.Mounts.Select(mount => mount.Source).OfType<string>()];
        return sources.Length == 0 ? throw Core.Errors.NfsServerUnknown(config.Path)
            : Export.Length == 0 ? sources
            : [.. sources.Select(source => NfsSource.Parse(source) is { } parsed ? (parsed with { Export = null }).ToString() : source)];
    }
}
