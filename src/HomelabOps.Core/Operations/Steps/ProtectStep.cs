using HomelabOps.Core.Backups;
using HomelabOps.Core.Operations.Record;

namespace HomelabOps.Core.Operations.Steps;

/// <summary>Keeps the data of the target as it is now beside itself, where Get-HomelabBackup finds it: the application will write into it from now on.</summary>
internal sealed class ProtectStep : IOperationStep
{
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

        await OperationFolders.RunAsync(context, [.. record.Apps.SelectMany(app => app.Paths.Select(path => (app, path)))], Copying, AsideNames.Stage, [], Add, cancellationToken);
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
