using HomelabOps.Core.Backups;
using HomelabOps.Core.Operations.Record;
using HomelabOps.Core.Replication.Syncthing;
using HomelabOps.Core.Streaming;
using HomelabOps.Core.Workloads;

namespace HomelabOps.Core.Operations.Steps;

/// <summary>
/// Moves the old data at home aside, where it is kept, and has the Syncthing there forget it, before it talks to the other side again:
/// what was written at home and never sent would count as a change like any other, and could win over the newer data.
/// </summary>
internal sealed class SetAsideStep : IOperationStep
{
    private const string Marker = ".stfolder";
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(1);

    // Only what is in the folder, as pods have the folder itself mounted. What was begun is gone on with.
    private const string Moving = """
        cd "/host$1" && [ -d "$2" ] || exit 44
        [ -e "$4" ] && exit 0
        if [ ! -e "$3" ]; then mkdir "$3" && chmod "$(stat -c %a "$2")" "$3" && chown "$(stat -c %u:%g "$2")" "$3" || exit 1; fi
        find "$2" -mindepth 1 -maxdepth 1 ! -name "$5" -exec mv {} "$3/" \;
        [ -z "$(find "$2" -mindepth 1 -maxdepth 1 ! -name "$5")" ] && mv "$3" "$4"
        """;

    // What has come since ought to be a copy of what the other side has; it is thrown away when the old data is back whole.
    private const string MovingBack = """
        cd "/host$1" && [ -d "$2" ] || exit 44
        if [ -e "$4" ]; then
          mkdir -p "$4.new" && find "$2" -mindepth 1 -maxdepth 1 ! -name "$5" -exec mv {} "$4.new/" \; || exit 1
          [ -z "$(find "$2" -mindepth 1 -maxdepth 1 ! -name "$5")" ] && mv "$4" "$3" || exit 1
        fi
        [ -e "$3" ] || exit 0
        find "$3" -mindepth 1 -maxdepth 1 -exec mv {} "$2/" \;
        rmdir "$3" && rm -rf "$4.new"
        """;

    /// <summary>Its name.</summary>
    public const string StepName = "SetAside";

    public string Name => StepName;

    public StepRepetition Repetition => StepRepetition.Never;

    public async Task<string> RunAsync(OperationContext context, CancellationToken cancellationToken)
    {
        var moved = await EachAsync(context, Moving, onlyApart: true, cancellationToken);
        foreach (var (app, path) in moved.Where(item => !item.App.Protected.Contains(item.Path, StringComparer.Ordinal)))
        {
            app.Protected.Add(path);
        }

        return moved.Count == 0 ? Errors.Text("Detail_StepSetAsideNone") : Errors.Text("Detail_StepProtected", string.Join(", ", moved.Select(item => item.Path)), context.Record.To);
    }

    /// <summary>Puts the old data back, once nothing talks to the Syncthing any more.</summary>
    public static async Task UndoAsync(OperationContext context, CancellationToken cancellationToken)
    {
        foreach (var (app, path) in await EachAsync(context, MovingBack, onlyApart: false, cancellationToken))
        {
            app.Protected.Remove(path);
        }
    }

