using HomelabOps.Core.Backups;
using HomelabOps.Core.Operations.Record;

namespace HomelabOps.Core.Operations.Steps;

/// <summary>Keeps the data of the target as it is now beside itself, where Get-HomelabBackup finds it: the application will write into it from now on.</summary>
internal sealed class ProtectStep : IOperationStep
{
    private const int NoFolder = 44;

    // Blocks are shared where the file system can do that. What was begun and not ended is begun anew, and what is there whole stays.
    private const string Copying = """
        cd "/host$1" || exit 44
        [ -d "$2" ] || exit 44
        [ -e "$4" ] && exit 0
        rm -rf "$3"
        cp -a --reflink=auto "$2" "$3" 2>/dev/null || { rm -rf "$3"; cp -a "$2" "$3"; } || exit 1
        mv "$3" "$4"
        """;

    public string Name => "Protect";

    public StepRepetition Repetition => StepRepetition.Never;

    public async Task<string> RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        var record = context.Record;
        if (record.Apps.TrueForAll(app => app.Paths.Count == 0))
        {
            return Errors.Text("Detail_StepProtectNone");
        }

        var probe = context.Options.Probe with { Writable = true, Timeout = context.Options.CopyTimeout };
        await NodeWork.RunAsync<object>(context.Options.Client, record.To, probe, async (pod, stop) =>
        {
            foreach (var app in record.Apps)
            {
                foreach (var path in app.Paths)
                {
                    var place = new BackupPlace(record.To, path);
                    var aside = AsideNames.Aside(place.Folder, record.Started.LocalDateTime);
                    string[] command = ["sh", "-c", Copying.Replace("\r", "", StringComparison.Ordinal), "probe", place.Parent, place.Folder, AsideNames.Stage(place.Folder, record.Started.LocalDateTime), aside];
                    var (code, _, error) = await NodeWork.CommandAsync(context.Options.Client, pod, command, null, stop);
                    if (code != 0)
                    {
                        throw Errors.ProtectFailed(app.ToString(), path, record.To, code == NoFolder ? Errors.Text("Detail_NoFolder") : error.Trim());
                    }

                    Add(app, $"{place.Parent}/{aside}");
                }
            }

            return pod;
        }, cancellationToken);
        return Errors.Text("Detail_StepProtected", string.Join(", ", record.Apps.SelectMany(app => app.Protected)), record.To);
    }

    private static void Add(OperationApp app, string path)
    {
        if (!app.Protected.Contains(path, StringComparer.Ordinal))
        {
            app.Protected.Add(path);
        }
    }
}