    private static async Task<List<(OperationApp App, string Path)>> EachAsync(OperationContext context, string script, bool onlyApart, CancellationToken cancellationToken)
    {
        var (options, record) = (context.Options, context.Record);
        var moved = new List<(OperationApp, string)>();
        foreach (var app in record.Apps.Where(app => app.Replaced.Count > 0))
        {
            await CheckUnusedAsync(context, app, cancellationToken);
            var sources = await SourcesAsync(context, app, cancellationToken);
            await OfSyncthingsAsync(options, sources, _ => Task.CompletedTask, cancellationToken);

            // What the two tell each other already is not of before. One that does not say so may well do it.
            var found = await AnswersAsync(options, sources, apart: !onlyApart, cancellationToken);
            if (onlyApart && found.Exists(status => status.Connected))
            {
                context.Tell(new WarningNotice(Errors.Text("FailbackConnected", app, record.To)));
                app.Replaced.Clear();
                continue;
            }

            await OfSyncthingsAsync(options, sources, reset => reset.SetPausedAsync(paused: true, cancellationToken), cancellationToken);
            await OperationFolders.RunAsync(context, [.. app.Replaced.Select(path => (app, path))], script, AsideNames.Part, [Marker], (of, path) => moved.Add((of, path)), cancellationToken);
            await OfSyncthingsAsync(options, sources, reset => reset.DropAsync(cancellationToken), cancellationToken);
            await OfSyncthingsAsync(options, sources, reset => reset.SetPausedAsync(paused: false, cancellationToken), cancellationToken);
        }

        return moved;
    }

    // Whoever has brought the application here meanwhile writes into what would be moved away.
    private static async Task CheckUnusedAsync(OperationContext context, OperationApp app, CancellationToken cancellationToken)
    {
        var (options, record, claims) = (context.Options, context.Record, app.Claims.Values.ToHashSet(StringComparer.Ordinal));
        var user = await WorkloadReader.FindAsync(options.Client, context.Reference(app), cancellationToken) is { } workload && workload.Claims.Any(claims.Contains) ? $"{context.Reference(app)}" : null;
        user ??= await TargetPods.FindUserAsync(options, record, app.Namespace, claims, cancellationToken);
        if (user is not null)
        {
            throw Errors.FolderInUse(string.Join(", ", app.Replaced), record.To, user);
        }
    }

    // VolSync takes its time to part them; what is put back before would be sent to the other side.
    private static async Task<List<SyncthingStatus>> AnswersAsync(FailoverOptions options, List<ResourceReference> sources, bool apart, CancellationToken cancellationToken)
    {
        for (var end = DateTime.UtcNow + options.Timeout; ;)
        {
            var found = await OperationSyncthings.ReadAsync(options, sources, cancellationToken);
            if (sources.TrueForAll(source => found.Exists(status => status.Reference == source && status.NeedBytes is not null)) && !(apart && found.Exists(status => status.Connected)))
            {
                return found;
            }

            if (DateTime.UtcNow > end)
            {
                throw Errors.SyncthingNotApart(string.Join(", ", sources), options.Timeout, string.Join(' ', found.Select(status => status.Message).Where(said => said.Length > 0)));
            }

            await Task.Delay(Glance, cancellationToken);
        }
    }

    private static async Task<List<ResourceReference>> SourcesAsync(OperationContext context, OperationApp app, CancellationToken cancellationToken)
    {
        var claims = app.Claims.Values.ToHashSet(StringComparer.Ordinal);
        return [.. (await OperationWriters.ReadAllAsync(context, cancellationToken))
            .Where(replication => replication.Namespace == app.Namespace && replication.Method == "syncthing" && claims.Contains(replication.SourcePvc)).Select(replication => replication.Reference)];
    }

    private static async Task OfSyncthingsAsync(FailoverOptions options, List<ResourceReference> sources, Func<SyncthingReset, Task> act, CancellationToken cancellationToken)
    {
        foreach (var source in sources)
        {
            using var api = await OpenAsync(options, source, cancellationToken);
            await act(new(api));
        }
    }

    // On a node that was given up it starts only now.
    private static async Task<SyncthingApi> OpenAsync(FailoverOptions options, ResourceReference source, CancellationToken cancellationToken)
    {
        for (var end = DateTime.UtcNow + options.Timeout; ;)
        {
            try
            {
                return await SyncthingApi.OpenAsync(options.Client, source, options.Config, cancellationToken);
            }
            catch (HomelabException error) when (error.Id == nameof(Errors.SyncthingNotRunning) && DateTime.UtcNow < end)
            {
                await Task.Delay(Glance, cancellationToken);
            }
        }
    }
}
